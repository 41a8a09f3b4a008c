"""Words for the numbers and codes of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

#: Verdict -> what it is called in tables and legends.
VERDICTS = {
    "hidden_place": "Not found on the list",
    "hidden_group": "Group not counted by itself",
    "undercount": "Counted too low",
    "consistent": "On the list",
    "stale_official": "List too old to say",
    "needs_review": "For a person to decide",
    "not_assessable": "List would not name it",
    "insufficient_evidence": "Too little known",
    "pending": "Not compared yet",
}

#: Status of a flag -> what people have said so far.
STATUSES = {
    "open": "Open",
    "appealed": "Under appeal",
    "in_review": "In review",
    "confirmed": "Confirmed",
    "published": "Published",
    "regressed": "Missing again",
    "needs_field_check": "Needs a field check",
    "unverifiable": "Cannot be verified",
    "deferred": "Deferred",
    "matched_existing": "Matched to an entry",
    "rejected": "Rejected",
    "resolved_by_release": "Resolved by a release",
    "withdrawn": "Withdrawn",
}

NAMELESS = "without a name"
UNKNOWN = "\N{EN DASH}"


def verdict(code: str) -> str:
    """Return what a verdict is called."""
    return VERDICTS.get(code, _spelt(code))


def status(code: str) -> str:
    """Return what a status is called."""
    return STATUSES.get(code, _spelt(code))


def _spelt(code: str) -> str:
    return code.replace("_", " ").capitalize()


def count(number: float | None) -> str:
    """Return a count with its thousands, a dash where there is none."""
    return UNKNOWN if number is None else f"{number:,.0f}"


def percent(share: float | None, digits: int = 0) -> str:
    """Return a share in per cent; never 0 or 100 where that is only rounded, because nothing here is certain."""
    if share is None:
        return UNKNOWN
    least, text = 10.0**-digits, f"{100 * share:.{digits}f}"
    if float(text) == 0 < share:
        return f"< {least:.{digits}f} %"
    if float(text) == 100 and share < 1:  # noqa: PLR2004 - per cent
        return f"> {100 - least:.{digits}f} %"
    return f"{text} %"


def span(low: float | None, high: float | None) -> str:
    """Return a range, empty where it is not known."""
    return "" if low is None or high is None else f"{count(low)} to {count(high)}"


def day(moment: datetime | date | None) -> str:
    """Return a moment as a day in words."""
    return UNKNOWN if moment is None else f"{moment.day} {moment:%B %Y}"


def read_at(report: Mapping[str, Any]) -> datetime:
    """Return the moment everything in a report was read at: that of a kept edition, else when it was worked out."""
    moment: datetime = report.get("made_at") or report["generated_at"]
    return moment


def several(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def summed(parts: Mapping[str, Any], name: str) -> str:
    """Return an estimate with its range in words; the reason where it is withheld."""
    if parts["estimate"] is None:
        return f"withheld: {parts['withheld']}" if parts.get("withheld") else "no usable count"
    within = span(parts["low"], parts["high"])
    return f"{count(parts['estimate'])} {name}" + (f" ({within})" if within else "")
