"""Holding the common count of a community against the official ones: one test for each list that its records matched.

The error of the common count is its own; what lies between it and the official one (the list's own error, growth, the
boundary) is the same for every record and does not shrink by asking more of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matchers.base import Verdict
from matchers.communities.estimates import DAYS, Part, Together, years_between
from matchers.counting.comparability import Comparable
from matchers.counting.definitions import Gap
from matchers.counting.growth import Projection
from matchers.counting.mechanisms import NONE, Mechanism, Published
from matchers.counting.methods import method_of
from matchers.judging.counted import struct_of
from matchers.judging.verdict import Counted, count_verdict
from matchers.parameters import Counting
from service.store.values import Finding, Record
from service.testimony.numbers import Claim, claim_of

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Official:
    """What one list counts in one entry, and what lies between it and a count of the same people."""

    finding: Finding  # of one of the records that matched it, whose count is nearest in time
    counted: Mapping[str, Any]  # a `matchers.base.COUNTED`
    day: date  # of the official count
    between: float  # standard deviation on the log scale of all but the citizens' own error
    growth: float | None  # log growth a year; None where no rate is known


@dataclass(frozen=True, slots=True)
class Tested:
    """What one test came to."""

    shown: dict[str, Any]  # a `matchers.base.COUNTED` with the list, the entry and the verdict
    counted: Counted


def officials(records: Sequence[Record], first: Finding, counting: Counting) -> list[Official]:
    """Return the official counts that these records were tested against: that of the finding `first`, then of others.

    Of each list the entry most of them matched; none where the first list's count was tested by nobody.
    """
    tested: dict[str, list[tuple[Record, Finding]]] = {first.source: []}
    for record in records:
        for finding in record.findings:
            if finding.counted and finding.counted["group"] is None and "matched" in finding.attributes:
                tested.setdefault(finding.source, []).append((record, finding))
    found = []
    for source, pairs in tested.items():
        entries = Counter(finding.official_id for _, finding in pairs)
        entry = first.official_id if source == first.source else max(entries, key=lambda one: entries[one])
        of_entry = [pair for pair in pairs if pair[1].official_id == entry]
        if of_entry:
            found.append(_official(of_entry, counting))
        elif source == first.source:
            return []
    unit = found[0].counted["unit"] if found else None
    return [official for official in found if official.counted["unit"] == unit]


def tested(together: Together, claims: Sequence[Claim], official: Official, counting: Counting) -> Tested:
    """Return what the common count says about one official count."""
    pair = _pair(together, claims, official, counting)
    found = pair.coverage(counting)
    verdict = count_verdict(found, pair, counting)
    struct = struct_of(pair, found, pair.detectable(counting)) | {"method": None}
    shown = {
        "source": official.finding.source,
        "snapshot": official.finding.snapshot,
        "official_id": official.finding.official_id,
        "verdict": verdict.verdict.value,
        **{name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in struct.items()},
    }
    return Tested(shown, verdict)


def _pair(together: Together, claims: Sequence[Claim], official: Official, counting: Counting) -> Comparable:
    counted, years = official.counted, years_between(official.day, together.day)
    low, high, noise = counted["official_low"], counted["official_high"], counted.get("noise") or 0.0
    # However the publisher disturbed it, by then it is the spread that counts.
    mechanism = Mechanism.normal(noise) if noise and low == high else NONE
    known = official.growth is not None
    sigma = counting.sigma_growth_known if known else counting.sigma_growth_per_year
    return Comparable(
        citizen=together.value,
        published=Published(low, mechanism=mechanism) if low == high else Published(low=low, high=high),
        unit=counted["unit"],
        group="",
        method=min((claim.estimate.method for claim in _used(together, claims)), key=lambda method: method.sigma),
        s=math.hypot(together.combined.sd, official.between),
        gap=Gap(counted.get("gap") or 0.0, ""),
        days=(official.day, together.day),
        growth=Projection((official.growth or 0.0) * years, sigma * abs(years), official.growth),
        incoherent=counted.get("coherent") is False,
    )


def contradict(tests: Sequence[Tested]) -> bool:
    """Return whether official lists contradict one another: one is found short where another is not."""
    verdicts = {test.counted.verdict for test in tests}
    full = Verdict.CONSISTENT in verdicts or any("overcount" in test.counted.attributes for test in tests)
    return Verdict.UNDERCOUNT in verdicts and full


def _official(pairs: Sequence[tuple[Record, Finding]], counting: Counting) -> Official:
    record, finding = min(pairs, key=lambda pair: (abs(_of(pair[1])["years"]), pair[0].id))
    counted = _of(finding)
    years, growth = counted["years"], counted["growth"]
    claim = claim_of(record, counted, counting)
    day = claim.estimate.day if claim else record.account.observed or record.created_at.date()
    return Official(
        finding=finding,
        counted=counted,
        day=day - timedelta(days=round(years * DAYS)),
        between=max(_between(pair, counting) for pair in pairs),
        growth=growth / years if growth and years else None,
    )


def _between(pair: tuple[Record, Finding], counting: Counting) -> float:
    """Return what of a test's spread is not the error of the record's own count, at least that of an official one."""
    record, finding = pair
    counted = _of(finding)
    claim = claim_of(record, counted, counting)
    own = claim.estimate.sd if claim else method_of(counted["method"]).sigma
    return math.sqrt(max(counted["spread"] ** 2 - own**2, counting.sigma_official**2))


def _of(finding: Finding) -> Mapping[str, Any]:
    return finding.counted or {}


def _used(together: Together, claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim, part in zip(claims, together.parts, strict=True) if part is Part.COMBINED]
