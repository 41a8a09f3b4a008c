"""What a gap report looks like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.answers import FlagShown, Shown, Texts
from service.api.answers_official import SnapshotShown


class AskedTagsShown(Shown):
    """Tags that the flags of a report bear: one of each list that is not empty."""

    sdg: Texts
    factor: Texts
    theme: Texts


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
    snapshots: list[SnapshotShown] = Field(description="what the findings rest on")
    models: Texts = Field(description="versions of the model and its parameters")
    measured_error: list[MeasuredErrorShown] = Field(description="how often each of the models was right where known")
    limits: Texts = Field(description="what the report does not say")
    items: list[FlagShown] = Field(description="the flags, oldest first")
