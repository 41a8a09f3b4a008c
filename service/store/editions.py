"""Editions: what outsiders were told, when; rows are only added, and at most marked as superseded."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from service.store.edition_tables import EditionRow, SecretRow
from service.store.engine import Session
from service.store.identifiers import new_id
from service.store.passports import PASSPORTS
from service.store.records import FLAGS, RECORDS

EDITIONS, SECRETS = EditionRow.__table__, SecretRow.__table__

#: Everybody who does not work with the records.
OUTSIDE = "outside"

_SECRET_BYTES = 32
_MOVING = (
    select(func.max(FLAGS.c.updated_at)).scalar_subquery(),
    select(func.count(FLAGS.c.seq)).scalar_subquery(),
    select(func.max(RECORDS.c.updated_at))
    .join_from(RECORDS, FLAGS, FLAGS.c.record_id == RECORDS.c.id)
    .scalar_subquery(),
    select(func.max(PASSPORTS.c.seq)).scalar_subquery(),
    select(func.max(EDITIONS.c.superseded_at)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One edition as it is kept."""

    id: str
    subject: str
    number: int
    digest: str
    tables: Mapping[str, Any] = field(default_factory=dict)
    superseded_at: datetime | None = None  # the last time that somebody left who may be in it
    superseded_in: frozenset[str] = frozenset()  # countries in which; none: everywhere

    @property
    def superseded(self) -> bool:
        """Whether it holds no more."""
        return self.superseded_at is not None


def latest(session: Session, subject: str) -> Kept | None:
    """Return the latest edition of a subject, None where nothing was ever told."""
    query = select(EDITIONS).where(EDITIONS.c.subject == subject, EDITIONS.c.audience == OUTSIDE)
    row = session.execute(query.order_by(EDITIONS.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    inside = frozenset(row.superseded_in or ())
    return Kept(row.id, row.subject, row.number, row.digest, row.tables, row.superseded_at, inside)


def head(session: Session, subject: str) -> tuple[str, datetime | None] | None:
    """Return the identifier of the latest edition of a subject and since when it holds no more, without its tables."""
    query = select(EDITIONS.c.id, EDITIONS.c.superseded_at).where(
        EDITIONS.c.subject == subject, EDITIONS.c.audience == OUTSIDE
    )
    row = session.execute(query.order_by(EDITIONS.c.number.desc()).limit(1)).first()
    return (row.id, row.superseded_at) if row else None


def add(session: Session, edition: Kept) -> Kept:
    """Keep a new edition. The database refuses it where another process was quicker; then the caller starts again."""
    edition = replace(edition, id=new_id())
    row = {
        "id": edition.id,
        "subject": edition.subject,
        "audience": OUTSIDE,
        "number": edition.number,
        "digest": edition.digest,
        "tables": dict(edition.tables),
        "created_at": datetime.now(UTC),
        "superseded_at": None,
        "superseded_in": None,
    }
    session.execute(insert(EDITIONS), [row])
    return edition


def supersede(session: Session, at: datetime, countries: Collection[str] = ()) -> int:
    """Say that what was told must be told anew, because somebody in it was withdrawn or is to be held back.

    With the next reading the numbers of these countries, or all where none is named, are worked out afresh: who left is
    in none of them. To be called only where somebody left who was published; a number that also waits for a few who
    came is told no more until it has moved by a crowd. Returns how many editions were concerned.
    """
    newest = select(func.max(EDITIONS.c.seq)).group_by(EDITIONS.c.subject, EDITIONS.c.audience)
    query = select(EDITIONS.c.seq, EDITIONS.c.subject, EDITIONS.c.superseded_at, EDITIONS.c.superseded_in)
    concerned = [
        row for row in session.execute(query.where(EDITIONS.c.seq.in_(newest))) if _concerned(row.subject, countries)
    ]
    for row in concerned:
        everywhere = not countries or (row.superseded_at is not None and not row.superseded_in)
        inside = None if everywhere else sorted({*countries, *(row.superseded_in or ())})
        values = {"superseded_at": at, "superseded_in": inside}  # each time anew: an edition under way is too old then
        session.execute(update(EDITIONS).where(EDITIONS.c.seq == row.seq).values(values))
    return len(concerned)


def _concerned(subject: str, countries: Collection[str]) -> bool:
    """Return whether an edition speaks of one of these countries, as far as its subject says."""
    _, slash, rest = subject.partition("/")
    country = rest.partition("/")[0]
    return not (countries and slash and country) or country in countries


def mark(session: Session) -> tuple[Any, ...]:
    """Return up to where everything goes that editions are worked out from, and when one was superseded last."""
    return tuple(session.execute(select(*_MOVING)).one())


def secret(session: Session, name: str) -> bytes | None:
    """Return a secret of this installation, None before it was made."""
    found = session.execute(select(SECRETS.c.secret).where(SECRETS.c.name == name)).scalar_one_or_none()
    return bytes.fromhex(found) if found is not None else None


def make_secret(session: Session, name: str) -> bytes:
    """Return a secret of this installation, made now where there is none."""
    found = secret(session, name)
    if found is not None:
        return found
    made = secrets.token_bytes(_SECRET_BYTES)
    session.execute(insert(SECRETS), [{"name": name, "secret": made.hex(), "created_at": datetime.now(UTC)}])
    return made
