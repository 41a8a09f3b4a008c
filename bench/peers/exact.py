"""The naive rule: a place is in the list when an entry of its unit has its very name, once both are cleaned."""

from __future__ import annotations

from bench.peers.cleaning import Cleaned
from bench.peers.task import Answers, Task, matched


def answer(task: Task) -> Answers:
    """Look each name up among the entries of the record's unit, or of the whole list where it names none."""
    both = Cleaned.of(task)
    entries: dict[tuple[str | None, str], str] = {}
    for row, names in enumerate(both.official.names):
        for path in (None, *filter(None, both.official.paths[row])):
            for name in names:
                entries.setdefault((path, name), both.official.ids[row])
    best: list[tuple[str | None, float]] = []
    for record, names in enumerate(both.citizen.names):
        path, _ = both.block(record)
        found = next((entries[path, name] for name in names if (path, name) in entries), None)
        best.append((found, float(found is not None)))
    return matched(best, least=0.5)
