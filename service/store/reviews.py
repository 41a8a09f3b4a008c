"""Reviews: what people decided about flags. Rows are only ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import insert, select, text

from service.store.chain import microseconds
from service.store.engine import Session
from service.store.tables import DECISIONS, ReviewRow
from service.store.values import FlagStatus, Review

REVIEWS = ReviewRow.__table__

#: Statuses that are kept as decisions; restored by taking one back, the others are kept as `open`.
TAKEN = frozenset(DECISIONS)

#: What is written in somebody's own words, and erased with the record that it was written about.
WORDS = ("note", "message", "question")
_LATER = ("supersedes", "undo", "until", "blind")
_COLUMNS = [column for column in REVIEWS.c if column.name not in {"seq", "flag_version", "evidence_hash"}]


def of(session: Session, flag_ids: Iterable[str]) -> dict[str, tuple[Review, ...]]:
    """Return the reviews of each flag, oldest first."""
    query = select(*_COLUMNS).where(REVIEWS.c.flag_id.in_(list(flag_ids))).order_by(REVIEWS.c.seq)
    found: dict[str, list[Review]] = defaultdict(list)
    for row in session.execute(query).mappings():
        found[row["flag_id"]].append(Review(**{**row, "decision": FlagStatus(row["decision"])}))
    return {flag_id: tuple(reviews) for flag_id, reviews in found.items()}


def versions(session: Session, flag_ids: Iterable[str]) -> dict[str, int]:
    """Return, by the identifier of each review of these flags, the version of the flag that it was taken on."""
    query = select(REVIEWS.c.id, REVIEWS.c.flag_version).where(REVIEWS.c.flag_id.in_(list(flag_ids)))
    return {row.id: row.flag_version for row in session.execute(query)}


def add(session: Session, review: Review, *, flag_version: int, evidence_hash: str) -> str:
    """Keep a decision, with the version and the evidence it was taken on, and return its digest."""
    row: dict[str, Any] = {column.name: getattr(review, column.name) for column in _COLUMNS}
    row |= {"decision": review.decision.value, "flag_version": flag_version, "evidence_hash": evidence_hash}
    if session.dialect.name == "postgresql":  # whoever asks for what is new must not pass over what commits later
        session.execute(text("LOCK TABLE reviews IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(insert(REVIEWS), [row])
    return digest(row, written(row))


def written(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of what is written in a decision in somebody's own words, of each text that is there."""
    return {name: found for name in WORDS if (found := note_digest(row[name])) is not None}


def digest(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return the sha256 of a decision as it is kept, all but its number; of its texts only the digests.

    What decisions of before could not say is left out where it is not said, so that their digests hold.
    """
    left = {"seq", "created_at", *WORDS, *_LATER}
    said = {column.name: row[column.name] for column in REVIEWS.c if column.name not in left}
    said |= {name: row[name] for name in _LATER if row[name] is not None}
    said |= {"created_at": microseconds(row["created_at"]), "note": None, **words}
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def note_digest(note: str | None) -> str | None:
    """Return the sha256 of a note, None where there is none; it stays when the note is erased."""
    return None if note is None else sha256(note.encode()).hexdigest()
