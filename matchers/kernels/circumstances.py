"""What place, units, kind, brackets and size of a candidate say, in compiled code: one likelihood ratio each.

The values are those of the columns beside them (`matchers.features`); what is missing is no evidence.
"""

from __future__ import annotations

import math
from typing import Any

from geodata.kernels.jit import compiled
from matchers.kernels.tables import Accounts, Sites, Worth

_LEAST = 2.0**-60  # as in `matchers.pairs.log2`
_FAINT = 45.0  # exponent from which a normal error is lost beside its tail


@compiled
def by_circumstances(record: int, candidate: Any, sides: tuple[Accounts, Sites], worth: Worth) -> tuple[float, float]:
    """Return the likelihood ratio of everything but the name, and that of place and units alone."""
    accounts, sites = sides
    site, beside = sites.site[candidate.site], 1 if math.isfinite(candidate.distance) else 0
    place = _by_place(record, candidate.distance, site, (accounts, worth)) if beside else 1.0
    ground = place * _by_unit(record, (candidate.site, beside), accounts, sites)
    ratio = ground * accounts.kinds[accounts.kind[record], site.kind]
    if site.bracket >= 0:
        ratio *= _by_bracket(record, (site.bracket, beside), accounts, worth)
    if len(accounts.measure):
        ratio *= _by_size(record, candidate.site, sides, worth)
    return ratio, ground


@compiled
def _by_place(record: int, distance: float, site: Any, known: tuple[Accounts, Worth]) -> float:
    """Return what lying in or beside its polygon says, and where it has none, the distance."""
    accounts, worth = known
    if not math.isnan(site.outside):
        held = accounts.held
        for cell in range(held.begin[record], held.begin[record + 1]):
            if held.cell[cell] == site.row:
                return held.value[cell]
        return site.outside
    sigma = max(math.hypot(accounts.sigma[record], site.sigma), 1.0) / 1000
    variance = sigma * sigma
    exponent, scale = (distance / 1000) ** 2 / (2 * variance), worth.tail_scale * worth.tail_scale
    density = worth.tail_share * math.exp(-exponent / scale) / scale
    if exponent < _FAINT or scale < 2:  # noqa: PLR2004 - a tail as wide as the middle hides nothing
        density += (1 - worth.tail_share) * math.exp(-exponent)
    ratio = density / (2 * math.pi * variance) / accounts.crowd[record]
    return max((1 - worth.gross_error) * ratio + worth.gross_error, _LEAST)


@compiled
def _by_unit(record: int, place: tuple[int, int], accounts: Accounts, sites: Sites) -> float:
    """Return what the finest unit says that both name, and where it differs, a coarser one that is the same."""
    (at, beside), differs, ratio = place, False, 1.0
    said, unit = accounts.said, sites.unit
    for column in range(len(said)):
        mine, theirs = said[column, record], unit[at, column]
        if mine == -1 or theirs < 0:
            continue
        if mine == theirs:
            if not differs:
                return accounts.same[beside, column, record]
            if accounts.sibling[beside, column, record] > 0:
                return accounts.sibling[beside, column, record]
        elif not differs:
            differs, ratio = True, accounts.different[beside, column, record]
    return ratio


@compiled
def _by_bracket(record: int, bracket: tuple[int, int], accounts: Accounts, worth: Worth) -> float:
    """Return what the bracket behind the name says."""
    (text, beside), own = bracket, accounts.brackets
    for cell in range(own.begin[record], own.begin[record + 1]):
        if own.cell[cell] == text:
            return worth.agree[beside, text]
    if worth.is_country[text] and accounts.elsewhere[record]:
        return worth.differ[beside, text]
    return 1.0


@compiled
def _by_size(record: int, at: int, sides: tuple[Accounts, Sites], worth: Worth) -> float:
    """Return what the first size says that both sides give."""
    accounts, sites = sides
    for unit in range(len(accounts.measure)):
        gap = abs(accounts.measure[unit, record] - sites.measure[at, unit])
        if math.isfinite(gap):
            return accounts.far[unit, record] if gap >= worth.apart else 1.0
    return 1.0
