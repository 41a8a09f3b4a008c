"""Recoding: the same place under a new code, e.g. when a province is put under another region.

The publisher's own correspondence decides where the later list gives it. Else a place is recognised by the same name at
the same point, in units of the same names, or made of the same parts; where several fit, by most such units; and where
that leaves a tie, not at all: a loss and an addition that people see are better than two places taken for one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from geodata.distance import haversine_m
from geodata.index.entries import entries_of
from geodata.names.folding import fold
from geodata.places import Places
from matchers.memory.decisions import key_of

#: Headers under which publishers say which code an entry had before.
CORRESPONDENCE = frozenset(
    {"correspondence code", "former code", "former id", "old code", "old id", "previous code", "previous id"}
)
_SAME_POINT_M = 250.0  # coordinates are often rounded anew with a release

Some = tuple[Places, Sequence[int]]  # rows of a list


def recoded(gone: Some, come: Some) -> dict[int, int]:
    """Return for rows that went from a list the row of the later one that is the same place under a new code."""
    found = _published(gone, come)
    taken = set(found.values())
    left = (gone[0], [row for row in gone[1] if row not in found])
    found |= _recognised(left, (come[0], [row for row in come[1] if row not in taken]), Counter())
    taken = set(found.values())
    left = (gone[0], [row for row in gone[1] if row not in found])
    return found | _recognised(
        left, (come[0], [row for row in come[1] if row not in taken]), _wholes(gone, come, found)
    )


def _wholes(gone: Some, come: Some, found: Mapping[int, int]) -> Counter[tuple[int, int]]:
    """Return how many recoded parts each pair of units above them has in common."""
    row_of = [{row_id: row for row, row_id in enumerate(places.ids)} for places in (gone[0], come[0])]
    above = [places.texts("parent") for places in (gone[0], come[0])]
    pairs = ((row_of[0].get(above[0][old] or ""), row_of[1].get(above[1][new] or "")) for old, new in found.items())
    return Counter((old, new) for old, new in pairs if old is not None and new is not None)


def _published(gone: Some, come: Some) -> dict[int, int]:
    """Return what the publisher's correspondence says, where it names one entry for one."""
    row_of = {gone[0].ids[row]: row for row in gone[1]}
    new = set(come[1])
    said = [
        (row_of[entry.text.strip()], entry.row)
        for entry in entries_of(come[0].column("attributes"))
        if entry.row in new and entry.header in CORRESPONDENCE and entry.text and entry.text.strip() in row_of
    ]
    return _one_to_one(Counter(said))


class _Seen(NamedTuple):
    """What an entry is recognised by."""

    name: str
    kind: str | None
    point: tuple[float, float]
    units: frozenset[str]


def _recognised(gone: Some, come: Some, parts: Counter[tuple[int, int]]) -> dict[int, int]:
    """Return the pairs of one name and kind that lie alike, or (in a second round) are made of the same `parts`."""
    old, new = _seen(gone), _seen(come)
    called: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row, seen in new.items():
        if seen.name:
            called[seen.name, seen.kind].append(row)
    likeness: Counter[tuple[int, int]] = Counter()
    for row, seen in old.items():
        for other in called.get((seen.name, seen.kind), ()):
            if shared := _shared(seen, new[other]) + parts[row, other]:
                likeness[row, other] = shared
    return _one_to_one(likeness)


def _shared(one: _Seen, other: _Seen) -> int:
    """Return how much speaks for one place: 0 nothing, 1 the same point, and one for each unit of the same name."""
    apart = float(haversine_m(*(np.array([degrees]) for degrees in (*one.point, *other.point)))[0])
    if apart > _SAME_POINT_M:
        return 0
    return int(np.isfinite(apart)) + len(one.units & other.units)


def _one_to_one(likeness: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Return the pairs that are each other's best; a tie on either side decides nothing."""
    best = (_best(likeness, 0), _best(likeness, 1))
    return {old: new for old, new in best[0].items() if best[1].get(new) == old}


def _best(likeness: Mapping[tuple[int, int], int], side: int) -> dict[int, int]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair, shared in likeness.items():
        found[pair[side]].append((shared, pair[1 - side]))
    most = {row: max(shared for shared, _ in others) for row, others in found.items()}
    top = {row: [other for shared, other in others if shared == most[row]] for row, others in found.items()}
    return {row: others[0] for row, others in top.items() if len(others) == 1}


def _seen(some: Some) -> dict[int, _Seen]:
    places, rows = some
    name_of = {row_id: name for row_id, name in zip(places.ids, places.primary_names, strict=True) if name}
    taken: list[dict[str, Any]] = places.take(list(rows)).table.to_pylist()
    return {row: _of(entry, name_of) for row, entry in zip(rows, taken, strict=True)}


def _of(entry: Mapping[str, Any], name_of: Mapping[str, str]) -> _Seen:
    # A unit may be written as its code, which was recoded too: it is known by its name where the list tells it.
    units = {f"{fold(level)}={fold(name_of.get(unit, unit))}" for level, unit in entry["admin"] or () if unit}
    parent = entry["parent"]
    if parent:
        units.add(f"parent={fold(name_of.get(parent, parent))}")
    nan = float("nan")
    lat, lon = (nan if entry[name] is None else entry[name] for name in ("lat", "lon"))
    name = entry["names"][0]["text"] if entry["names"] else ""
    return _Seen(key_of(name), fold(entry["kind"] or entry["level"] or "") or None, (lat, lon), frozenset(units))
