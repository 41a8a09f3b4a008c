"""The decision order: from probabilities, preconditions and counts to one verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from matchers.base import Verdict
from matchers.counting.comparability import Comparable
from matchers.counting.posterior import Coverage
from matchers.parameters import Absence, Counting


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
class Situation:
    """Everything the decision rests on, for one record and one list."""

    missing: str | None  # why nothing can be looked for at all
    outside: tuple[str, ...]  # why the list would not hold such a place
    p_absent: float
    p_best: float  # of the best candidate, 0 where there is none
    p_second: float
    loosely_named: bool  # the best candidate's name is far from the record's
    doubts: tuple[str, ...]  # why the best candidate needs a person's eye whatever its probability
    failed: tuple[str, ...]  # preconditions of absence that do not hold
    founded_after: bool  # the place is younger than the list
    enumerated: bool  # the list covers the ground the place lies on


@dataclass(frozen=True, slots=True)
class Placement:
    """What was decided about the place itself, before any counts are compared."""

    verdict: Verdict | None  # None: matched, the counts decide
    subtype: str | None = None
    doubts: tuple[str, ...] = ()


def place_verdict(situation: Situation, absence: Absence) -> Placement:
    """Decide whether the place is matched, absent, for a person to see, or beyond what the list can tell.

    Thresholds follow from costs: match below cost_review / cost_false_match, absent above
    1 - cost_review / cost_false_absence, a person's eye between.
    """
    if situation.missing is not None:
        return Placement(Verdict.INSUFFICIENT_EVIDENCE)
    doubts = situation.doubts
    if situation.p_second > absence.rival:
        doubts = (*doubts, "two entries are about equally likely")
    if situation.p_absent < absence.match_below:
        return Placement(Verdict.NEEDS_REVIEW, "possible_match", doubts) if doubts else Placement(None)
    if situation.outside and (situation.loosely_named or situation.p_best <= situation.p_absent):
        return Placement(Verdict.NOT_ASSESSABLE)
    if situation.p_absent <= absence.absent_above:
        likely = situation.p_best > situation.p_absent
        return Placement(Verdict.NEEDS_REVIEW, "possible_match" if likely else "possibly_absent", doubts)
    return _absent(situation)


def _absent(situation: Situation) -> Placement:
    if situation.founded_after:
        return Placement(Verdict.STALE_OFFICIAL, "founded_after_list")
    if situation.failed:
        return Placement(Verdict.NEEDS_REVIEW, "possibly_absent")
    ground = "enumerated" if situation.enumerated else "unenumerated"
    return Placement(Verdict.HIDDEN_PLACE, f"not_listed_area_{ground}")


@dataclass(frozen=True, slots=True)
class Counted:
    """What the counts of a matched pair came to."""

    verdict: Verdict
    attributes: tuple[str, ...] = ()
    subtype: str | None = None


_NOISE = 3  # standard deviations of what the publisher added that a shortfall has to exceed


def count_verdict(found: Coverage, pair: Comparable, counting: Counting) -> Counted:
    """Decide between undercount, consistent, a person's eye and too little power.

    A method nobody knows never proves an undercount; one that counts only some of the people can prove nothing else.
    Pupils or members whom the list does not contradict leave the finding at what it is without them: listed.
    Where definitions differ widely, or the list's own parts do not add up, a person looks before coverage is blamed.
    """
    stale = ("stale",) if _stale(pair, counting) else ()
    if not pair.method.conclusive:
        doubtful = max(found.p_under, found.p_over) > 0.5  # noqa: PLR2004 - more likely than not
        return Counted(Verdict.NEEDS_REVIEW if doubtful else Verdict.INSUFFICIENT_EVIDENCE, ("method_unknown", *stale))
    least = max(counting.shortfall_persons, _NOISE * pair.published.mechanism.sd)
    if found.p_under >= counting.p_undercount and found.shortfall >= least:
        caps = tuple(_caps(pair, counting))
        return Counted(Verdict.NEEDS_REVIEW if caps else Verdict.UNDERCOUNT, (*caps, *stale))
    if pair.some and found.p_under < counting.p_review:
        return Counted(Verdict.CONSISTENT, ("presence_only", "lower_bound", *stale))
    if stale:
        return Counted(Verdict.STALE_OFFICIAL, stale)
    if pair.method.lower_bound and found.p_under < counting.p_review:
        return Counted(Verdict.INSUFFICIENT_EVIDENCE, ("lower_bound",))
    return _without_undercount(found, counting)


def _stale(pair: Comparable, counting: Counting) -> bool:
    """Return whether too much may have changed: ten years, or growth that nobody knows well enough."""
    return round(abs(pair.years), 1) >= counting.stale_years or pair.growth.sigma > counting.stale_sigma


def _caps(pair: Comparable, counting: Counting) -> Iterator[str]:
    """Yield what keeps a shortfall from being called an undercount by itself."""
    if pair.gap.sigma > counting.sigma_boundary:
        yield "definitions_differ"
    if pair.incoherent:
        yield "not_additive"


def matched_verdict(grouped: Verdict | None, counted: Counted) -> Verdict:
    """Decide what a matched place comes to: its groups are asked about first, then its counts.

    A group that is not counted by itself, an undercount or a doubt on either side decides. Else the place's own counts
    do, and those of its groups where it has none.
    """
    for verdict in (Verdict.HIDDEN_GROUP, Verdict.UNDERCOUNT, Verdict.NEEDS_REVIEW, Verdict.STALE_OFFICIAL):
        if verdict in {grouped, counted.verdict}:
            return verdict
    return grouped if grouped is not None and "presence_only" in counted.attributes else counted.verdict


def _without_undercount(found: Coverage, counting: Counting) -> Counted:
    if found.p_consistent >= counting.p_consistent and found.p_under <= counting.p_under_if_consistent:
        return Counted(Verdict.CONSISTENT)
    if found.p_under >= counting.p_review:
        return Counted(Verdict.NEEDS_REVIEW, ("possible_undercount",))
    if found.p_over >= counting.p_overcount:
        return Counted(Verdict.NEEDS_REVIEW, ("overcount",))
    return Counted(Verdict.INSUFFICIENT_EVIDENCE)
