"""What place, units, kind, brackets and size of candidates say, in compiled code: one likelihood ratio for all of it.

The values are those of the columns beside them (`matchers.features`); what is missing is no evidence. Each question is
put to all candidates of a record at once: to hand a column over costs as much as to answer.
"""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.kernels.tables import Accounts, Errors, Sites, Worth

_LEAST = 2.0**-60  # as in `matchers.pairs.log2`
_FAINT = 45.0  # exponent from which a normal error is lost beside its tail

Candidates = NDArray[Any]


@compiled
def by_circumstances(record: int, found: Candidates, sides: tuple[Accounts, Sites], worth: Worth) -> float:
    """Write to each candidate the likelihood ratio of everything but its name.

    Returns the sum of the likelihood ratios of place and units alone.
    """
    accounts, sites = sides
    _by_distance(found, sites.site, (accounts.sigma[record], accounts.crowd[record]), worth.errors)
    if worth.has_areas:
        _by_area(record, found, accounts, sites)
    if len(accounts.said):
        _by_unit(record, found, accounts, sites)
    taken = 0.0
    for at in range(len(found)):
        taken += found[at].ratio
    _by_kind(found, sites.site, (accounts.kind[record], accounts.kinds))
    if len(worth.is_country):
        _by_bracket(record, found, sides, worth)
    for unit in range(len(accounts.measure)):
        if math.isfinite(accounts.measure[unit, record]):
            _by_size((record, unit), found, sides, worth.apart)
    return taken


@compiled
def _by_distance(found: Candidates, sites: Any, own: tuple[float, float], errors: Errors) -> None:
    """Begin with what distances say."""
    (mine, crowd), tail, scale = own, errors.tail_share, errors.tail_scale * errors.tail_scale
    always = scale < 2  # noqa: PLR2004 - a tail hardly wider than the middle hides nothing
    for at in range(len(found)):
        candidate = found[at]
        if not math.isfinite(candidate.distance):
            candidate.ratio = 1.0
            continue
        other = sites[candidate.site].sigma
        variance = max(mine * mine + other * other, 1.0) / 1e6
        apart = candidate.distance / 1000
        exponent = apart * apart / (2 * variance)
        if exponent > errors.lost:
            candidate.ratio = max(errors.gross_error, _LEAST)
            continue
        density = tail * math.exp(-exponent / scale) / scale
        if exponent < _FAINT or always:
            density += (1 - tail) * math.exp(-exponent)
        ratio = density / (2 * math.pi * variance) / crowd
        candidate.ratio = max((1 - errors.gross_error) * ratio + errors.gross_error, _LEAST)


@compiled
def _by_area(record: int, found: Candidates, accounts: Accounts, sites: Sites) -> None:
    """Where a place has a polygon, lying in it says more than the distance to its middle."""
    held, site, outside = accounts.held, sites.site, sites.outside
    for at in range(len(found)):
        candidate = found[at]
        if math.isnan(outside[candidate.site]) or not math.isfinite(candidate.distance):
            continue
        candidate.ratio = outside[candidate.site]
        for cell in range(held.begin[record], held.begin[record + 1]):
            if held.cell[cell] == site[candidate.site].row:
                candidate.ratio = held.value[cell]


@compiled
def _by_unit(record: int, found: Candidates, accounts: Accounts, sites: Sites) -> None:
    """Add what the finest unit says that both name, and where it differs, a coarser one that is the same."""
    said, unit, same = accounts.said, sites.unit, accounts.same
    sibling, different = accounts.sibling, accounts.different
    for at in range(len(found)):
        candidate, ratio, differs = found[at], 1.0, False
        beside = 1 if math.isfinite(candidate.distance) else 0
        for column in range(len(said)):
            mine, theirs = said[column, record], unit[candidate.site, column]
            if mine == -1 or theirs < 0:
                continue
            if mine != theirs:
                if not differs:
                    differs, ratio = True, different[beside, column, record]
            elif not differs:
                ratio = same[beside, column, record]
                break
            elif sibling[beside, column, record] > 0:
                ratio = sibling[beside, column, record]
                break
        candidate.ratio *= ratio


@compiled
def _by_kind(found: Candidates, sites: Any, own: tuple[int, Any]) -> None:
    """Add what kinds say."""
    mine, kinds = own
    for at in range(len(found)):
        found[at].ratio *= kinds[mine, sites[found[at].site].kind]


@compiled
def _by_bracket(record: int, found: Candidates, sides: tuple[Accounts, Sites], worth: Worth) -> None:
    """Add what the brackets behind names say."""
    (accounts, sites), own = sides, sides[0].brackets
    first, last, site, elsewhere = own.begin[record], own.begin[record + 1], sites.site, accounts.elsewhere[record]
    for at in range(len(found)):
        text = site[found[at].site].bracket
        if text < 0:
            continue
        beside, same = 1 if math.isfinite(found[at].distance) else 0, False
        for cell in range(first, last):
            same |= own.cell[cell] == text
        if same:
            found[at].ratio *= worth.agree[beside, text]
        elif elsewhere and worth.is_country[text]:
            found[at].ratio *= worth.differ[beside, text]


@compiled
def _by_size(asked: tuple[int, int], found: Candidates, sides: tuple[Accounts, Sites], apart: float) -> None:
    """Add what a size says unless another, earlier in the alphabet, is said by both."""
    (record, unit), (accounts, sites) = asked, sides
    own, measure = accounts.measure, sites.measure
    for at in range(len(found)):
        place = found[at].site
        gap = abs(own[unit, record] - measure[place, unit])
        for earlier in range(unit):
            if math.isfinite(own[earlier, record]) and math.isfinite(measure[place, earlier]):
                gap = math.nan
        if gap >= apart:
            found[at].ratio *= accounts.far[unit, record]
