"""Whether the parts of a unit add up to it within one list: where they do not, no coverage is to blame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from geodata.coverage import Completeness
from geodata.index import PlaceIndex
from geodata.names.folding import fold
from matchers.base import OfficialList
from matchers.counting.disclosed import mechanism_of

_SHARE = 0.01  # of the whole, by which parts may miss it
_LEAST = 2.0  # persons

_known: WeakKeyDictionary[PlaceIndex, dict[str, str]] = WeakKeyDictionary()

Key = tuple[str, str, Any]  # unit, group, date of a count


def mismatches(official: OfficialList) -> dict[str, str]:
    """Return the entries whose parts do not add up to them, and those parts, each by id with a clause that says so.

    Worked out once for a list. Parts that fall short of their whole are wrong only in a list that names all of them.
    """
    if official.index not in _known:
        _known[official.index] = dict(_found(official))
    return _known[official.index]


def _found(official: OfficialList) -> Iterator[tuple[str, str]]:
    places = official.index.places
    parents = places.texts("parent")
    if not any(parents):
        return
    children: dict[str, list[int]] = defaultdict(list)
    for row, parent in enumerate(parents):
        if parent:
            children[fold(parent)].append(row)
    counts = places.column("counts").to_pylist()
    by_id, by_name = (_by_key(texts, children) for texts in (places.ids, places.primary_names))
    for parent, rows in children.items():
        whole = _whole(by_id.get(parent) or by_name.get(parent) or (), set(rows))
        if whole is None:
            continue
        said = _mismatch(official, counts[whole], [counts[row] for row in rows])
        if said:
            name = places.primary_names[whole]
            for row in (whole, *rows):
                yield places.ids[row], f"the parts of “{name}” add up to {said} in this list"


def _by_key(texts: Sequence[str], wanted: Collection[str]) -> dict[str, list[int]]:
    """Return the rows of the texts that are wanted, by their folded form."""
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        if (key := fold(text)) in wanted:
            rows.setdefault(key, []).append(row)
    return rows


def _whole(named: Sequence[int], parts: set[int]) -> int | None:
    """Return the one entry of those that go by the name of a unit that is none of its parts; None for several."""
    found = [row for row in named if row not in parts]
    return found[0] if len(found) == 1 else None


def _mismatch(official: OfficialList, whole: Any, parts: list[Any]) -> str | None:
    numbers = _numbers(whole)
    of_parts = [_numbers(part) for part in parts]
    exhaustive = official.coverage.completeness in {Completeness.EXHAUSTIVE, Completeness.REGISTER}
    declared = official.coverage.counts
    noise = mechanism_of(declared.disclosure).sd if declared else 0.0
    for key, total in numbers.items():
        if not all(key in part for part in of_parts):
            continue  # one of them is withheld, or of another day
        added = sum(part[key] for part in of_parts)
        most = max(_SHARE * total, _LEAST, 3 * noise * (len(parts) + 1) ** 0.5)
        if added - total > most or (exhaustive and total - added > most):
            return f"{added:,.0f} where it counts {total:,.0f} {key[0]}"
    return None


def _numbers(counts: Any) -> dict[Key, float]:
    return {
        (fold(count["unit"] or "persons"), fold(count["group"] or ""), count["date"]): float(count["value"])
        for count in counts or ()
        if count["value"] is not None
    }
