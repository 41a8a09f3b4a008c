"""What the counts of a matched pair say, in one sentence or two, and as the numbers a finding keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matchers.base import Verdict
from matchers.counting.comparability import Comparable
from matchers.counting.posterior import Coverage
from matchers.judging.verdict import Counted

_LONG = 1.0  # years from which on growth is spoken of


def struct_of(pair: Comparable, found: Coverage, detectable: float | None) -> dict[str, Any]:
    """Return a test of counts as `matchers.base.COUNTED` keeps it; `detectable` as `matchers.counting.power` has it."""
    low, high = pair.official
    return {
        "citizen": pair.citizen,
        "official_low": low,
        "official_high": high,
        "unit": pair.unit,
        "group": pair.group or None,
        "method": pair.method.code,
        "spread": pair.s,
        "years": pair.years,
        "growth": pair.growth.log,
        "p_under": found.p_under,
        "p_over": found.p_over,
        "ratio": found.median,
        "ratio_low": found.low,
        "ratio_high": found.high,
        "shortfall": found.shortfall,
        "detectable": detectable,
        "gap": pair.gap.sigma,
        "noise": pair.published.mechanism.sd,
        "coherent": not pair.incoherent,
    }


def tested_reason(pair: Comparable, found: Coverage, counted: Counted, detectable: float | None) -> str:
    """Return what two counts say: the numbers, when and how they were made, growth, the interval, the conclusion."""
    low, high = pair.official
    official = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    how = "" if not pair.method.conclusive else f" by {pair.method.spoken}"
    mine = f"{pair.citizen:,.0f} {pair.some}" if pair.some else f"{pair.citizen:,.0f}"
    both = f"The list counts {official} {pair.unit}, the record {mine}{how} ({_years(pair)})"
    first = f"{both}{_growth(pair)}: {_conclusion(pair, found, counted, detectable)}."
    return " ".join((first, *(f"{note[0].upper()}{note[1:]}." for note in _notes(pair, counted))))


def _years(pair: Comparable) -> str:
    theirs, mine = (f"{day:%Y}" for day in pair.days)
    return f"both {mine}" if mine == theirs else f"{theirs} and {mine}"


def _growth(pair: Comparable) -> str:
    years = abs(pair.years)
    if years < _LONG:
        return ""
    span = f"{years:.0f} year{'s' if round(years) != 1 else ''}"
    if pair.growth.per_year is None:
        return f", no growth rate being known for the {span} between"
    by = ", ".join(part for part in (pair.growth.whose, pair.growth.source) if part)
    return f", growing by {_percent(pair.growth.per_year, 1)} a year over {span} ({by})"


def _conclusion(pair: Comparable, found: Coverage, counted: Counted, detectable: float | None) -> str:
    interval = f"90 % interval {_percent(found.low)} to {_percent(found.high)}"
    covers = f"it covers {_percent(found.median)} of them ({interval})"
    short = f"the official count is short by at least a tenth with probability {found.p_under:.2f}"
    if "method_unknown" in counted.attributes:
        return "but nobody knows how the record's number was made, so it proves nothing"
    if "lower_bound" in counted.attributes and counted.verdict != Verdict.UNDERCOUNT:
        return "there are at least so many, which the list does not contradict"
    if "overcount" in counted.attributes:
        over = f"the official count is more than a tenth too high with probability {found.p_over:.2f}"
        return f"{over}, so check whether their boundaries agree"
    said = {
        Verdict.UNDERCOUNT: f"{short}; {covers}",
        Verdict.CONSISTENT: f"the two agree within what such counts can differ; {covers}",
        Verdict.STALE_OFFICIAL: f"but {abs(pair.years):.0f} years lie between them",
        Verdict.NEEDS_REVIEW: f"{short}, which a person should look at; {covers}",
    }
    return said.get(counted.verdict) or _undecided(detectable)


def _undecided(detectable: float | None) -> str:
    power = "no list could have been shown to be short by such counts"
    if detectable is not None:
        power = f"such counts could only have shown a list that covers less than {_percent(detectable)}"
    return f"which is too close, or too uncertain, to tell them apart; {power}"


def _percent(share: float, decimals: int = 0) -> str:
    return f"{100 * share:.{decimals}f} %"


def _notes(pair: Comparable, counted: Counted) -> Iterator[str]:
    if pair.gap.said and counted.verdict in {Verdict.NEEDS_REVIEW, Verdict.INSUFFICIENT_EVIDENCE}:
        yield pair.gap.said
    yield from pair.notes
