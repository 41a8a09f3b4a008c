"""The tables of the desk: who is at work on which flag, and browsers in which the desk was opened with a key."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from service.store.columns import Row, moment


class FlagClaimRow(Row, table=True):
    """Who is at work on a flag, and until when. One that ran out counts for nothing, and goes with the next one."""

    __tablename__ = "flag_claims"

    flag_id: str = Field(primary_key=True, foreign_key="flags.id")
    key_id: str = Field(foreign_key="keys.id", index=True)
    since: datetime = moment()
    until: datetime = moment()


class DeskSessionRow(Row, table=True):
    """One browser in which somebody opened the desk with a key, under the digest of a secret only the browser holds."""

    __tablename__ = "desk_sessions"

    digest: str = Field(primary_key=True)
    key_id: str = Field(foreign_key="keys.id", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
