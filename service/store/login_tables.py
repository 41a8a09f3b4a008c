"""The tables of people who sign in, and of their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from service.store.columns import Row, moment


class UserRow(Row, table=True):
    """Somebody who may sign in. They act through a key of their own that nobody holds, which says whose and as what."""

    __tablename__ = "users"

    id: str = Field(primary_key=True)
    email: str = Field(index=True)  # in small letters; empty once they were removed
    subject: str | None = Field(unique=True)  # "issuer subject", once they first signed in
    key_id: str = Field(foreign_key="keys.id", unique=True)
    invited_at: datetime = moment()
    removed_at: datetime | None = moment(nullable=True)


class SessionRow(Row, table=True):
    """One browser in which somebody signed in, under the digest of a secret that only the browser holds."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
