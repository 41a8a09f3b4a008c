"""What a gap report looks like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.answers import Probability, Shown, Texts
from service.api.answers_flag import FlagShown
from service.api.answers_official import SnapshotShown
from service.api.answers_release import VisibleShown
from service.store.values import FlagStatus


class AskedTagsShown(Shown):
    """Tags that the flags of a report bear: one of each list that is not empty."""

    sdg: Texts
    factor: Texts
    theme: Texts
    group: Texts


class ScopeShown(Shown):
    """What a report is about; null means everywhere, every list, everybody."""

    country: str | None
    admin: str | None
    source: str | None
    organisation: str | None
    tags: AskedTagsShown


class PeopleShown(Shown):
    """Whom the communities not found on a list hold: an estimate in persons with a 95 % range."""

    estimate: int | None
    low: int | None
    high: int | None
    communities: int = Field(description="whose counts were added up")
    without_count: int = Field(description="without a usable count, so not in the estimate")
    overlapping: int = Field(description="left out because a larger one may include them")
    withheld: str | None = Field(description="why there is no number, where it is too small to be published")


class MissingShown(Shown):
    """People that official counts leave out of listed communities: an estimate in persons with a 90 % range."""

    estimate: int | None
    low: int | None
    high: int | None
    communities: int = Field(description="whose shortfalls were added up")
    overlapping: int = Field(description="left out because a larger shortfall is of the same official count")
    other_units: int = Field(description="left out because households or dwellings are not people")
    withheld: str | None = Field(description="why there is no number, or what it leaves out")


class UndercountShown(Shown):
    """One official count found short; numbers that would tell where a blurred community is are null."""

    flag_id: str
    status: FlagStatus
    probability: Probability = Field(description="that the list covers less than nine tenths")
    publishable: bool = Field(description="whether it is of the largest list with few enough expected to be false")
    unit: str
    shortfall: float | None
    ratio: float | None = Field(description="official over true count: the median, with a 90 % range")
    ratio_low: float | None
    ratio_high: float | None


class UndercountsShown(Shown):
    """Communities whose official counts are too low, the surest first."""

    items: list[UndercountShown]
    without_test: int = Field(description="flags whose test rests on records this caller is not shown")
    publishable: int
    expected_false: float = Field(description="how many of the publishable ones are expected to be false")
    false_at_most: Probability = Field(description="share of a published list that may be expected to be false")
    people: MissingShown = Field(description="of the publishable ones")
    note: str


class RegionShown(Shown):
    """Communities of one administrative unit; null where there are too few to be told."""

    area: str | None = Field(description="null: they name no unit of this level, or it is not shown")
    hidden: int | None
    undercount: int | None
    in_review: int | None
    consistent: int | None
    withheld: str | None


class RegionsShown(Shown):
    """Where the gaps lie, by the level that most communities name; those with the most gaps first."""

    level: str | None
    items: list[RegionShown]


class FigureShown(Shown):
    """A measured figure with its 95 % interval; null where there was nothing to measure it on."""

    value: float | None
    low: float | None
    high: float | None
    of: int = Field(description="records it was measured on")


class MeasuredSetShown(Shown):
    """One set of records whose truth is known, and how often findings about them were right."""

    sort: str = Field(description="`labelled`: people said what is true; `hold-out`: part of a list was hidden")
    name: str
    records: int
    hidden: int
    figures: dict[str, FigureShown]


class MeasuredErrorShown(Shown):
    """How often findings of one version of the parameters were measured to be right; no sets where nobody did."""

    parameters: str
    sentence: str
    sets: list[MeasuredSetShown]


class ReleaseShown(Shown):
    """One release of a list, and how many communities of the scope it names that were missing before."""

    source: str
    vintage: str
    snapshot: str
    made_visible: VisibleShown


class GapReportShown(Shown):
    """What was found in a scope, what it rests on, and what it does not say."""

    scope: ScopeShown
    generated_at: datetime
    verdicts: dict[str, int] = Field(description="records per verdict, as far as the caller may count them")
    statuses: dict[str, int] = Field(description="flags per status, as far as the caller may count them")
    by_tag: dict[str, dict[str, int | None]] = Field(
        description="flags per tag, by kind, as far as the caller may count them; null where it is under ten"
    )
    people: PeopleShown
    undercounts: UndercountsShown
    regions: RegionsShown
    snapshots: list[SnapshotShown] = Field(description="what the findings rest on")
    models: Texts = Field(description="versions of the model and its parameters")
    measured_error: list[MeasuredErrorShown] = Field(description="how often each of the models was right where known")
    releases: list[ReleaseShown] = Field(description="of the lists it rests on, the newest first, at most twenty")
    limits: Texts = Field(description="what the report does not say")
    items: list[FlagShown] = Field(description="the flags, oldest first")
