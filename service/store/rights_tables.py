"""The tables of what keeps communities from being shown: emergency holds, and the tombstones of what was taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from service.store.columns import Row, between, moment, sequence


class HoldRow(Row, table=True):
    """What is hidden from everybody outside until it is lifted. What is null does not narrow it."""

    __tablename__ = "holds"
    __table_args__ = (
        between("south", -90, 90),
        between("north", -90, 90),
        between("west", -180, 180),
        between("east", -180, 180),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    country: str | None
    admin: str | None
    people: str | None  # a group of people, by a name of it
    organisation: str | None
    collection: str | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    reason: str  # never shown outside
    until: datetime | None = moment(nullable=True)  # null: until somebody lifts it
    by_organisation: str | None  # null: the operator of the machine
    key_id: str | None
    created_at: datetime = moment()
    lifted_at: datetime | None = moment(nullable=True)


class TombstoneRow(Row, table=True):
    """A flag or record that others had seen and see no longer: whoever copied it removes it. Rows are only added."""

    __tablename__ = "tombstones"
    __table_args__ = (Index(None, "noun", "noun_id"),)

    seq: int | None = sequence()
    noun: str  # flag or record
    noun_id: str
    organisation: str  # whose it was, which is always told
    public: bool  # everybody had seen it
    reviewers: bool  # reviewers of other organisations had
    created_at: datetime = moment(index=True)
