"""Revisions: accounts as they were sent. A first one makes a record, a later one corrects it; none is ever changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from matchers.communities.quarantine import Ground, spot_of
from service.accounts.account import Account
from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import admin_line
from service.store.neighbours import cell_of, name_key, search_names
from service.store.records import RECORDS, REVISIONS
from service.store.tables import CommunityRow
from service.store.tagged import Lines
from service.store.values import RecordState

_ADD_RECORDS, _ADD_REVISIONS = insert(RECORDS).inline(), insert(REVISIONS).inline()
_KNOWN = select(RECORDS.c.own_id).where(
    RECORDS.c.organisation == bindparam("organisation"), RECORDS.c.own_id.in_(bindparam("own_ids", expanding=True))
)
#: What `Kept` is built from.
KEPT = (
    RECORDS.c.id,
    RECORDS.c.own_id,
    RECORDS.c.revision,
    RECORDS.c.fingerprint,
    RECORDS.c.released_at,
    RECORDS.c.withdrawn_for,
)
_ADD_COMMUNITIES = insert(CommunityRow.__table__).inline()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known about a record without reading its account."""

    id: str
    own_id: str | None
    revision: int
    fingerprint: str
    released: bool = False  # a person looked at it and let it out of quarantine
    refused: bool = False  # it was withdrawn, and must not come back by being sent again


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found about an account before it was kept, and when that was."""

    verdict: str
    p_absent: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """One account to keep: the first of a record, or a correction of it."""

    record_id: str
    number: int
    organisation: str
    account: Account
    fingerprint: str
    key_id: str | None
    created_at: datetime
    community_id: str | None = None  # that a new record begins; None where it is set aside, or was there before
    grounds: tuple[Ground, ...] = ()  # why it is set aside
    tags: Lines = field(default_factory=Lines)  # by which filters find it; none: found once it is tagged anew
    settled: Settled | None = None  # of a new record that was compared already; None where it waits to be


def kept(session: Session, organisation: str, own_ids: Iterable[str]) -> dict[str, Kept]:
    """Return what an organisation already keeps under its own identifiers, locked until the transaction ends."""
    query = (
        select(*KEPT)
        .where(RECORDS.c.organisation == organisation, RECORDS.c.own_id.in_(sorted(set(own_ids))))
        .order_by(RECORDS.c.seq)  # everybody locks in the same order, so that two batches never wait in a circle
        .with_for_update()
    )
    return {row.own_id: kept_of(row) for row in session.execute(query)}


def kept_of(row: Any) -> Kept:
    """Return what a row of `KEPT` says."""
    released, refused = row.released_at is not None, row.withdrawn_for is not None
    return Kept(row.id, row.own_id, row.revision, row.fingerprint, released, refused)


def known(session: Session, organisation: str, own_ids: Collection[str]) -> frozenset[str]:
    """Return those of its own identifiers under which an organisation keeps a record already."""
    return frozenset(session.execute(_KNOWN, {"organisation": organisation, "own_ids": sorted(own_ids)}).scalars())


def account(session: Session, record_id: str, fingerprint: str) -> Account:
    """Return the account a record gave in the revision of this fingerprint. Raises `Problem` (not found)."""
    found = select(REVISIONS.c.body).where(REVISIONS.c.record_id == record_id, REVISIONS.c.fingerprint == fingerprint)
    body = session.execute(found.order_by(REVISIONS.c.number).limit(1)).scalar_one_or_none()
    if body is None:
        detail = f"Record {record_id} has no revision {fingerprint}."
        raise Problem(NOT_FOUND, detail)
    return Account.from_body(body)


def account_before(session: Session, record_id: str, number: int) -> Account | None:
    """Return the account a record gave in the revision before one; None where that was the first."""
    wanted = REVISIONS.c.record_id == record_id, REVISIONS.c.number == number - 1
    body = session.execute(select(REVISIONS.c.body).where(*wanted)).scalar_one_or_none()
    return None if body is None else Account.from_body(body)


def fingerprint(session: Session, record_id: str, number: int) -> str:
    """Return the fingerprint under which a revision was kept."""
    found = select(REVISIONS.c.fingerprint).where(REVISIONS.c.record_id == record_id, REVISIONS.c.number == number)
    return str(session.execute(found).scalar_one())


def add(session: Session, revisions: Sequence[Revision]) -> None:
    """Keep new accounts: a first one makes a record, a later one its present revision.

    All wait to be verified unless they are settled, those that are set aside until a person let them out. A new record
    begins a community.
    """
    if not revisions:
        return
    first = [
        _filter_columns(revision) | {"community_id": revision.community_id}
        for revision in revisions
        if revision.number == 1
    ]
    later = [_filter_columns(revision) for revision in revisions if revision.number > 1]
    if first:
        begun = [revision for revision in revisions if revision.community_id is not None]
        if begun:
            communities = [{"id": one.community_id, "merged_into": None, "created_at": one.created_at} for one in begun]
            session.execute(_ADD_COMMUNITIES, communities)
        session.execute(_ADD_RECORDS, first)
    if later:
        changed: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in later[0] if name not in {"id", "created_at"}
        }
        session.execute(
            update(RECORDS).where(RECORDS.c.id == bindparam("of_record")).values(changed),
            [{"of_record": row["id"]} | {f"new_{name}": row[name] for name in changed} for row in later],
        )
    session.execute(_ADD_REVISIONS, [_revision_row(revision) for revision in revisions])


def _filter_columns(revision: Revision) -> dict[str, Any]:
    account = revision.account
    settled = revision.settled
    point = account.point()
    lat, lon = point or (None, None)
    return {
        "id": revision.record_id,
        "organisation": revision.organisation,
        "own_id": account.own_id,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "state": _state(revision).value,
        "country": account.country,
        "lat": lat,
        "lon": lon,
        "cell": cell_of(point),
        "spot": spot_of(lat, lon),
        "search": "\n".join(search_names(account)),
        "name_key": name_key(account),
        "admin": _admin(account),
        "collection": account.collection,
        "tags": revision.tags.text,
        "tagged_by": revision.tags.rules,
        "verdict": settled.verdict if settled else None,
        "p_absent": settled.p_absent if settled else None,
        "quarantine": [asdict(ground) for ground in revision.grounds] or None,
        "created_at": revision.created_at,
        "updated_at": settled.at if settled else revision.created_at,
    }


def _state(revision: Revision) -> RecordState:
    if revision.settled:
        return RecordState.VERIFIED
    return RecordState.QUARANTINED if revision.grounds else RecordState.PENDING


def _admin(account: Account) -> str:
    return "".join(admin_line(level, value) for level, value in account.admin) + "\n"


def _revision_row(revision: Revision) -> dict[str, Any]:
    return {
        "record_id": revision.record_id,
        "number": revision.number,
        "fingerprint": revision.fingerprint,
        "body": revision.account,  # the engine writes it as JSON
        "key_id": revision.key_id,
        "created_at": revision.created_at,
    }
