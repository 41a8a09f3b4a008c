"""The counts in a community's records, in one unit, as estimates that can be combined."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from matchers.communities.corroboration import correlations
from matchers.communities.estimates import Estimate
from matchers.counting.conversion import conversion, own_size
from matchers.counting.methods import LOWER_BOUNDS, as_lower_bound, error_of, method_of
from matchers.pairs import Floats
from matchers.parameters import Counting
from service.accounts.account import Count
from service.store.values import Record
from service.testimony.witnesses import counter, is_copy

PERSONS = "persons"
_TOO_LOW = "quality_too_low"
_WITHHELD = frozenset({"suppressed", "not_applicable", "not_available", "absent_cell"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One count of one record, in the unit asked for."""

    record: Record
    estimate: Estimate
    low: float | None  # as the record states it
    high: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which counts are wanted: their unit, and near which day."""

    unit: str = PERSONS
    near: date | None = None  # of the official count; None: the latest of each record


def claims(records: Sequence[Record], asked: Asked, counting: Counting) -> list[Claim]:
    """Return the counts of everybody in these records, of each record one that can be weighed, else what it has.

    A lower bound stands beside it. What is no count of the unit asked for, nor can be converted into one, is left out.
    """
    return [claim for record in records for claim in _of(record, asked, counting)]


def claim_of(record: Record, counted: Mapping[str, Any], counting: Counting) -> Claim | None:
    """Return the count of a record that a `matchers.base.COUNTED` tested; None where the list converted it."""
    found = (_claim(record, count, counted["unit"], counting) for count in record.account.counts)
    return next((claim for claim in found if claim and math.isclose(claim.estimate.value, counted["citizen"])), None)


def shared_errors(found: Sequence[Claim]) -> Floats:
    """Return the correlations of the errors of these counts; one number told twice is one count."""
    matrix = correlations([counter(claim.record) for claim in found])
    same = [[_same(one, other) for other in found] for one in found]
    return np.where(np.array(same, bool).reshape(matrix.shape), 1.0, matrix)


def _of(record: Record, asked: Asked, counting: Counting) -> Iterator[Claim]:
    found = [claim for count in record.account.counts if (claim := _claim(record, count, asked.unit, counting))]
    for several in (
        [claim for claim in found if not claim.estimate.method.lower_bound and claim.estimate.method.conclusive],
        [claim for claim in found if claim.estimate.method.lower_bound],
    ):
        if several:
            yield min(several, key=lambda claim: _preference(claim, asked.near))
    if not any(claim.estimate.method.conclusive for claim in found):
        yield from found[:1]


def _preference(claim: Claim, near: date | None) -> tuple[float, float, float]:
    day = claim.estimate.day
    away = -day.toordinal() if near is None else abs((day - near).days)
    return float(away), claim.estimate.sd, -claim.estimate.value


def _claim(record: Record, count: Count, unit: str, counting: Counting) -> Claim | None:
    value = _middle(count)
    if value is None or count.group is not None or count.status in _WITHHELD:
        return None
    factor = _factor(record, count.unit, unit, counting)
    if factor is None:
        return None
    times, sigma = factor
    method = method_of(count.method or _of_collection(record, value * times))
    method = as_lower_bound(method) if count.unit in LOWER_BOUNDS else method
    error = math.hypot(error_of(method, (count.low, count.high)), sigma)
    day = count.date or record.account.observed or record.created_at.date()
    return Claim(
        record,
        Estimate(value * times, error, day, method, _copied(record, value), _fit(record)),
        None if count.low is None else count.low * times,
        None if count.high is None else count.high * times,
    )


def _of_collection(record: Record, value: float) -> str | None:
    """Return the method of a count that states none itself: that of its collection, as its test took it."""
    tested = (finding.counted for finding in record.findings if finding.counted)
    return next((counted["method"] for counted in tested if math.isclose(counted["citizen"], value)), None)


def _middle(count: Count) -> float | None:
    if count.value is None and count.low is not None and count.high is not None and 0 < count.low <= count.high:
        return (count.low + count.high) / 2
    return count.value if count.value is not None and math.isfinite(count.value) and count.value > 0 else None


def _factor(record: Record, mine: str, unit: str, counting: Counting) -> tuple[float, float] | None:
    """Return what a count is multiplied by and the error that brings, None where it cannot be of the unit."""
    if mine == unit or (mine in LOWER_BOUNDS and unit == PERSONS):
        return 1.0, 0.0
    told: list[dict[str, Any]] = [asdict(count) for count in record.account.counts]
    found = conversion(mine, unit, own_size(told, record.account.attributes), counting)
    return (found.factor, found.sigma) if found else None


def _copied(record: Record, value: float) -> bool:
    """Return whether a count only repeats the list: the entry's point and name, and its number if that is known."""
    if not is_copy(record):
        return False
    counted = record.findings[0].counted
    return counted is None or value in {counted["official_low"], counted["official_high"]}


def _fit(record: Record) -> bool:
    """Return whether the quality of the record's collection lets its counts be used for anything."""
    return not any(_TOO_LOW in finding.attributes for finding in record.findings)


def _same(one: Claim, other: Claim) -> bool:
    mine, theirs = one.estimate, other.estimate
    return (mine.value, mine.day, mine.method) == (theirs.value, theirs.day, theirs.method)
