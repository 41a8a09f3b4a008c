"""How communities are divided into strata: by what they are, and by the administrative unit they lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from geodata.index.entries import entries_of
from geodata.names.folding import fold
from matchers.communities.accounts import codes
from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.linking import Linked
from matchers.records import Records

#: Words that ask for the coarsest administrative unit that all lists name, and for the kind of place.
ADMIN, KIND = "admin", "kind"
_UNKNOWN = "not known"


def divided(lists: Sequence[str], on: NDArray[np.bool_], strata: Sequence[str]) -> dict[str, Histories]:
    """Return the histories of each stratum, by name; `strata` names that of each community."""
    code = codes(strata)
    return {
        strata[first]: Histories.seen(lists, on[code == code[first]])
        for first in sorted(np.unique(code, return_index=True)[1].tolist(), key=lambda row: strata[row])
    }


def strata_of(linked: Linked, by: Sequence[str]) -> list[str]:
    """Return the stratum of each community: what the first list that says it says of `by`, in the order of `by`.

    `by` holds "kind", "admin", or the name of a level. Raises `Impossible` for a level that no list names.
    """
    said = [_kinds(linked) if word == KIND else _units(linked, word) for word in by]
    count = int(linked.community.max(initial=-1)) + 1
    return [" · ".join(column.get(community, _UNKNOWN) for column in said) for community in range(count)]


def _kinds(linked: Linked) -> dict[int, str]:
    return _first(linked, enumerate(Records.of(linked.places).kinds))


def _units(linked: Linked, word: str) -> dict[int, str]:
    units: dict[str, dict[int, str]] = defaultdict(dict)
    for row, level, text in entries_of(linked.places.column("admin")):
        if text and level != "country":
            units[level][row] = text
    level = _coarsest(linked, units) if word == ADMIN else fold(word)
    if level not in units:
        message = f"no list has the administrative level {word}"
        raise Impossible(message, f"the levels named are {', '.join(sorted(units)) or 'none'}")
    return _first(linked, ((row, units[level].get(row)) for row in range(len(linked.places))))


def _coarsest(linked: Linked, units: Mapping[str, Mapping[int, str]]) -> str:
    """Return the level with the fewest units among those that all lists name."""
    shared = [
        level for level, texts in units.items() if len({int(linked.of_list[row]) for row in texts}) == len(linked.lists)
    ]
    if not shared:
        message = "no administrative level is named by all lists"
        raise Impossible(message, f"name one of {', '.join(sorted(units)) or 'none'} as the level to divide by")
    return min(shared, key=lambda level: (len(set(map(fold, units[level].values()))), level))


def _first(linked: Linked, said: Iterable[tuple[int, str | None]]) -> dict[int, str]:
    """Return what is said of each community by its first row that says it; one spelling for all that fold alike."""
    spelling: dict[str, str] = {}
    found: dict[int, str] = {}
    for row, text in said:
        if text:
            found.setdefault(int(linked.community[row]), spelling.setdefault(fold(text), text))
    return found
