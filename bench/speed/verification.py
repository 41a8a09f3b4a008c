"""Full verification of 100,000 records against a list of a million places, beside Splink 5 on the very same pairs.

Ours searches, weighs every feature, lets records compete, and gives probabilities and verdicts; Splink is handed the
pairs that ours found and only predicts. A last row shows Splink finding pairs by itself. Run: python -m bench speed
"""

from __future__ import annotations

from bench.speed import kept
from bench.speed.contest import PEERS, Entrant, Rounds, contest
from bench.speed.flat import flat_list, flat_records
from bench.table import Table

RECORDS = 100_000
ROUNDS = 3
OURS = "Uncounted, search to verdict"
SPLINK = {
    "Splink predict, same pairs, first names": "first",
    "Splink predict, same pairs, every name": "all",
    "Splink predict, its own blocking (cells, same name)": "own",
}
COLUMNS = (
    "system",
    "seconds",
    "on the CPU",
    "pairs",
    "million pairs a second",
    "µs CPU a record",
    "Uncounted is faster by",
    "ready in s",
    "peak MiB",
)


def run(records: int = RECORDS, places: int = kept.MILLION) -> list[Table]:
    """Hold the contest."""
    pairs = kept.FOLDER / f"pairs-{records}-of-{places}.parquet"
    files = (str(flat_records(records, places)), str(flat_list(places)), str(pairs))
    ours = Entrant(OURS, "bench.speed.ours", (str(records), str(places), str(pairs)))
    peers = [Entrant(title, "bench.speed.splink", (how, *files), PEERS) for title, how in SPLINK.items()]
    duels = [(peer.title, duel) for peer, duel in contest(ours, peers, ROUNDS)]
    first = duels[0][1].home
    rows = [_row(OURS, first, records, 1.0), *(_row(title, duel.guest, records, duel.times) for title, duel in duels)]
    verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in first.told["verdicts"].items())
    said = f"{first.told['right']:.1%} of the listed have their entry as first choice; {verdicts}"
    title = f"{records:,} records fully verified against {places:,} places, index ready ({said})"
    return [Table("verification", title, COLUMNS, tuple(rows))]


def _row(title: str, one: Rounds, records: int, times: float) -> tuple[str, ...]:
    return (
        title,
        f"{one.median_s:.2f}",
        f"{one.median_cpu_s:.2f}",
        f"{one.told['pairs']:,}",
        f"{one.told['pairs'] / one.median_s / 1e6:.2f}",
        f"{one.median_cpu_s / records * 1e6:.1f}",
        f"{times:.1f}",
        f"{one.ready_s:.1f}",
        f"{one.peak_mib:,.0f}",
    )
