"""Descriptions of collections: what holds for their records, and how files of each shape are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from service.callers.caller import Caller
from service.store.engine import Session
from service.store.import_tables import CollectionRow, MappingRow
from service.store.passports import Key

COLLECTIONS, MAPPINGS = CollectionRow.__table__, MappingRow.__table__


@dataclass(frozen=True, slots=True)
class Profile:
    """How files of one shape are read: what a person said, which goes before what the headers say."""

    name: str
    headers: tuple[str, ...]  # of the files it is for, in any order
    columns: Mapping[str, str]  # field -> header
    left_out: tuple[str, ...] = ()  # headers that are not read
    updated_at: datetime | None = None


def description(session: Session, key: Key) -> dict[str, Any] | None:
    """Return what was said to hold for a collection, None where nothing was."""
    found = select(COLLECTIONS.c.body).where(*_of(COLLECTIONS.c, key))
    body: dict[str, Any] | None = session.execute(found).scalar_one_or_none()
    return body


def describe(session: Session, key: Key, body: Mapping[str, Any], by: tuple[Caller, datetime]) -> None:
    """Keep what holds for a collection from now on."""
    session.execute(delete(COLLECTIONS).where(*_of(COLLECTIONS.c, key)))
    session.execute(insert(COLLECTIONS), [_key(key) | {"body": dict(body)} | _said(by)])


def profiles(session: Session, key: Key) -> tuple[Profile, ...]:
    """Return the profiles of a collection, the last saved first."""
    query = select(MAPPINGS).where(*_of(MAPPINGS.c, key)).order_by(MAPPINGS.c.updated_at.desc(), MAPPINGS.c.name)
    return tuple(
        Profile(row.name, tuple(row.headers), dict(row.columns), tuple(row.left_out), row.updated_at)
        for row in session.execute(query.with_only_columns(*MAPPINGS.c)).all()
    )


def save(session: Session, key: Key, profile: Profile, by: tuple[Caller, datetime]) -> None:
    """Keep a profile under its name, in the place of one that was called so."""
    session.execute(delete(MAPPINGS).where(*_of(MAPPINGS.c, key), MAPPINGS.c.name == profile.name))
    said = {"headers": list(profile.headers), "columns": dict(profile.columns), "left_out": list(profile.left_out)}
    session.execute(insert(MAPPINGS), [_key(key) | {"name": profile.name} | said | _said(by)])


def _of(columns: Any, key: Key) -> tuple[Any, ...]:
    return columns.organisation == key[0], columns.collection == key[1]


def _key(key: Key) -> dict[str, str]:
    return {"organisation": key[0], "collection": key[1]}


def _said(by: tuple[Caller, datetime]) -> dict[str, Any]:
    return {"key_id": by[0].key_id, "updated_at": by[1]}
