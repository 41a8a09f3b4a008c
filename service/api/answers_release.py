"""What the comparison of two snapshots looks like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date as day

from pydantic import Field

from matchers.releases.diff import Change
from service.api.answers import PageShown, Shown
from service.api.answers_official import SnapshotShown


class VisibleShown(Shown):
    """How many communities that were missing a release names."""

    communities: int | None = Field(description="as far as the caller may count them; null where under ten")
    withheld: str | None


class OfficialCountShown(Shown):
    """An official count, or the reason why there is none."""

    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    group: str | None
    date: day | None
    status: str | None


class ChangeShown(Shown):
    """One entry of a list that is not as it was. What it was is null for one that was added, or is gone."""

    id: str = Field(description="its identifier; of one that was removed, the last it had")
    changes: list[Change]
    previous_id: str | None
    name: str | None
    previous_name: str | None
    country: str | None
    admin: dict[str, str | None]
    kind: str | None
    level: str | None
    parent: str | None
    lat: float | None
    lon: float | None
    previous_lat: float | None
    previous_lon: float | None
    moved_m: float | None = Field(description="how far its point moved, in metres")
    counts: list[OfficialCountShown]
    previous_counts: list[OfficialCountShown]


class DiffPage(PageShown):
    """What one snapshot says otherwise than another, in the order of the later list; what went comes last."""

    before: SnapshotShown
    after: SnapshotShown
    counted: dict[str, int] = Field(description="entries by what became of them, whatever was asked for")
    made_visible: VisibleShown
    items: list[ChangeShown]
