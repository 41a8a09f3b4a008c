"""The tables of what states publish: which sources are followed, and the catalogue of their snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from service.store.columns import Row, json, moment, sequence


class SourceRow(Row, table=True):
    """A configured source. Its options hold no secret."""

    __tablename__ = "sources"

    id: str = Field(primary_key=True)
    connector: str
    title: str
    options: Any = json()
    created_at: datetime = moment()
    last_checked_at: datetime | None = moment(nullable=True)
    last_error: str | None


class SnapshotRow(Row, table=True):
    """A snapshot in the catalogue; its content lies in the archive."""

    __tablename__ = "snapshots"
    __table_args__ = (
        Index(
            "uq_snapshots_current",  # one current snapshot per source
            "source",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        CheckConstraint("places >= 0 AND observations >= 0 AND problems >= 0", name="sizes"),
    )

    seq: int | None = sequence()
    sha256: str = Field(unique=True)
    source: str = Field(foreign_key="sources.id")
    connector: str
    title: str
    vintage: str
    vintage_kind: str
    licence: str
    licence_url: str | None
    attribution: str
    endpoint: str
    retrieved_at: datetime = moment()
    places: int
    observations: int
    problems: int
    coverage: Any = json()
    current: bool
    bytes: int | None = Field(sa_type=BigInteger)  # in the archive; null: not measured yet
    pruned_at: datetime | None = moment(nullable=True)  # when its content was removed; what it was stays known
    created_at: datetime = moment()


class StateRow(Row, table=True):
    """The state a source said it was in when its snapshot was fetched, so that asking for that may do."""

    __tablename__ = "source_states"

    source: str = Field(primary_key=True, foreign_key="sources.id")
    fingerprint: str  # of its connector, that one's version, and its options
    state: str
    snapshot: str = Field(foreign_key="snapshots.sha256")
    fetched_at: datetime = moment()
