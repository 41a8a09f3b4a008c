"""Audit: the chain of events read from its beginning, with the accounts and decisions that it vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Text, cast, func, select

from service.accounts.account import Account
from service.callers.caller import Caller
from service.store import bulk
from service.store.chain import BEGINNING, Head, Said, head, links, microseconds, told
from service.store.engine import Session
from service.store.events import EVENTS, Event
from service.store.flags import FLAGS
from service.store.records import RECORDS, REVISIONS
from service.store.reviews import REVIEWS, WORDS, digest, written

_CHUNK = 10_000  # events read at a time
_KEPT = ("record.created", "record.revised")
_WITHDRAWN = "record.withdrawn"  # where its data says that it was erased, what the record said is gone, its event stays
_QUERY = select(*(column for column in EVENTS.c if column.name != "data"), cast(EVENTS.c.data, Text).label("told"))


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is not as it was when it happened: an event, an account or a decision, and what is wrong."""

    what: str  # e.g. "event 12"
    why: str
    at: datetime | None = None  # when it happened, as its row says now


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some events that follow on one another: where the chain is after them, and what was found to be wrong."""

    end: Head
    events: int
    broken: tuple[Broken, ...]
    numbers: Mapping[str, int]  # of these events, by their links


@dataclass(frozen=True, slots=True)
class Linked:
    """An event as it stands in the chain."""

    seq: int
    event: Event
    link: str


def about(session: Session, subject: str) -> tuple[Linked, ...]:
    """Return what happened to the thing of this identifier, whatever it is, oldest first."""
    query = select(EVENTS).where(EVENTS.c.noun_id == subject).order_by(EVENTS.c.seq)
    return tuple(
        Linked(
            row.seq,
            Event(row.kind, subject, row.created_at, Caller(row.organisation, row.key_id, None), row.data),
            row.link,
        )
        for row in session.execute(query)
    )


def size(session: Session) -> int:
    """Return how many events there are."""
    return int(session.execute(select(func.count()).select_from(EVENTS)).scalar_one())


def chunks(session: Session) -> Iterator[Chunk]:
    """Read the chain from its beginning, some thousand events at a time, and at last compare its end with the head."""
    end = BEGINNING
    while rows := session.execute(_QUERY.where(EVENTS.c.seq > end.seq).order_by(EVENTS.c.seq).limit(_CHUNK)).all():
        broken: list[Broken] = []
        for row in rows:
            if (why := _wrong(end, row)) is not None:
                broken.append(Broken(f"event {row.seq}", why, row.created_at))
            end = Head(row.seq, row.link)  # what follows is held against what stands here, so that each break is told
        broken += _accounts(session, rows)
        yield Chunk(end, len(rows), tuple(broken), {row.link: row.seq for row in rows})
    said = head(session)
    if end != said:
        yield Chunk(end, 0, (_cut(end, said),), {})


def reviews(session: Session) -> Iterator[Broken]:
    """Return the decisions that are not what their events say, that are gone, or that no event tells of."""
    vouched, since = _vouched(session)
    for row in map(dict, session.execute(select(REVIEWS).order_by(REVIEWS.c.seq)).mappings()):
        if row["id"] in vouched:
            if (stated := vouched.pop(row["id"])) is not None and (why := _wrong_decision(session, row, *stated)):
                yield Broken(f"decision {row['id']}", why, row["created_at"])
        elif since is not None and row["created_at"] >= since:
            yield Broken(f"decision {row['id']}", "it was put in: no event tells of it", row["created_at"])
    for review_id in vouched:
        yield Broken(f"decision {review_id}", "it was taken out: an event tells of it, and it is not there")


def _wrong(before: Head, row: Any) -> str | None:
    said = Said(row.kind, row.noun, row.noun_id, row.organisation, row.key_id, microseconds(row.created_at))
    if [row.link] == links(Head(row.seq - 1, before.link), [told(said, row.told)]):
        return None
    if row.seq == before.seq + 1:
        return "it, or the one before it, was changed, moved or put in: its link does not follow from both"
    return f"it was changed, or what stood between event {before.seq} and this one was taken out"


def _cut(end: Head, said: Head) -> Broken:
    if end.seq < said.seq:
        why = f"the chain was cut off after it: it once went on to event {said.seq}"
    else:
        why = f"the chain goes on to it, where the head says that it ends at event {said.seq} ({said.link[:12]}…)"
    return Broken(f"event {end.seq}", why)


def _accounts(session: Session, rows: Iterable[Any]) -> Iterator[Broken]:
    """Return what is wrong with the accounts that were kept by these events, where those name their sha256."""
    stated: dict[tuple[str, int], tuple[str, datetime]] = {}
    for row in rows:
        if row.kind in _KEPT and (data := orjson.loads(row.told)).get("sha256"):
            stated[row.noun_id, data["revision"]] = (data["sha256"], row.created_at)
    if not stated:
        return
    wanted = bulk.among(session, REVISIONS.c.record_id, {record_id for record_id, _ in stated})
    query = select(REVISIONS.c.record_id, REVISIONS.c.number, REVISIONS.c.fingerprint, REVISIONS.c.body).where(wanted)
    found = {(row.record_id, row.number): row for row in session.execute(query)}
    wrong = {at: why for at, (sha256, _) in stated.items() if (why := _wrong_account(found.get(at), sha256))}
    erased = _erased(session, {record_id for record_id, _ in wrong})
    for (record_id, number), why in wrong.items():
        row, (sha256, at) = found.get((record_id, number)), stated[record_id, number]
        if record_id not in erased or (row is not None and row.fingerprint != sha256):
            yield Broken(f"revision {number} of record {record_id}", why, at)


def _wrong_account(row: Any, sha256: str) -> str | None:
    if row is None:
        return "it was taken out: an event tells of it, and it is not there"
    if row.fingerprint == sha256 and _fingerprint(row.body) == sha256:
        return None
    return "it was changed: it is not the account that was kept by the event of that moment"


def _wrong_decision(session: Session, row: dict[str, Any], stated: str, words: Mapping[str, str]) -> str | None:
    """Return what is wrong with a decision, given its digest and those of its texts, which may have been erased."""
    gone = {name: told for name, told in words.items() if row[name] is None}
    if stated != digest(row, written(row) | gone):
        return "it was changed: it is not what was decided by the event of that moment"
    if gone:
        community = select(FLAGS.c.community_id).where(FLAGS.c.id == row["flag_id"]).scalar_subquery()
        records = session.execute(select(RECORDS.c.id).where(RECORDS.c.community_id == community)).scalars()
        if not _erased(session, set(records)):
            return f"its {' and '.join(sorted(gone))} was taken out, and no record of its community was erased"
    return None


def _fingerprint(body: Any) -> str | None:
    try:
        return Account.from_body(body).fingerprint()
    except (TypeError, ValueError, KeyError, AttributeError):  # it is no account any more
        return None


def _erased(session: Session, record_ids: set[str]) -> set[str]:
    """Return those of the records whose content an event says was erased."""
    if not record_ids:
        return set()
    told = EVENTS.c.noun == "record", bulk.among(session, EVENTS.c.noun_id, record_ids), EVENTS.c.kind == _WITHDRAWN
    rows = session.execute(select(EVENTS.c.noun_id, EVENTS.c.data).where(*told))
    return {row.noun_id for row in rows if row.data.get("erased") == "true"}


def _vouched(session: Session) -> tuple[dict[str, tuple[str, dict[str, str]] | None], datetime | None]:
    """Return the digests of each decision that an event tells of (older events name none), and since when all do."""
    query = select(EVENTS.c.data, EVENTS.c.created_at).where(EVENTS.c.kind == "flag.reviewed").order_by(EVENTS.c.seq)
    vouched: dict[str, tuple[str, dict[str, str]] | None] = {}
    since: datetime | None = None
    for data, at in session.execute(query):
        if "review" in data:
            words = {name: data[name] for name in WORDS if name in data}
            vouched[data["review"]] = (data["sha256"], words) if "sha256" in data else None
            since = since or (at if "sha256" in data else None)
    return vouched, since
