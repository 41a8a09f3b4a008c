"""Passports and grades of collections. Rows are only ever added: the latest holds, the others say what held before."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, insert, or_, select, update

from service.accounts.account import Account
from service.callers.caller import Caller
from service.store import terms
from service.store.engine import Session
from service.store.import_tables import CollectionRow
from service.store.quality_tables import GradeRow, PassportRow
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.values import RecordState

PASSPORTS, GRADES, DESCRIBED = PassportRow.__table__, GradeRow.__table__, CollectionRow.__table__

_MARK = select(func.coalesce(func.max(PASSPORTS.c.seq), 0))  # built once, because every posted record asks it

#: Where a record belongs that names no collection.
DEFAULT = terms.DEFAULT

_WITHDRAWN = RecordState.WITHDRAWN.value

Key = tuple[str, str]  # an organisation, and its collection


@dataclass(frozen=True, slots=True)
class KeptPassport:
    """One version of a passport, as JSON values."""

    version: int
    fingerprint: str
    body: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptGrade:
    """How a collection was graded once."""

    passport: int  # the version of it
    policy: str
    grade: str
    records: int
    facts: dict[str, Any]
    body: dict[str, Any]
    created_at: datetime


def key_of(organisation: str, account: Account) -> Key:
    """Return the collection a record belongs to."""
    return organisation, account.collection or DEFAULT


def fingerprint(body: dict[str, Any]) -> str:
    """Return the sha256 of a passport's canonical body: same content, same fingerprint."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def latest(session: Session, keys: Collection[Key]) -> dict[Key, KeptPassport]:
    """Return the passports that hold, of those collections that have one."""
    found: dict[Key, KeptPassport] = {}
    if keys:
        organisations = sorted({organisation for organisation, _ in keys})
        named = sorted({collection for _, collection in keys})
        query = select(PASSPORTS).where(PASSPORTS.c.organisation.in_(organisations), PASSPORTS.c.collection.in_(named))
        for row in session.execute(query.order_by(PASSPORTS.c.seq)):
            if (row.organisation, row.collection) in keys:
                found[row.organisation, row.collection] = _passport(row)
    return found


def add(session: Session, key: Key, body: dict[str, Any], by: tuple[Caller, datetime]) -> KeptPassport:
    """Keep a further version of a passport; `by` is who declares it, and when."""
    caller, at = by
    before = session.execute(select(func.max(PASSPORTS.c.version)).where(*_of(PASSPORTS.c, key))).scalar_one()
    kept = KeptPassport((before or 0) + 1, fingerprint(body), body, at)
    row = {"organisation": key[0], "collection": key[1], "version": kept.version, "fingerprint": kept.fingerprint}
    session.execute(insert(PASSPORTS), [row | {"body": body, "key_id": caller.key_id, "created_at": at}])
    return kept


def mark(session: Session) -> int:
    """Return a number that rises with every passport declared."""
    return int(session.execute(_MARK).scalar_one())


def grades(session: Session, key: Key) -> tuple[KeptGrade, ...]:
    """Return how a collection was graded over time, oldest first."""
    query = select(GRADES).where(*_of(GRADES.c, key)).order_by(GRADES.c.seq)
    return tuple(map(_grade, session.execute(query)))


def last_grade(session: Session, key: Key) -> KeptGrade | None:
    """Return how a collection was graded last, None where it never was."""
    row = session.execute(select(GRADES).where(*_of(GRADES.c, key)).order_by(GRADES.c.seq.desc()).limit(1)).first()
    return _grade(row) if row else None


def add_grade(session: Session, key: Key, kept: KeptGrade) -> None:
    """Keep how a collection was graded."""
    row = {name: getattr(kept, name) for name in KeptGrade.__dataclass_fields__}
    session.execute(insert(GRADES), [row | {"organisation": key[0], "collection": key[1]}])


def collections(session: Session, organisation: str | None = None) -> tuple[Key, ...]:
    """Return the collections there are, declared or not, in order; of one organisation or of all."""
    named = func.coalesce(RECORDS.c.collection, DEFAULT)
    held = select(RECORDS.c.organisation, named).where(RECORDS.c.state != _WITHDRAWN)
    declared = select(PASSPORTS.c.organisation, PASSPORTS.c.collection)
    said = select(DESCRIBED.c.organisation, DESCRIBED.c.collection)
    if organisation is not None:
        held = held.where(RECORDS.c.organisation == organisation)
        declared = declared.where(PASSPORTS.c.organisation == organisation)
        said = said.where(DESCRIBED.c.organisation == organisation)
    return tuple(sorted({(row[0], row[1]) for row in session.execute(held.union(declared, said))}))


def size(session: Session, key: Key) -> int:
    """Return how many records a collection holds."""
    return int(session.execute(select(func.count()).select_from(RECORDS).where(*held(key))).scalar_one())


def accounts(session: Session, key: Key, most: int) -> list[tuple[str, Account]]:
    """Return the latest records of a collection, at most `most`, with their identifiers."""
    query = select(RECORDS.c.id, REVISIONS.c.body).select_from(RECORDS.join(REVISIONS, LATEST)).where(*held(key))
    rows = session.execute(query.order_by(RECORDS.c.seq.desc()).limit(most))
    return [(row.id, Account.from_body(row.body)) for row in rows]


def record_ids(session: Session, key: Key, states: Sequence[RecordState] = tuple(RecordState)) -> list[str]:
    """Return the records of a collection that stand so, oldest first."""
    wanted = RECORDS.c.state.in_([state.value for state in states])
    return list(session.execute(select(RECORDS.c.id).where(*held(key), wanted).order_by(RECORDS.c.seq)).scalars())


def set_pending(session: Session, key: Key) -> None:
    """Let the verified records of a collection be verified again."""
    again = update(RECORDS).where(*held(key), RECORDS.c.state == RecordState.VERIFIED.value)
    session.execute(again.values(state=RecordState.PENDING.value))


def held(key: Key) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of being a record of a collection; what its organisation withdrew is none any more."""
    organisation, collection = key
    own = RECORDS.c.collection == collection
    return (
        RECORDS.c.organisation == organisation,
        RECORDS.c.state != _WITHDRAWN,
        or_(own, RECORDS.c.collection.is_(None)) if collection == DEFAULT else own,
    )


def _of(columns: Any, key: Key) -> tuple[ColumnElement[bool], ...]:
    return columns.organisation == key[0], columns.collection == key[1]


def _passport(row: Any) -> KeptPassport:
    return KeptPassport(row.version, row.fingerprint, row.body, row.created_at)


def _grade(row: Any) -> KeptGrade:
    return KeptGrade(row.passport, row.policy, row.grade, row.records, row.facts, row.body, row.created_at)
