"""The tables of who lets whom in: invitations, coalitions of organisations, and what stewards show less of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from service.callers.caller import Role
from service.store.columns import Row, between, json, moment, one_of, sequence

_STANDING = "ended_at IS NULL"


class InvitationRow(Row, table=True):
    """A key that somebody may fetch once, with a token of which only a hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (one_of("role", Role),)

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str = Field(index=True)  # made known when it is accepted
    role: str
    scope: Any = json(nullable=True)  # as in `KeyRow`
    label: str
    hash: str = Field(unique=True)  # sha256 of the token, hexadecimal
    lasts_s: int | None  # how long the key opens; null: without end
    by_organisation: str | None  # null: the operator of the machine
    by_key: str | None
    created_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)  # accepted or revoked
    key_id: str | None  # that was made of it; null where it was revoked


class CoalitionRow(Row, table=True):
    """That one organisation agreed to share with another. They do while the other agreed to it too."""

    __tablename__ = "coalition"
    __table_args__ = (
        Index(
            None,
            "organisation",
            "partner",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
    )

    seq: int | None = sequence()
    organisation: str = Field(foreign_key="organisations.id")
    partner: str  # by its short name, whether it is here or not: an answer must not tell
    key_id: str | None
    given_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class LimitRow(Row, table=True):
    """How far a collection, or one record, is shown at most, whatever else is said of it. The narrowest holds."""

    __tablename__ = "limits"
    __table_args__ = (
        between("consent", 0, 5),
        between("sensitivity", 0, 3),
        Index(None, "organisation", "collection"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str = Field(foreign_key="organisations.id")
    collection: str | None  # null: of the record alone
    record_id: str | None = Field(foreign_key="records.id", index=True)
    consent: int  # its place among them, from the narrowest
    sensitivity: int  # its place, from open
    reason: str  # a code
    key_id: str | None
    created_at: datetime = moment()
    lifted_at: datetime | None = moment(nullable=True)
