"""Sightings: under which of its own identifiers an organisation keeps records, and in which collection each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from service.store.engine import Session
from service.store.passports import DEFAULT
from service.store.records import RECORDS

_AT_ONCE = 5_000  # databases take only so many values in one query
_WANTED = (
    RECORDS.c.organisation == bindparam("organisation"),
    RECORDS.c.own_id.in_(bindparam("own_ids", expanding=True)),
)
_COLLECTIONS = select(RECORDS.c.own_id, func.coalesce(RECORDS.c.collection, DEFAULT)).where(*_WANTED)
_STANDING = select(
    RECORDS.c.own_id,
    RECORDS.c.id,
    RECORDS.c.revision,
    RECORDS.c.fingerprint,
    RECORDS.c.community_id,
    RECORDS.c.withdrawn_for.is_not(None),
).where(*_WANTED)


def collections_of(session: Session, organisation: str, own_ids: Sequence[str]) -> dict[str, str]:
    """Return the collection of each of these identifiers that an organisation uses, withdrawn records included."""
    found: dict[str, str] = {}
    for start in range(0, len(own_ids), _AT_ONCE):
        asked = {"organisation": organisation, "own_ids": list(own_ids[start : start + _AT_ONCE])}
        found |= {row[0]: row[1] for row in session.execute(_COLLECTIONS, asked)}
    return found


class Standing(NamedTuple):
    """What is kept under an identifier."""

    record_id: str
    revision: int
    fingerprint: str
    community_id: str | None
    refused: bool  # it was withdrawn, and is not taken in again


def standing(session: Session, organisation: str, own_ids: Sequence[str]) -> dict[str, Standing]:
    """Return what an organisation keeps under these identifiers, locking nothing."""
    found: dict[str, Standing] = {}
    for start in range(0, len(own_ids), _AT_ONCE):
        asked = {"organisation": organisation, "own_ids": list(own_ids[start : start + _AT_ONCE])}
        found |= {row[0]: Standing(*row[1:]) for row in session.execute(_STANDING, asked)}
    return found
