"""From the candidates of records to those that may matter, in one pass of compiled code: nothing else is kept of pairs.

For every record its candidates are found, weighed and dropped again unless `matchers.company.joint.hopeful` may want
them. What the dropped ones add up to is kept, so that probabilities are those of all pairs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled
from matchers.kernels.circumstances import by_circumstances
from matchers.kernels.glances import by_names
from matchers.kernels.proposing import Room, candidates_of
from matchers.kernels.sheets import Asked, Held, Numbers
from matchers.kernels.spellings import blank_name
from matchers.kernels.tables import Accounts, Sites, Worth
from matchers.pairs import Floats, Rows

_LEAST = 2.0**-60  # as in `matchers.pairs.log2`
_HAIR = 1e-11  # of likelihood ratios: more than rounding can move them


class Totals(NamedTuple):
    """What the candidates of each record come to."""

    proposed: Rows
    taken: Floats  # sum of the likelihood ratios of place and units
    dropped: Floats  # sum of the likelihood ratios of candidates that are not kept


Blank = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]  # room to begin with: `CANDIDATE`, `ENTRY`, `KEPT`


@compiled
def fuse(
    accounts: Accounts, names: tuple[Asked, Held, Numbers], official: tuple[Sites, Worth], blank: Blank
) -> tuple[Totals, NDArray[Any]]:
    """Return what the candidates of each record come to, and those that may matter, by record."""
    (asked, held, numbers), (sites, worth) = names, official
    size, kept, count = len(accounts.radius), blank[2], 0
    totals = Totals(np.zeros(size, np.int64), np.zeros(size), np.zeros(size))
    room, opened = Room(blank[0], blank[1]), blank_name(asked.side.texts)
    leading = np.zeros(worth.top, np.int64)
    for record in range(size):
        room, proposed = candidates_of(record, accounts, sites, room)
        room = by_names(record, proposed, (sites, (asked, held, opened, numbers)), room)
        taken = 0.0
        for at in range(proposed):
            candidate = room.candidates[at]
            ratio, ground = by_circumstances(record, candidate, (accounts, sites), worth)
            candidate.ratio = max(candidate.name_ratio, _LEAST) * ratio
            taken += ground
        totals.proposed[record], totals.taken[record] = proposed, taken
        held_first = _lead(room.candidates, proposed, leading, sites)
        kept, count, totals.dropped[record] = _keep(
            (record, proposed, held_first), (room.candidates, leading), (sites, worth), (kept, count)
        )
    return totals, kept[:count]


@compiled
def _lead(candidates: NDArray[Any], count: int, leading: Rows, sites: Sites) -> int:
    """Write the candidates with most evidence, those first by identifier among equals; return how many."""
    held = 0
    for at in range(count):
        place = held
        while place > 0 and _comes_first(candidates[at], candidates[leading[place - 1]], sites):
            place -= 1
        if place == len(leading):
            continue
        held = min(held + 1, len(leading))
        for later in range(held - 1, place, -1):
            leading[later] = leading[later - 1]
        leading[place] = at
    return held


@compiled
def _comes_first(one: Any, other: Any, sites: Sites) -> bool:
    if one.ratio != other.ratio:
        return one.ratio > other.ratio
    return sites.order[sites.site[one.site].row] < sites.order[sites.site[other.site].row]


@compiled
def _keep(
    of: tuple[int, int, int],
    found: tuple[NDArray[Any], Rows],
    official: tuple[Sites, Worth],
    into: tuple[NDArray[Any], int],
) -> tuple[NDArray[Any], int, float]:
    """Write down the candidates of a record that may matter, and add up the others.

    All that are within a hair of mattering are kept: what decides between them is not known to the last bit here.
    """
    (record, proposed, held), (candidates, leading), (sites, worth), (kept, count) = of, found, official, into
    last, dropped = candidates[leading[held - 1]].ratio if held else 0.0, 0.0
    for at in range(proposed):
        candidate = candidates[at]
        ratio = candidate.ratio
        wanted = ratio >= worth.least * (1 - _HAIR) or ratio > last or (ratio != last and ratio > last * (1 - _HAIR))
        if ratio == last and not wanted:
            for place in range(held):
                wanted |= leading[place] == at
        if not wanted:
            dropped += ratio
            continue
        if count == len(kept):
            kept = doubled(kept)
        pair = kept[count]
        pair.record, pair.row, pair.ratio = record, sites.site[candidate.site].row, candidate.name_ratio
        pair.level, pair.similarity, pair.mine, pair.theirs = (
            candidate.level, candidate.similarity, candidate.mine, candidate.theirs
        )  # fmt: skip
        count += 1
    return kept, count, dropped
