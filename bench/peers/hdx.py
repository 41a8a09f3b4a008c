"""The admin matcher of hdx-python-country, which asks for the P-code of a name in a country, within its parent unit.

It answers with a code or with none. Entries stand in for its units of a level, the units of the list for their parents.
"""

from __future__ import annotations

from hdx.location.adminlevel import AdminLevel

from bench.peers.cleaning import Cleaned, cleaned
from bench.peers.task import Answers, Task, matched

_WORLD = "XXX"  # one country for all: the path of units tells countries apart
_NOWHERE = "none"


def answer(task: Task) -> Answers:
    """Ask for each name within the finest unit that the record names and the list knows."""
    both = Cleaned.of(task)
    entries = {entry.upper(): entry for entry in both.official.ids}  # it writes every code in capitals
    levels = [_level(both, at) for at in range(both.levels)]
    whole = _level(both, None)
    best: list[tuple[str | None, float]] = []
    for record in range(len(both.citizen.ids)):
        path, _ = both.block(record)
        level = whole if path is None else levels[both.citizen.paths[record].index(path)]
        codes = (_code(level, name, path) for name in both.citizen.names[record])
        code = next(filter(None, codes), None)
        best.append((None if code is None else entries[code], float(code is not None)))
    return matched(best, least=0.5)


def _level(both: Cleaned, at: int | None) -> AdminLevel:
    """Return a matcher whose parents are the units of one level, or without parents."""
    rows = [
        {"Location": _WORLD, "P-Code": entry, "Name": name}
        | ({} if at is None else {"Parent P-Code": paths[at] or _NOWHERE})
        for entry, names, paths in zip(both.official.ids, both.official.names, both.official.paths, strict=True)
        for name in names
    ]
    level = AdminLevel()
    level.setup_from_iterable(rows)
    return level


def _code(level: AdminLevel, name: str, parent: str | None) -> str | None:
    code: str | None = level.get_pcode(_WORLD, cleaned(name), parent=parent)[0]
    return code
