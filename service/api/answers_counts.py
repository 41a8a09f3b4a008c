"""What the counts behind a flag look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from matchers.base import Verdict
from service.api.answers import Probability, Shown, Texts, Withheld


class CombinedShown(Shown):
    """One count from those of several records, with a 95 % range."""

    unit: str
    value: int
    low: int
    high: int
    day: date = Field(description="of the latest count in it")
    floor: float | None = Field(description="the greatest count of some of the people; nothing falls below it")
    counts: int = Field(description="how many were combined")
    conflicting: bool = Field(description="they differ by more than their errors allow, or more than twofold")
    attributes: Texts
    sentence: str


class ClaimShown(Shown):
    """One record's count of everybody, in the unit of the common one, with a 95 % range."""

    record_id: str
    organisation: str
    value: float
    low: float
    high: float | None = Field(description="null: it counts some of the people, and nobody can say how many more")
    method: str
    date: date
    part: str = Field(
        description="combined, alone, lower_bound; or why it is left out: method_unknown, official_copy, other_date, "
        "in_the_future, quality_too_low"
    )
    weight: Probability | None = Field(description="in the mean of the logarithms")


class NamedListShown(Shown):
    """An official list."""

    source: str | None
    title: str | None
    vintage: str | None
    snapshot: str | None


class TestShown(Shown):
    """What a count says about one official count; what may not be told is null."""

    list: NamedListShown
    official_id: str | None
    verdict: Verdict | None = Field(description="null: see the finding")
    citizen: float | None
    official_low: float | None
    official_high: float | None
    unit: str | None
    group: str | None
    method: str | None = Field(description="of the citizen count; null where several were combined")
    spread: float | None = Field(description="total standard deviation on the log scale")
    years: float | None = Field(description="from the official to the citizen date")
    growth: float | None = Field(description="log growth applied over these years")
    p_under: Probability = Field(description="that the list covers less than nine tenths")
    p_over: Probability
    ratio: float | None = Field(description="official over true count: the median, with a 90 % range")
    ratio_low: float | None
    ratio_high: float | None
    shortfall: float | None = Field(description="in `unit`, at the median")
    detectable: float | None = Field(description="greatest ratio at which such counts could have shown an undercount")
    gap: float | None = Field(default=None, description="of the spread: boundaries or universes that differ")
    noise: float | None = Field(default=None, description="standard deviation of what the publisher added, in `unit`")
    coherent: bool | None = Field(default=None, description="whether the list's own numbers about this entry add up")


class CountsShown(Shown):
    """The counts behind a flag, as far as the caller may see them."""

    flag_id: str
    verdict: Verdict
    combined: CombinedShown | None = Field(description="null where fewer than two counts can be combined")
    claims: list[ClaimShown] = Field(description="the counts of the records that the caller works with")
    tests: list[TestShown] = Field(description="one for each list; the first is the one that the verdict rests on")
    withheld: Withheld
