"""What answers about official sources look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from service.api.answers import NameShown, PageShown, Probability, Shown


class SnapshotShown(Shown):
    """One state of one source: immutable, with its provenance."""

    sha256: str
    source: str
    connector: str
    title: str
    vintage: str
    vintage_kind: str
    licence: str
    licence_url: str | None
    attribution: str
    endpoint: str
    retrieved_at: datetime
    places: int
    observations: int
    problems: int = Field(description="rows that could not be read")
    coverage: dict[str, Any] = Field(description="what the list says it would list")
    current: bool
    bytes: int | None = Field(description="its weight in the archive; null where it was not measured yet")
    pruned_at: datetime | None = Field(description="when its content was removed, because nothing rested on it")


class SnapshotPage(PageShown):
    """Snapshots, newest first."""

    items: list[SnapshotShown]


class SourceShown(Shown):
    """A source and its present snapshot."""

    id: str
    connector: str
    title: str
    last_checked_at: datetime | None
    last_error: str | None = Field(description="for reviewers only")
    current: SnapshotShown | None
    bytes: int = Field(description="the weight of all its snapshots in the archive")
    schedule: str | None = Field(description="when it is brought up to date by itself, as cron writes it; UTC")
    due_at: datetime | None = Field(description="when next")
    under_way_since: datetime | None = Field(description="when the sync began that is under way")
    broken_off_at: datetime | None = Field(description="when a sync began that died; what was present before still is")


class SourcesShown(Shown):
    """All sources."""

    numberReturned: int  # noqa: N815 - as OGC API Features names it
    bytes: int = Field(description="the weight of all snapshots in the archive")
    items: list[SourceShown]


class PlaceShown(Shown):
    """A place as an official list names it."""

    source: str
    id: str
    name: str | None
    names: list[NameShown]
    country: str | None
    admin: dict[str, str]
    lat: float | None
    lon: float | None
    r95_m: float | None
    kind: str | None
    level: str | None
    parent: str | None
    vintage: str
    snapshot: str
    similarity: Probability | None = Field(description="of the name asked for and the nearest of its names")
    distance_m: float | None = Field(description="from the point asked for")


class PlacesShown(Shown):
    """Places, the best answer first."""

    numberReturned: int  # noqa: N815 - as OGC API Features names it
    items: list[PlaceShown]


class AliveShown(Shown):
    """The process answers."""

    status: Literal["ok"]


class ReadyShown(Shown):
    """The service can be asked; nothing can be kept where it can only be read."""

    status: Literal["ready", "reading only"]
    checks: dict[str, str]
