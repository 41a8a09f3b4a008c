"""The tables of what organisations declare about their collections, and of how these were graded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from service.store.columns import Row, json, moment, sequence


class PassportRow(Row, table=True):
    """One version of a collection's passport. The database refuses to change or delete it; the latest holds."""

    __tablename__ = "passports"
    __table_args__ = (
        UniqueConstraint("organisation", "collection", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    seq: int | None = sequence()
    organisation: str = Field(foreign_key="organisations.id")
    collection: str
    version: int
    fingerprint: str  # of the body
    body: Any = json()
    key_id: str | None
    created_at: datetime = moment()


class GradeRow(Row, table=True):
    """How a collection was graded once, by which policy. The database refuses to change or delete it."""

    __tablename__ = "quality_grades"
    __table_args__ = (
        CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade"),
        Index(None, "organisation", "collection"),
    )

    seq: int | None = sequence()
    organisation: str = Field(foreign_key="organisations.id")
    collection: str
    passport: int  # the version of it
    policy: str  # version of the policy
    grade: str
    records: int  # how many the collection held then
    facts: Any = json()  # what its records showed
    body: Any = json()  # every criterion with its score and reason
    created_at: datetime = moment()
