"""Who may be counted in an estimate of coverage, and what of it leaves.

Whoever works with records counts them all. Everybody else counts communities that may be part of a total: open or of
the class `caution`, by consent at least `public_aggregate`, and with no record of a higher class beside them. Outsiders
are told about the whole of a country only; where a single combination of lists has fewer than ten communities they are
told no number at all, because each could be worked out from the others, and from the official list itself. What anybody
may ask is estimated from the rounded numbers of an edition (`histories`), so that the estimate tells nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from matchers.coverage.estimate import Estimate
from matchers.coverage.refusal import Code, Refusal
from matchers.coverage.sentences import sentences
from matchers.coverage.strata import Stratified
from service.callers.caller import Caller, Right
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, Consent, Sensitivity, sensitivity_of
from service.store.captures import Capture

_IN_TOTALS = frozenset({Consent.PUBLIC_AGGREGATE.value, Consent.PUBLIC_MASKED.value, Consent.PUBLIC_EXACT.value})
_LOW = frozenset({Sensitivity.OPEN, Sensitivity.CAUTION})
#: Reasons in words that hold no number, for those who may not know it.
_REASONS = {
    Code.UNKNOWN_MEMBERSHIP: "Of too many communities it is open whether the official list names them.",
    Code.THIN_OVERLAP: "Two of the lists have too few communities in common.",
    Code.LINKS_SAMPLE: "People judged too few of the links between the lists.",
    Code.LINKS_POOR: "The links between the lists are not good enough.",
    Code.EMPTY_LIST: "One of the lists names nothing here.",
    Code.CONTAINED: "Everything on one of the lists is also on another.",
    Code.TOO_UNCERTAIN: "The standard error is more than half of the estimate.",
    Code.MODELS_DISAGREE: "Models that fit about as well are more than 1.5 times apart.",
}


class Report(Protocol):
    """What is reported, as it is made (`service.coverage.estimating.CoverageReport`)."""

    @property
    def scope(self) -> Any:
        """What it is about: a dataclass."""

    @property
    def generated_at(self) -> datetime:
        """When it was made."""

    @property
    def estimate(self) -> Estimate:
        """What was estimated."""

    @property
    def stratified(self) -> Stratified | None:
        """The same by strata, where asked for."""

    @property
    def insider(self) -> bool:
        """Whether the caller works with all records that were counted."""

    @property
    def outside(self) -> int:
        """How many communities the official list would not name."""

    @property
    def withheld(self) -> bool:
        """Whether no number may be told of the communities that were counted."""

    @property
    def official(self) -> str | None:
        """The snapshot of the official list."""


def countable(captured: Iterable[Capture], caller: Caller) -> list[Capture]:
    """Return the records that may be part of a number for this caller."""
    together: dict[str, list[Capture]] = defaultdict(list)
    for capture in captured:
        together[capture.community_id].append(capture)
    return [one for records in together.values() for one in _countable(records, caller)]


def redact_coverage(report: Report, caller: Caller) -> dict[str, Any]:
    """Return an estimate of coverage as this caller may see it."""
    caller = caller.counting(report.scope.country, report.scope.admin)
    inside = report.insider and (caller.may(Right.READ) or caller.organisation is not None)
    told = report.estimate.as_dict()
    withheld = None if inside else _withhold(told, report)
    return {
        "scope": asdict(report.scope),
        "generated_at": report.generated_at,
        "snapshot": report.official,
        "summary": sentences(told),
        **told,
        "outside": report.outside if inside else None,
        "stratified": report.stratified.as_dict() if report.stratified and inside else None,
        "withheld": withheld,
    }


def _countable(records: list[Capture], caller: Caller) -> list[Capture]:
    """Return those records of one community that the caller may count."""
    if caller.may(Right.ADMINISTER):
        return records
    own = [one for one in records if caller.organisation is not None and one.organisation == caller.organisation]
    if any(one.held for one in records):
        return own
    classes = {id(one): sensitivity_of(one.account) for one in records}
    if caller.may(Right.READ):
        return [one for one in records if one in own or classes[id(one)] is not Sensitivity.CLOSED]
    others = [one for one in records if one not in own]
    if not all(classes[id(one)] in _LOW for one in others):
        return own
    return own + [one for one in others if one.account.consent in _IN_TOTALS]


def _withhold(told: dict[str, Any], report: Report) -> str | None:
    """Leave out and round what outsiders may not know, in place; return why, None where only rounding was needed."""
    told |= {"unknown": None, "models": []}
    cells = report.estimate.histories.cells
    small = report.withheld or bool(((cells > 0) & (cells < SMALLEST_COUNT)).any())
    small |= told["at_least"] < SMALLEST_COUNT
    for name, part in (("lists", "size"), ("overlaps", "both"), ("histories", "count")):
        told[name] = [{**one, part: None if small else _rounded(one[part])} for one in told[name]]
    if small:
        told |= dict.fromkeys(("at_least", "total", "method", "range", "lower_bound", "uncorrected"))
        told |= {"dependence": [], "refusals": []}
        return f"fewer than {SMALLEST_COUNT} communities are on some combination of these lists"
    told["at_least"] = told["at_least"] // ROUNDED_TO * ROUNDED_TO
    told["refusals"] = [_plain(refusal) for refusal in report.estimate.refusals]
    told["dependence"] = [_round(one) for one in told["dependence"]]
    told |= {name: told[name] and _round(told[name]) for name in ("total", "range", "lower_bound", "uncorrected")}
    return None


def _plain(refusal: Refusal) -> dict[str, str]:
    return refusal.as_dict() | ({"reason": _REASONS[refusal.code]} if refusal.code in _REASONS else {})


def _round(numbers: dict[str, float]) -> dict[str, float]:
    return {name: value if name in {"odds_ratio", "models"} else _rounded(value) for name, value in numbers.items()}


def _rounded(number: float) -> int:
    return round(number / ROUNDED_TO) * ROUNDED_TO
