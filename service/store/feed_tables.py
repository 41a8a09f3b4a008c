"""The tables of the change feed: what each audience was shown last of each flag, and up to when time alone was told.

Nothing here says what was shown: only a digest, and since which event it is so.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from service.store.columns import Row, moment


class FaceRow(Row, table=True):
    """One flag as one audience saw it last; `face` is empty where it saw it once and sees it no longer."""

    __tablename__ = "shown_faces"

    audience: str = Field(primary_key=True)  # a digest of what they may (`service.changes.audience`), or a webhook
    flag_id: str = Field(primary_key=True)
    face: str  # digest of what was shown
    seq: int = Field(sa_type=BigInteger)  # of the last event when it was first found to be so


class PassedRow(Row, table=True):
    """Up to which moment it was told what came about by time alone: embargoes and holds that ended. One row."""

    __tablename__ = "passed_moments"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: int = Field(primary_key=True)
    until: datetime = moment()
