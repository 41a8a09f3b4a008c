"""The tables of frozen gap reports: which revisions, findings and decisions an edition rests on, not what they say.

What a community said stays in one place, so that erasing it there erases it from every edition.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from service.store.columns import Row, json, moment, sequence


class GapReportRow(Row, table=True):
    """One edition of the gap report of a scope; it waits until it was made, and is never changed afterwards."""

    __tablename__ = "gap_reports"
    __table_args__ = (
        UniqueConstraint("scope_key", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    scope: Any = json()  # what it is about
    scope_key: str  # sha256 of the scope
    number: int  # of the edition within its scope
    previous_id: str | None  # the edition before it, of the same scope
    public: bool  # everybody may read its public edition
    licence: str  # SPDX, of the report itself
    organisation: str | None  # that made it; null: the operator of the machine
    key_id: str | None
    flags: int
    told: Any = json(nullable=True)  # numbers counted by the database then, and what they rest on; null: it waits
    created_at: datetime = moment()
    made_at: datetime | None = moment(nullable=True)  # the moment everything in it was read at


class GapReportItemRow(Row, table=True):
    """One flag of an edition as it stood then; of its records no more than which revisions and findings."""

    __tablename__ = "gap_report_items"

    report: int = Field(foreign_key="gap_reports.seq", primary_key=True, sa_type=BigInteger)
    place: int = Field(primary_key=True, sa_type=BigInteger)  # the flag's own: oldest first
    flag_id: str = Field(index=True)
    record_id: str  # that spoke for the community
    status: str
    version: int
    verdict: str
    subtype: str | None
    source: str | None
    p_absent: float | None
    combined: Any = json(nullable=True)  # what the counts of several records came to together
    outside: bool  # everybody could read it then
    created_at: datetime = moment()  # of the flag
    updated_at: datetime = moment()
    basis: Any = json()  # by record of the community: revision, verdict and findings then (`service.store.frozen`)
