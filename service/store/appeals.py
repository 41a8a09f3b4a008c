"""Appeals: why those who sent a record want a decision looked at again, and who answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from service.store.chain import microseconds
from service.store.decision_tables import AppealRow
from service.store.engine import Session
from service.store.reviews import note_digest

APPEALS = AppealRow.__table__
_COLUMNS = [column for column in APPEALS.c if column.name != "seq"]

#: What an appeal says; erased with the record that it is about.
WORDS = ("grounds", "evidence")

#: Of an appeal, what its event vouches for besides its words.
STATED = ("id", "flag_id", "review_id", "organisation", "key_id")


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal against one decision."""

    id: str
    flag_id: str
    review_id: str
    organisation: str
    key_id: str
    grounds: str | None  # None once erased
    created_at: datetime
    evidence: dict[str, Any] | None = field(default=None)
    answered_by: str | None = None  # a decision
    answered_at: datetime | None = None


def add(session: Session, appeal: Appeal) -> dict[str, str]:
    """Keep an appeal, and return its digest with those of what it says, for its event."""
    row = {column.name: getattr(appeal, column.name) for column in _COLUMNS}
    session.execute(insert(APPEALS), [row])
    words = written(row)
    return words | {"sha256": digest(row, words)}


def of(session: Session, flag_id: str) -> tuple[Appeal, ...]:
    """Return the appeals about one flag, the oldest first."""
    query = select(*_COLUMNS).where(APPEALS.c.flag_id == flag_id).order_by(APPEALS.c.seq)
    return tuple(Appeal(**row) for row in session.execute(query).mappings())


def against(session: Session, review_ids: list[str]) -> dict[str, Appeal]:
    """Return the appeals against these decisions, by decision."""
    query = select(*_COLUMNS).where(APPEALS.c.review_id.in_(review_ids))
    return {row["review_id"]: Appeal(**row) for row in session.execute(query).mappings()}


def waiting(session: Session, flag_id: str) -> Appeal | None:
    """Return the appeal about a flag that nobody answered yet."""
    return next((one for one in of(session, flag_id) if one.answered_by is None), None)


def answer(session: Session, appeal_id: str, review_id: str | None, at: datetime | None) -> None:
    """Keep which decision answered an appeal; None where that decision was taken back."""
    values = {"answered_by": review_id, "answered_at": at}
    session.execute(update(APPEALS).where(APPEALS.c.id == appeal_id).values(values))


def digest(row: dict[str, Any], words: dict[str, str]) -> str:
    """Return the sha256 of an appeal as it was made; of what it says only the digests."""
    said = {name: row[name] for name in STATED} | {"at": microseconds(row["created_at"]), **words}
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def written(row: dict[str, Any]) -> dict[str, str]:
    """Return the digests of what an appeal says, of each part that is there."""
    told = {"grounds": row["grounds"], "evidence": None}
    if row["evidence"] is not None:
        told["evidence"] = orjson.dumps(row["evidence"], option=orjson.OPT_SORT_KEYS).decode()
    return {name: found for name, text in told.items() if (found := note_digest(text)) is not None}
