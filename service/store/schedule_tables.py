"""The tables of what runs by itself: when each source is due, and who is just at work on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from service.store.columns import Row, moment


class ScheduleRow(Row, table=True):
    """When a source is next due. Sources that were never scheduled have no row."""

    __tablename__ = "schedules"

    source: str = Field(primary_key=True, foreign_key="sources.id")
    own: str | None  # cron expression, or "off"; null: the schedule of the settings holds
    due_by: str | None  # the expression from which `due_at` was worked out
    due_at: datetime | None = moment(nullable=True)


class LeaseRow(Row, table=True):
    """Who is at work on something, of which only one may be. A holder that died leaves its row to run out."""

    __tablename__ = "leases"
    __table_args__ = (CheckConstraint("attempts >= 1", name="attempts"),)

    name: str = Field(primary_key=True)
    holder: str
    since: datetime = moment()
    until: datetime = moment()
    attempts: int  # of the same work; more than one where holders before died over it
