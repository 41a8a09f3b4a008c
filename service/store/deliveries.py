"""Deliveries: messages for webhooks, and what became of each. Of what was delivered no copy is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from service.store.engine import Session
from service.store.filters import cursor_at, page_size, place_of
from service.store.values import Page
from service.store.webhook_tables import DeliveryRow, DeliveryState, WebhookRow
from service.store.webhooks import Webhook

WEBHOOKS, DELIVERIES = WebhookRow.__table__, DeliveryRow.__table__

__all__ = ["Attempt", "Delivery", "DeliveryState"]

_WAITS = DELIVERIES.c.state == DeliveryState.WAITING.value


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message, as it is sent however often, and what became of it."""

    id: str
    number: int  # within its webhook
    type: str
    flag_id: str | None
    created_at: datetime  # of what it tells
    due_at: datetime
    body: str | None = None  # None: it is made when it is sent
    exposure: str | None = None
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    attempted_at: datetime | None = None
    status: int | None = None
    milliseconds: int | None = None
    failure: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended."""

    state: DeliveryState
    due_at: datetime  # of the next one
    at: datetime
    status: int | None
    milliseconds: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may be sent now, and whose it is."""

    webhook_id: str
    delivery_id: str


def add(session: Session, webhook: Webhook, some: Sequence[Delivery]) -> None:
    """Keep messages for a webhook, in the transaction that moves it on."""
    if some:
        session.execute(insert(DELIVERIES), [{"webhook": webhook.seq, **_row(one)} for one in some])


def due(session: Session, at: datetime) -> list[Due]:
    """Return one message for each webhook that has any to send, the one that waited longest.

    A webhook that was switched off, or that rests after a failure, has none.
    """
    first = (
        select(DELIVERIES.c.webhook, func.min(DELIVERIES.c.seq).label("seq"))
        .where(_WAITS, DELIVERIES.c.due_at <= at)
        .group_by(DELIVERIES.c.webhook)
        .subquery()
    )
    ready = WEBHOOKS.c.disabled_at.is_(None), or_(WEBHOOKS.c.rests_until.is_(None), WEBHOOKS.c.rests_until <= at)
    query = (
        select(WEBHOOKS.c.id, DELIVERIES.c.id)
        .select_from(
            first.join(WEBHOOKS, WEBHOOKS.c.seq == first.c.webhook).join(DELIVERIES, DELIVERIES.c.seq == first.c.seq)
        )
        .where(*ready)
    )
    return [Due(*row) for row in session.execute(query.order_by(DELIVERIES.c.seq))]


def get(session: Session, webhook: Webhook, delivery_id: str) -> Delivery | None:
    """Return one message of a webhook, None where there is none."""
    query = select(DELIVERIES).where(DELIVERIES.c.webhook == webhook.seq, DELIVERIES.c.id == delivery_id)
    row = session.execute(query).one_or_none()
    return None if row is None else _delivery(row)


def page(
    session: Session, webhook: Webhook, state: DeliveryState | None, cursor: tuple[str | None, int]
) -> Page[Delivery]:
    """Return one page of the messages of a webhook, the newest first; `cursor` is the last one before it, and how many.

    Nothing follows one that is not there any more.
    """
    after, limit = cursor[0], page_size(cursor[1])
    query = select(DELIVERIES).where(DELIVERIES.c.webhook == webhook.seq)
    if state is not None:
        query = query.where(DELIVERIES.c.state == state.value)
    if after is not None:
        query = query.where(DELIVERIES.c.seq < place_of(DELIVERIES, after).scalar_subquery())
    rows = session.execute(query.order_by(DELIVERIES.c.seq.desc()).limit(limit + 1)).all()
    return Page(tuple(map(_delivery, rows[:limit])), cursor_at(rows[limit - 1].seq) if len(rows) > limit else None)


def claim(session: Session, delivery: Delivery) -> bool:
    """Note that a message is sent now, before it is; False where another process did, or it waits no more."""
    mine = DELIVERIES.c.id == delivery.id, _WAITS, DELIVERIES.c.attempts == delivery.attempts - 1
    names = ("type", "body", "exposure", "attempts", "due_at", "attempted_at")
    values = {name: getattr(delivery, name) for name in names}
    return bool(session.execute(update(DELIVERIES).where(*mine).values(values)).rowcount)


def note(session: Session, delivery_id: str, attempt: Attempt) -> None:
    """Note how an attempt ended; of what is delivered the content is forgotten."""
    ended = attempt.state is not DeliveryState.WAITING
    values = {
        "state": attempt.state.value,
        "due_at": attempt.due_at,
        "status": attempt.status,
        "milliseconds": attempt.milliseconds,
        "failure": attempt.failure,
        "ended_at": attempt.at if ended else None,
        **({"body": None} if ended else {}),
    }
    session.execute(update(DELIVERIES).where(DELIVERIES.c.id == delivery_id, _WAITS).values(values))


def empty(session: Session, webhook: Webhook, flag_ids: Sequence[str]) -> None:
    """Forget what messages that wait say about flags that are shown no longer."""
    about = DELIVERIES.c.webhook == webhook.seq, DELIVERIES.c.flag_id.in_(list(flag_ids))
    if flag_ids:
        session.execute(update(DELIVERIES).where(*about).values(body=None, exposure=None))


def give_up(session: Session, webhook: Webhook, at: datetime) -> None:
    """Let nothing wait for a webhook that is switched off."""
    values = {"state": DeliveryState.FAILED.value, "body": None, "exposure": None, "ended_at": at}
    session.execute(update(DELIVERIES).where(DELIVERIES.c.webhook == webhook.seq, _WAITS).values(values))


def again(session: Session, webhook: Webhook, at: datetime, delivery_id: str | None = None) -> int:
    """Let one message be sent again, or all that were given up, and return how many; they count as never attempted."""
    these = [DELIVERIES.c.webhook == webhook.seq]
    these.append(
        DELIVERIES.c.state == DeliveryState.FAILED.value if delivery_id is None else DELIVERIES.c.id == delivery_id
    )
    values = {"state": DeliveryState.WAITING.value, "attempts": 0, "due_at": at, "ended_at": None}
    return int(session.execute(update(DELIVERIES).where(*these).values(values)).rowcount)


def forget(session: Session, before: datetime) -> int:
    """Forget messages that ended before a moment, and return how many."""
    return int(session.execute(delete(DELIVERIES).where(DELIVERIES.c.ended_at < before)).rowcount)


def waiting(session: Session) -> tuple[int, datetime | None]:
    """Return how many messages wait, of webhooks that are on, and since when the oldest does."""
    query = (
        select(func.count(), func.min(DELIVERIES.c.created_at))
        .select_from(DELIVERIES.join(WEBHOOKS, WEBHOOKS.c.seq == DELIVERIES.c.webhook))
        .where(_WAITS, WEBHOOKS.c.disabled_at.is_(None))
    )
    number, oldest = session.execute(query).one()
    return int(number), oldest


def _row(one: Delivery) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__} | {"state": one.state.value}


def _delivery(row: Row[Any]) -> Delivery:
    values = {name: getattr(row, name) for name in Delivery.__slots__}
    return Delivery(**values | {"state": DeliveryState(row.state)})
