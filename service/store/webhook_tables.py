"""The tables of webhooks: who is told what, where, and what became of each message."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from service.store.columns import Row, json, moment, one_of, sequence

_WAITS = "state = 'waiting'"


class DeliveryState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"  # for its first attempt, or the next
    DELIVERED = "delivered"
    FAILED = "failed"  # given up; it goes again when the webhook is switched on, or when somebody says so


class WebhookRow(Row, table=True):
    """An address that is told what changes for whoever may see as much as the key it was made with.

    Of its secret nothing is kept: it follows from the secret key of the service, the identifier and the generation.
    """

    __tablename__ = "webhooks"
    __table_args__ = (CheckConstraint("generation >= 1", name="generation"),)

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str = Field(foreign_key="organisations.id", index=True)
    key_id: str = Field(foreign_key="keys.id")
    url: str
    label: str
    types: Any = json()  # of messages; none: all
    countries: Any = json()  # ISO 3166-1 alpha-3; none: all
    kinds: Any = json()  # of place; none: all
    generation: int  # of its secret
    sealed_by: str  # which secret key of the service it follows from, by a digest
    previous_until: datetime | None = moment(nullable=True)  # the secret before this one signs too until then
    audience: str  # digest of what its key may see, when it was told last
    event: int = Field(sa_type=BigInteger)  # the last event that it was told of
    flag: int = Field(sa_type=BigInteger)  # within the next one, the last flag
    number: int = Field(sa_type=BigInteger)  # of its last message
    failures: int  # attempts that failed since one succeeded
    failing_since: datetime | None = moment(nullable=True)
    rests_until: datetime | None = moment(nullable=True)  # nothing is sent before
    disabled_at: datetime | None = moment(nullable=True)
    disabled_for: str | None  # why, in a word of ours
    created_at: datetime = moment()
    updated_at: datetime = moment()


class DeliveryRow(Row, table=True):
    """One message for one webhook, and what became of it. Of what is delivered no copy is kept."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook", "number"),
        one_of("state", DeliveryState),
        Index(None, "webhook", "due_at", sqlite_where=text(_WAITS), postgresql_where=text(_WAITS)),
        Index(None, "webhook", "flag_id"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)  # the same however often it is sent
    webhook: int = Field(foreign_key="webhooks.seq", sa_type=BigInteger)
    number: int = Field(sa_type=BigInteger)  # rises by one
    type: str
    flag_id: str | None  # null: it is about no flag
    body: str | None  # as it is sent; null: it is made when it is sent
    exposure: str | None  # digest of how much it shows
    state: str
    attempts: int
    due_at: datetime = moment()
    attempted_at: datetime | None = moment(nullable=True)
    status: int | None  # of the last answer
    milliseconds: int | None  # that it took
    failure: str | None  # why there was none, in a word of ours
    created_at: datetime = moment()  # of what it tells
    ended_at: datetime | None = moment(nullable=True)
