"""The tables of what releases bring: entries under new codes, and our own codes of places no list names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from service.store.columns import Row, moment, sequence


class RecodingRow(Row, table=True):
    """The same entry of a source under a later identifier. The database refuses to change or delete it."""

    __tablename__ = "recodings"
    __table_args__ = (Index(None, "source", "earlier"),)

    seq: int | None = sequence()
    source: str = Field(foreign_key="sources.id")
    earlier: str
    later: str
    snapshot: str = Field(foreign_key="snapshots.sha256")  # that brought the later one
    created_at: datetime = moment()


class ProvisionalCodeRow(Row, table=True):
    """What an unlisted community is called by us until a list names it. Never changed, never given to another."""

    __tablename__ = "provisional_codes"

    code: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="communities.id", unique=True)
    created_at: datetime = moment()
