"""The decision order: what counts come to, what a matched place, and which of several lists decides. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from matchers.base import Verdict
from matchers.counting.comparability import Comparable, Incomparable
from matchers.counting.frame import Frame
from matchers.counting.growth import DAYS
from matchers.counting.posterior import Coverage, Coverages
from matchers.pairs import Floats
from matchers.parameters import Counting
from matchers.rounding import rounded


@dataclass(frozen=True, slots=True)
class Standing:
    """What of one list's finding decides whether it is the primary one."""

    verdict: Verdict
    matched: bool  # the finding has the attribute "matched": an entry of the list was accepted
    fineness: int  # of the list's lowest level (`geodata.kinds.fineness`); finer is greater
    reference_date: date | None


#: Without an accepted match, the findings that ask most of people come first.
_ORDER = (
    Verdict.NEEDS_REVIEW,
    Verdict.HIDDEN_GROUP,
    Verdict.HIDDEN_PLACE,
    Verdict.STALE_OFFICIAL,
    Verdict.NOT_ASSESSABLE,
    Verdict.INSUFFICIENT_EVIDENCE,
    Verdict.UNDERCOUNT,
    Verdict.CONSISTENT,
)


def primary(standings: Sequence[Standing]) -> int:
    """Return the position of the primary finding among several lists' findings about one record.

    Listed somewhere wins: the finest level, then the latest reference date. Else needs_review before hidden_group,
    hidden_place, stale_official, not_assessable, insufficient_evidence. Equal standings keep the order given.
    Raises `ValueError` when there is none.
    """
    if not standings:
        msg = "no finding to choose from"
        raise ValueError(msg)

    def rank(position: int) -> tuple[int, int, int, int]:
        standing = standings[position]
        day = standing.reference_date.toordinal() if standing.reference_date else 0
        listed = standing.matched and standing.verdict != Verdict.NEEDS_REVIEW
        return (-1 if listed else _ORDER.index(standing.verdict), -standing.fineness, -day, position)

    return min(range(len(standings)), key=rank)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the counts of a matched pair came to."""

    verdict: Verdict
    attributes: tuple[str, ...] = ()
    subtype: str | None = None


_NOISE = 3  # standard deviations of what the publisher added that a shortfall has to exceed
_RATHER = 0.5  # probability from which an official count is rather wrong than right


def count_verdict(found: Coverage, pair: Comparable, counting: Counting) -> Counted:
    """Decide between undercount, consistent, a person's eye and too little power.

    A method nobody knows never proves an undercount; one that counts only some of the people can prove nothing else.
    Pupils or members whom the list does not contradict leave the finding at what it is without them: listed.
    Where definitions differ widely, or the list's own parts do not add up, a person looks before coverage is blamed.
    """
    basis = Basis(
        conclusive=pair.method.conclusive,
        lower_bound=pair.method.lower_bound,
        some=bool(pair.some),
        stale=bool(stale(pair.years, pair.growth.sigma, counting)),
        definitions_differ=pair.gap.sigma > counting.sigma_boundary,
        incoherent=pair.incoherent,
    )
    return _counted(basis, Shown(*_shown(found, _NOISE * pair.published.mechanism.sd, counting)))


def count_verdicts(found: Coverages, bases: Iterable[Basis], noise: Floats, counting: Counting) -> list[Counted]:
    """Decide the same about many pairs; `noise` is the standard deviation of what the publisher added to each count."""
    shown = zip(*(sign.tolist() for sign in _shown(found, _NOISE * noise, counting)), strict=True)
    return [_counted(basis, Shown(*signs)) for basis, signs in zip(bases, shown, strict=True)]


class Basis(NamedTuple):
    """What two counts are worth, whatever they come to."""

    conclusive: bool  # the method of the citizen count may show an undercount
    lower_bound: bool  # that method counts some of the people only
    some: bool  # the record counts some of the people, such as pupils
    stale: bool  # too much may have changed: ten years, or growth that nobody knows well enough
    definitions_differ: bool
    incoherent: bool  # the list contradicts itself about this entry


class Shown(NamedTuple):
    """What the posterior of two counts shows."""

    doubtful: bool  # the official count is rather wrong than right
    short: bool
    possibly_short: bool
    agreeing: bool
    over: bool


def _shown(found: Coverage | Coverages, least: Any, counting: Counting) -> tuple[Any, ...]:
    """Return the signs of `Shown` of one pair, or columns of them; `least` is the shortfall that noise may explain."""
    p_under, p_over = found.p_under, found.p_over
    return (
        (p_under > _RATHER) | (p_over > _RATHER),
        (p_under >= counting.p_undercount)
        & (found.shortfall >= counting.shortfall_persons)
        & (found.shortfall >= least),
        p_under >= counting.p_review,
        (1 - p_under - p_over >= counting.p_consistent) & (p_under <= counting.p_under_if_consistent),
        p_over >= counting.p_overcount,
    )


@cache
def _counted(basis: Basis, shown: Shown) -> Counted:
    stale = ("stale",) if basis.stale else ()
    if not basis.conclusive:
        verdict = Verdict.NEEDS_REVIEW if shown.doubtful else Verdict.INSUFFICIENT_EVIDENCE
        return Counted(verdict, ("method_unknown", *stale))
    if shown.short:
        # These keep a shortfall from being called an undercount by itself.
        differ = ("definitions_differ",) if basis.definitions_differ else ()
        caps = (*differ, *(("not_additive",) if basis.incoherent else ()))
        return Counted(Verdict.NEEDS_REVIEW if caps else Verdict.UNDERCOUNT, (*caps, *stale))
    if basis.some and not shown.possibly_short:
        return Counted(Verdict.CONSISTENT, ("presence_only", "lower_bound", *stale))
    if stale:
        return Counted(Verdict.STALE_OFFICIAL, stale)
    if basis.lower_bound and not shown.possibly_short:
        return Counted(Verdict.INSUFFICIENT_EVIDENCE, ("lower_bound",))
    return _without_undercount(shown)


def stale(years: Any, growth_sigma: Any, counting: Counting) -> Any:
    """Return whether too much may have changed: ten years, or growth that nobody knows well enough; or a column."""
    apart = rounded(np.atleast_1d(np.abs(years)), 1) >= counting.stale_years
    return apart | (growth_sigma > counting.stale_sigma)


def uncounted(counts: Incomparable, frame: Frame) -> Counted:
    """Decide where no counts are tested: listed, unless why they are not tested says more."""
    observed, reference = frame.dates
    days = ((observed or frame.today) - reference).days if reference else 0
    return untested(counts, old=days > frame.counting.stale_years * DAYS)


@lru_cache(maxsize=1024)  # clauses may name numbers
def untested(counts: Incomparable, *, old: bool) -> Counted:
    """Decide the same, knowing whether the list is older than the record by more than counts stay comparable."""
    stale = ("stale",) if old else ()
    if counts.verdict is None:
        return Counted(Verdict.CONSISTENT, ("presence_only", *stale))
    if counts.verdict is Verdict.STALE_OFFICIAL:
        return Counted(Verdict.STALE_OFFICIAL, ("stale",))
    refused = ("counts_refused",) if counts.verdict is Verdict.INSUFFICIENT_EVIDENCE else ()
    return Counted(counts.verdict, (*refused, *stale), counts.subtype)


def matched_verdict(grouped: Verdict | None, counted: Counted) -> Verdict:
    """Decide what a matched place comes to: its groups are asked about first, then its counts.

    A group that is not counted by itself, an undercount or a doubt on either side decides. Else the place's own counts
    do, and those of its groups where it has none.
    """
    for verdict in (Verdict.HIDDEN_GROUP, Verdict.UNDERCOUNT, Verdict.NEEDS_REVIEW, Verdict.STALE_OFFICIAL):
        if verdict in {grouped, counted.verdict}:
            return verdict
    return grouped if grouped is not None and "presence_only" in counted.attributes else counted.verdict


def _without_undercount(shown: Shown) -> Counted:
    if shown.agreeing:
        return Counted(Verdict.CONSISTENT)
    if shown.possibly_short:
        return Counted(Verdict.NEEDS_REVIEW, ("possible_undercount",))
    if shown.over:
        return Counted(Verdict.NEEDS_REVIEW, ("overcount",))
    return Counted(Verdict.INSUFFICIENT_EVIDENCE)
