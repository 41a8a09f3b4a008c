"""Webhooks: who is told of changes, where, and up to where they were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from service.store import faces
from service.store.engine import Session
from service.store.touches import Position
from service.store.webhook_tables import DeliveryRow, WebhookRow

WEBHOOKS, DELIVERIES = WebhookRow.__table__, DeliveryRow.__table__


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where messages go, and which: nothing named is no narrowing."""

    url: str
    label: str = ""
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-3
    kinds: tuple[str, ...] = ()  # of place


@dataclass(frozen=True, slots=True)
class Standing:
    """How well an address answers: attempts that failed since one succeeded, and whether it was given up."""

    failures: int = 0
    failing_since: datetime | None = None
    rests_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_for: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook. Of its secret only which one it is (`service.hooks.signing`)."""

    id: str
    organisation: str
    key_id: str
    wanted: Wanted
    generation: int
    sealed_by: str
    created_at: datetime
    updated_at: datetime
    previous_until: datetime | None = None
    audience: str = ""
    position: Position = field(default_factory=Position)
    number: int = 0
    standing: Standing = field(default_factory=Standing)
    seq: int = 0

    @property
    def memory(self) -> str:
        """Under what is remembered what it was shown (`service.store.faces`)."""
        return f"webhook/{self.id}"


def add(session: Session, webhook: Webhook) -> None:
    """Keep a new webhook."""
    session.execute(insert(WEBHOOKS), [_row(webhook)])


def change(session: Session, webhook: Webhook) -> None:
    """Keep what was said of a webhook anew: all but what its messages move."""
    names = ("url", "label", "types", "countries", "kinds", "generation", "sealed_by", "previous_until", "updated_at")
    row = _row(webhook)
    session.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id).values({name: row[name] for name in names}))


def move(session: Session, webhook: Webhook) -> bool:
    """Keep up to where a webhook was told, and the number of its last message; False where it is there no more."""
    row = _row(webhook)
    values = {name: row[name] for name in ("audience", "event", "flag", "number")}
    return bool(session.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id).values(values)).rowcount)


def stand(session: Session, webhook_id: str, standing: Standing) -> None:
    """Keep how well an address answers."""
    names = ("failures", "failing_since", "rests_until", "disabled_at", "disabled_for")
    values = {name: getattr(standing, name) for name in names}
    session.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id).values(values))


def remove(session: Session, webhook: Webhook) -> None:
    """Forget a webhook, its messages, and what it was shown."""
    session.execute(delete(DELIVERIES).where(DELIVERIES.c.webhook == webhook.seq))
    session.execute(delete(WEBHOOKS).where(WEBHOOKS.c.seq == webhook.seq))
    faces.forget(session, webhook.memory)


def get(session: Session, webhook_id: str, *, lock: bool = False) -> Webhook | None:
    """Return one webhook, None where there is none; locked until the transaction ends where that is asked."""
    query = select(WEBHOOKS).where(WEBHOOKS.c.id == webhook_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _webhook(row)


def all(session: Session, organisation: str | None = None) -> tuple[Webhook, ...]:  # noqa: A001 - as keys.all() reads
    """Return every webhook, or those of one organisation, oldest first."""
    query = select(WEBHOOKS).order_by(WEBHOOKS.c.seq)
    if organisation is not None:
        query = query.where(WEBHOOKS.c.organisation == organisation)
    return tuple(map(_webhook, session.execute(query)))


def number_of(session: Session, organisation: str) -> int:
    """Return how many webhooks an organisation has."""
    query = select(func.count()).select_from(WEBHOOKS).where(WEBHOOKS.c.organisation == organisation)
    return int(session.execute(query).scalar_one())


def _row(webhook: Webhook) -> dict[str, Any]:
    wanted, standing = webhook.wanted, webhook.standing
    return {
        "id": webhook.id,
        "organisation": webhook.organisation,
        "key_id": webhook.key_id,
        "url": wanted.url,
        "label": wanted.label,
        "types": list(wanted.types),
        "countries": list(wanted.countries),
        "kinds": list(wanted.kinds),
        "generation": webhook.generation,
        "sealed_by": webhook.sealed_by,
        "previous_until": webhook.previous_until,
        "audience": webhook.audience,
        "event": webhook.position.event,
        "flag": webhook.position.flag,
        "number": webhook.number,
        "failures": standing.failures,
        "failing_since": standing.failing_since,
        "rests_until": standing.rests_until,
        "disabled_at": standing.disabled_at,
        "disabled_for": standing.disabled_for,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def _webhook(row: Row[Any]) -> Webhook:
    names = ("id", "organisation", "key_id", "generation", "sealed_by", "created_at", "updated_at", "previous_until")
    said = tuple(map(tuple, (row.types, row.countries, row.kinds)))
    return Webhook(
        **{name: getattr(row, name) for name in (*names, "audience", "number", "seq")},
        wanted=Wanted(row.url, row.label, *said),
        position=Position(row.event, row.flag),
        standing=Standing(row.failures, row.failing_since, row.rests_until, row.disabled_at, row.disabled_for),
    )
