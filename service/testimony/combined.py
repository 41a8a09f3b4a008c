"""The common count of a community: what its records' counts come to, and what that says about the official ones.

Kept with the community's flag as JSON values, and made again from fewer records for whoever may not see all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matchers.base import Verdict
from matchers.communities.estimates import Part, Together, together
from matchers.parameters import Counting
from service.store.values import Finding, Record
from service.testimony.numbers import PERSONS, Asked, Claim, claims, shared_errors
from service.testimony.sentences import Told, sentence
from service.testimony.testing import Official, Tested, contradict, officials, tested

_SEVERAL = 2
_DIGITS = 6
#: Verdicts of a matched record that its counts decided, and that more counts may decide otherwise.
_BY_COUNTS = frozenset(
    {
        Verdict.UNDERCOUNT,
        Verdict.CONSISTENT,
        Verdict.NEEDS_REVIEW,
        Verdict.STALE_OFFICIAL,
        Verdict.INSUFFICIENT_EVIDENCE,
    }
)
#: Attributes of what a record's groups decided.
_BY_GROUPS = frozenset(
    {"group_counted", "counted_in_broader", "undercount_proven", "may_be_in_other", "mapping_decides"}
)
_QUALITY = "quality_"  # attributes of what the quality of a collection does not allow begin so


@dataclass(frozen=True, slots=True)
class Company:
    """Whose counts are combined, and for whom."""

    records: Sequence[Record]  # of one community, the oldest first, each with its findings
    speaker: Record  # that stands for it
    today: date
    lists: Mapping[str, str] = field(default_factory=dict)  # title and vintage of each list, by snapshot


def combined(company: Company, counting: Counting) -> dict[str, Any] | None:
    """Return the common count as JSON values, None where fewer than two counts can be combined.

    `tests` has one entry for each list that counts these people, the speaker's first. `verdict` is what the community's
    verdict becomes by it: null where the counts have not decided it, or no list was tested.
    """
    first = company.speaker.findings[0] if company.speaker.findings else None
    against = officials(company.records, first, counting) if first is not None and _decided_by_counts(first) else []
    asked = Asked(against[0].counted["unit"], against[0].day) if against else Asked()
    found = claims(company.records, asked, counting)
    growth = against[0].growth if against else None
    whole = together([claim.estimate for claim in found], shared_errors(found), company.today, growth)
    if whole is None or whole.number < _SEVERAL:
        return None
    tests = [tested(whole, found, official, counting) for official in against]
    before = first.verdict if first is not None else None
    verdict, attributes = _concluded(whole, tests, _quality(whole, found, against), before)
    return {
        "unit": asked.unit if against else PERSONS,
        "value": round(whole.value),
        "low": round(whole.low),
        "high": round(whole.high),
        "sd": round(whole.combined.sd, _DIGITS),
        "spread": round(whole.combined.spread, _DIGITS),
        "day": whole.day.isoformat(),
        "floor": whole.floor,
        "conflicting": whole.conflicting or whole.for_a_person,
        "counts": whole.number,
        "verdict": verdict,
        "attributes": list(attributes),
        "claims": [claim_told(claim, part, weight) for claim, part, weight in _weighed(whole, found)],
        "tests": [test.shown for test in tests],
        "lists": _called(against, company.lists),
        "sentence": sentence(Told(whole, found, tuple(test.shown for test in tests), attributes, company.lists)),
    }


def _called(against: Sequence[Official], lists: Mapping[str, str]) -> dict[str, str]:
    tested_with = (official.finding.snapshot for official in against)
    return {snapshot: lists[snapshot] for snapshot in tested_with if snapshot in lists}


def _decided_by_counts(finding: Finding) -> bool:
    counted = "matched" in finding.attributes and finding.verdict in _BY_COUNTS
    return counted and _BY_GROUPS.isdisjoint(finding.attributes)


def _quality(whole: Together, found: Sequence[Claim], against: Sequence[Official]) -> tuple[str, ...]:
    """Return why no undercount may be said: where the collection of every count that was combined does not allow it."""
    source = against[0].finding.source if against else None
    limits = [
        {
            attribute
            for finding in claim.record.findings
            if finding.source == source
            for attribute in finding.attributes
            if attribute.startswith(_QUALITY)
        }
        for claim, part in zip(found, whole.parts, strict=True)
        if part is Part.COMBINED
    ]
    return tuple(sorted(set().union(*limits))) if all(limits) else ()


def _concluded(
    whole: Together, tests: Sequence[Tested], limits: tuple[str, ...], before: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the verdict and attributes of the common count against the first list.

    What one record raised before, several that cannot tell do not lay to rest: a person looks.
    """
    disputed = ("conflicting_counts",) if whole.conflicting or whole.for_a_person else ()
    contradicting = ("conflicting_sources",) if contradict(tests) else ()
    if not tests:
        return None, disputed
    counted = tests[0].counted
    verdict = counted.verdict
    open_still = whole.conflicting or before in {Verdict.UNDERCOUNT, Verdict.NEEDS_REVIEW}
    undecided = verdict == Verdict.INSUFFICIENT_EVIDENCE and open_still
    if whole.for_a_person or undecided or (limits and verdict == Verdict.UNDERCOUNT):
        verdict = Verdict.NEEDS_REVIEW
    return verdict.value, (*counted.attributes, *disputed, *contradicting, *limits)


def _weighed(whole: Together, found: Sequence[Claim]) -> list[tuple[Claim, Part, float | None]]:
    weights = iter(whole.combined.weights)
    return [
        (claim, part, next(weights) if part is Part.COMBINED else None)
        for claim, part in zip(found, whole.parts, strict=True)
    ]


def claim_told(claim: Claim, part: str, weight: float | None = None) -> dict[str, Any]:
    """Return one count as JSON values, with its 95 % range and what it did for the common one."""
    estimate = claim.estimate
    return {
        "record_id": claim.record.id,
        "organisation": claim.record.organisation,
        "value": round(estimate.value, 1),
        "low": round(estimate.low, 1),
        "high": None if estimate.high is None else round(estimate.high, 1),
        "method": estimate.method.code,
        "date": estimate.day.isoformat(),
        "part": str(part),
        "weight": None if weight is None else round(weight, _DIGITS),
    }
