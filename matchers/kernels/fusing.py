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
from matchers.kernels.proposing import candidates_of
from matchers.kernels.sheets import Asked, Held, Numbers
from matchers.kernels.spellings import blank_name
from matchers.kernels.tables import Accounts, Sites, Worth
from matchers.pairs import Floats, Rows
from matchers.shortlist import DIGITS

_LEAST = 2.0**-60  # as in `matchers.pairs.log2`
_HAIR = 1e-11  # of likelihood ratios: more than rounding can move them
_CLOSE = 1e-8  # of likelihood ratios: more than lies between equals


class Totals(NamedTuple):
    """What the candidates of each record come to."""

    proposed: Rows
    taken: Floats  # sum of the likelihood ratios of place and units
    dropped: Floats  # sum of the likelihood ratios of candidates that are not kept


Blank = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]  # room to begin with: `CANDIDATE`, `ENTRY`, `KEPT`


@compiled
def fuse(
    accounts: Accounts, names: tuple[Asked, Held, Numbers], official: tuple[Sites, Worth], blank: Blank
) -> tuple[Totals, NDArray[Any], Any]:
    """Return what the candidates of each record come to, those that may matter by record, and what nobody needs."""
    (asked, held, numbers), (sites, worth) = names, official
    size, kept, count = len(accounts.radius), blank[2], 0
    totals = Totals(np.zeros(size, np.int64), np.zeros(size), np.zeros(size))
    (candidates, entries, _), opened, seen = blank, blank_name(asked.side.texts), np.uint64(0)
    leading = np.zeros(worth.top, np.int64)
    for record in range(size):
        candidates, proposed = candidates_of(record, accounts, (sites, worth.errors.lost), candidates)
        found = candidates[:proposed]
        entries, ahead = by_names(record, found, (sites, (asked, held, opened, numbers)), entries)
        seen += ahead
        totals.proposed[record], totals.taken[record] = (
            proposed,
            by_circumstances(record, found, (accounts, sites), worth),
        )
        _with_names(found)
        first = _lead(found, leading, sites.site)
        kept, count, totals.dropped[record] = _keep(
            (record, worth.least), (found, leading[:first]), (sites.site, held.begin), (kept, count)
        )
    return totals, kept[:count], seen


@compiled
def _with_names(found: NDArray[Any]) -> None:
    """Add what names say to everything else."""
    for at in range(len(found)):
        found[at].ratio *= max(found[at].name_ratio, _LEAST)


@compiled
def _lead(found: NDArray[Any], leading: Rows, sites: NDArray[Any]) -> int:
    """Write the candidates with most evidence, those first by identifier among equals; return how many."""
    held = 0
    for at in range(len(found)):
        if held == len(leading) and found[at].ratio < found[leading[held - 1]].ratio * (1 - _CLOSE):
            continue
        place = held
        while place > 0 and _comes_first(found[at], found[leading[place - 1]], sites):
            place -= 1
        if place == len(leading):
            continue
        held = min(held + 1, len(leading))
        for later in range(held - 1, place, -1):
            leading[later] = leading[later - 1]
        leading[place] = at
    return held


@compiled
def _comes_first(one: Any, other: Any, sites: NDArray[Any]) -> bool:
    if not _equal(one.ratio, other.ratio):
        more: bool = one.ratio > other.ratio
        return more
    earlier: bool = sites[one.site].order < sites[other.site].order
    return earlier


@compiled
def _equal(one: float, other: float) -> bool:
    """Return whether the evidence is the same in bits as they are compared (`matchers.company.joint.hopeful`)."""
    if abs(one - other) > _CLOSE * other:
        return False
    same: bool = np.rint(np.log2(one) * 10**DIGITS) == np.rint(np.log2(other) * 10**DIGITS)
    return same


@compiled
def _keep(
    of: tuple[int, float],
    among: tuple[NDArray[Any], Rows],
    official: tuple[NDArray[Any], Rows],
    into: tuple[NDArray[Any], int],
) -> tuple[NDArray[Any], int, float]:
    """Write down the candidates of a record that may matter, and add up the others.

    All that are within a hair of mattering are kept: what decides between them is not known to the last bit here. Of
    those with the same evidence as the last of the leading, only the leading are.
    """
    (record, least), (found, leading), (sites, begin), (kept, count) = of, among, official, into
    dropped = 0.0
    last = found[leading[-1]].ratio if len(leading) else 0.0
    enough = min(least, last) * (1 - _HAIR)
    for at in range(len(found)):
        candidate = found[at]
        hopeless = candidate.ratio < enough or (last < least and _equal(candidate.ratio, last))
        if hopeless and not _is_among(leading, at):
            dropped += candidate.ratio
            continue
        if count == len(kept):
            kept = doubled(kept)
        pair, site = kept[count], sites[candidate.site]
        pair.record, pair.row, pair.ratio = record, site.row, candidate.name_ratio
        pair.level, pair.similarity, pair.mine = candidate.level, candidate.similarity, candidate.mine
        pair.theirs = begin[site.row] + candidate.theirs - site.first if candidate.theirs >= 0 else -1
        count += 1
    return kept, count, dropped


@compiled
def _is_among(leading: Rows, at: int) -> bool:
    found = False
    for place in leading:
        found |= place == at
    return found
