"""Receipts: what was answered under an Idempotency-Key, so that a retry gets the same answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from service.store.engine import Session
from service.store.tables import ReceiptRow

RECEIPTS = ReceiptRow.__table__


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent under a key, as a fingerprint, and what was answered, when."""

    fingerprint: str
    receipts: list[dict[str, Any]]
    created_at: datetime


def find(session: Session, organisation: str, key: str) -> Answer | None:
    """Return what was answered to an organisation under this key, None when the key is new."""
    query = select(RECEIPTS.c.fingerprint, RECEIPTS.c.receipts, RECEIPTS.c.created_at)
    row = session.execute(query.where(RECEIPTS.c.organisation == organisation, RECEIPTS.c.key == key)).one_or_none()
    return Answer(row.fingerprint, row.receipts, row.created_at) if row else None


def add(session: Session, organisation: str, key: str, answer: Answer) -> None:
    """Keep an answer."""
    session.execute(insert(RECEIPTS), [{"organisation": organisation, "key": key} | asdict(answer)])
