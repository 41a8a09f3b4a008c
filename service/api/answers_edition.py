"""What editions of gap reports look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.api.answers import PageShown, Probability, Shown, Texts
from service.api.answers_flag import FlagShown
from service.api.answers_official import SnapshotShown
from service.api.answers_report import (
    MeasuredErrorShown,
    PeopleShown,
    RegionsShown,
    ReleaseShown,
    ScopeShown,
    UndercountsShown,
)
from service.gap_reports.edition import Audience, Licence
from service.store.values import FlagStatus


class EditionShown(Shown):
    """One edition of a gap report, without its flags."""

    id: str
    edition: int = Field(description="its number within its scope")
    scope: ScopeShown
    state: Literal["waiting", "made"]
    public: bool = Field(description="whether everybody may read its public edition")
    licence: Licence
    previous: str | None = Field(description="the edition before it, of the same scope")
    created_at: datetime
    made_at: datetime | None = Field(description="the moment everything in it was read at")


class EditionPage(PageShown):
    """Editions, oldest first."""

    items: list[EditionShown]


class SinceShown(Shown):
    """What became of flags since the edition before."""

    new: int
    published: int
    resolved: int = Field(description="named by a release since")
    regressed: int


class DecidedShown(Shown):
    """How often people decided something for a reason."""

    decision: FlagStatus
    reason_code: str
    number: int


class FrozenReportShown(Shown):
    """A gap report as it stood when it was made, without what was taken back since."""

    id: str
    edition: int
    audience: Audience
    made_at: datetime
    public: bool
    licence: Licence
    cite: str = Field(description="the sentence to cite it by")
    reissued: bool = Field(description="whether anything was taken out since it was made")
    taken_out: int | None = Field(description="how many flags; told in the restricted edition")
    content: str = Field(description="digest of the flags: two readings with the same one hold the same")
    previous: str | None
    since_previous: SinceShown | None
    flags: int
    scope: ScopeShown
    verdicts: dict[str, int]
    statuses: dict[str, int]
    by_tag: dict[str, dict[str, int | None]]
    people: PeopleShown
    undercounts: UndercountsShown
    regions: RegionsShown
    snapshots: list[SnapshotShown] = Field(description="what the findings rest on")
    models: Texts
    measured_error: list[MeasuredErrorShown]
    releases: list[ReleaseShown] = Field(description="with the communities each made visible")
    limits: Texts
    decisions: list[DecidedShown] = Field(description="by decision and reason; told in the restricted edition")
    methods: Texts
    items: list[FlagShown] = Field(description="the flags as they stood then, oldest first")


class SideShown(Shown):
    """How a flag stood in one edition."""

    status: FlagStatus
    verdict: str
    subtype: str | None
    probability: Probability | None


class ChangeShown(Shown):
    """What became of one flag."""

    flag_id: str
    change: Literal["new", "gone", "resolved", "regressed", "published", "confirmed", "dismissed", "changed"]
    before: SideShown | None
    after: SideShown | None


class DifferenceShown(Shown):
    """Two editions beside one another, as one audience may see both."""

    before: str = Field(description="how the one is cited")
    after: str
    counted: dict[str, int] = Field(description="flags by what became of them")
    same: int
    items: list[ChangeShown]
