"""Receipts: what was answered under an Idempotency-Key, so that a retry gets the same answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from service.store.engine import Session
from service.store.tables import ReceiptRow

RECEIPTS = ReceiptRow.__table__
_KNOWN = select(RECEIPTS.c.key).where(
    RECEIPTS.c.organisation == bindparam("organisation"), RECEIPTS.c.key.in_(bindparam("keys", expanding=True))
)

_ADD = insert(RECEIPTS).inline()


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


def known(session: Session, organisation: str, keys: Collection[str]) -> frozenset[str]:
    """Return those of the keys under which an organisation was answered already."""
    if not keys:
        return frozenset()
    return frozenset(session.execute(_KNOWN, {"organisation": organisation, "keys": sorted(keys)}).scalars())


def add(session: Session, organisation: str, key: str, answer: Answer) -> None:
    """Keep an answer."""
    session.execute(_ADD, [{"organisation": organisation, "key": key} | asdict(answer)])
