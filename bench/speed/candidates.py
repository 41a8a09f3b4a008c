"""The best five entries of each record by name and nearness, found by compiled code, DuckDB and recordlinkage.

All three rank by three quarters of the names' likeness and one quarter of nearness within the record's own radius, on
the same cleaned names. recordlinkage is asked about fewer records and places. Run: python -m bench speed
"""

from __future__ import annotations

from bench.speed import kept
from bench.speed.contest import PEERS, Duel, Entrant, Rounds, contest
from bench.speed.flat import flat_list, flat_records
from bench.table import Table

RECORDS = 100_000
FEWER, EVERY = 5_000, 10  # what recordlinkage is asked: these records, each tenth place
ROUNDS = 5
OURS = "Uncounted's candidate kernel"
COLUMNS = (
    "records by places",
    "system",
    "seconds",
    "on the CPU",
    "records a second",
    "found",
    "the kernel is faster by",
)


def run() -> list[Table]:
    """Hold both contests."""
    rows: list[tuple[str, ...]] = []
    for title, module, every, first in (
        ("DuckDB, one SQL statement", "bench.speed.duckdb", 1, RECORDS),
        ("recordlinkage, one cell of 0.2°", "bench.speed.recordlinkage", EVERY, FEWER),
    ):
        given = (str(flat_records(RECORDS)), str(flat_list()), str(every), str(first))
        home, guest = Entrant(OURS, "bench.speed.walked", given), Entrant(title, module, given, PEERS)
        for _, duel in contest(home, [guest], ROUNDS):
            rows += _rows(f"{first:,} by {kept.MILLION // every:,}", title, duel)
    return [Table("candidates", "The best five entries of each record by name and nearness", COLUMNS, tuple(rows))]


def _rows(size: str, title: str, duel: Duel) -> tuple[tuple[str, ...], ...]:
    return _row(size, OURS, duel.home, 1.0), _row(size, title, duel.guest, duel.times)


def _row(size: str, title: str, one: Rounds, times: float) -> tuple[str, ...]:
    seconds = f"{one.median_s:.3f}", f"{one.median_cpu_s:.3f}"
    return (
        size,
        title,
        *seconds,
        f"{one.told['records'] / one.median_s:,.0f}",
        f"{one.told['found']:,}",
        f"{times:.1f}",
    )
