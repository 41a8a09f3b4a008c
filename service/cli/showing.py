"""What the demo prints: a readable table of each sample, its measured error, and where everything is served."""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.text import Text

from service.callers.caller import Role
from service.cli import terminal
from service.demo import Loaded, Measured, measure
from service.store.values import Record

#: A table longer than this is read by nobody; the rest is served.
LONGEST = 24


def sample(loaded: Loaded) -> None:
    """Print what was found in one sample, and where truth is known how often it was right."""
    shown = _worth_showing(loaded.records)
    columns = ("community", "verdict", "p absent", "best official candidate")
    terminal.entries(loaded.sample.title, columns, map(_row, shown))
    tally = Counter(record.verdict or "pending" for record in loaded.records)
    found = ", ".join(f"{number:,} {verdict}" for verdict, number in tally.most_common())
    more = f" (the table shows {len(shown)})" if len(shown) < len(loaded.records) else ""
    terminal.out.print(f"{len(loaded.records):,} records{more}: {found}.")
    if loaded.sample.truth:
        terminal.out.print(_sentence(measure(loaded)))
    if not loaded.changed:
        terminal.out.print("Nothing new: this sample was loaded before.")
    terminal.out.print()


def addresses(port: int, keys: dict[Role, str]) -> None:
    """Print where everything is served, and one key per role."""
    base = f"http://127.0.0.1:{port}"
    terminal.pairs(
        "Served here (Ctrl-C stops it)",
        {
            "first page": f"{base}/",
            "API reference": f"{base}/docs",
            "published flags": f"{base}/v1/flags?f=geojson",
        },
    )
    terminal.pairs("Keys, sent as Authorization: Bearer KEY", {role.value: key for role, key in keys.items()})


def _row(record: Record) -> tuple[tuple[str | Text, ...], str]:
    primary = record.findings[0] if record.findings else None
    candidate = f"{primary.official_name} ({primary.p_match:.2f})" if primary and primary.official_name else None
    cells = (
        record.account.names[0].text,
        terminal.verdict(record.verdict),
        terminal.probability(record.p_absent),
        candidate or terminal.NOTHING,
    )
    return cells, primary.reason if primary else "No official list here concerns this record."


def _worth_showing(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return all of a small sample; of a large one a few of each outcome, so that each kind is seen."""
    if len(records) <= LONGEST:
        return records
    outcomes: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        outcomes[record.verdict or "", record.findings[0].subtype or "" if record.findings else ""].append(record)
    each = max(1, LONGEST // (2 * len(outcomes)))
    return tuple(record for _, alike in sorted(outcomes.items()) for record in alike[:each])


def _sentence(measured: Measured) -> str:
    share = {name: terminal.probability(getattr(measured, name)) for name in ("precision", "recall")}
    return (
        f"Held against known truth, for 'this list does not name the place', said or left to a person to confirm: "
        f"precision {share['precision']} ({measured.right} of {measured.flagged} right), "
        f"recall {share['recall']} ({measured.right} of {measured.hidden} found). "
        f"Ranked by probability of absence: average precision {measured.ranking:.3f}. "
        f"Right entry as best candidate: {measured.linked} of {measured.listed} listed places."
    )
