"""Quarantine: what an organisation sent before, and records set aside until a person lets them out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, func, not_, select, update

from matchers.communities.quarantine import Ground
from service.store import bulk
from service.store.engine import Session
from service.store.flags import FLAGS
from service.store.records import RECORDS
from service.store.values import SILENT, RecordState

_QUARANTINED = RecordState.QUARANTINED.value
#: Built once, because every posted record goes through them.
_AT_SPOTS = (
    select(RECORDS.c.spot, func.count())
    .where(
        RECORDS.c.organisation == bindparam("organisation"),
        RECORDS.c.spot.in_(bindparam("spots", expanding=True)),
        RECORDS.c.released_at.is_(None),
        RECORDS.c.id.not_in(bindparam("but", expanding=True)),
    )
    .group_by(RECORDS.c.spot)
)
_SINCE = (
    select(func.count())
    .select_from(RECORDS)
    .where(RECORDS.c.organisation == bindparam("organisation"), RECORDS.c.created_at >= bindparam("start"))
)
_DAYS = (
    select(func.count())
    .where(RECORDS.c.organisation == bindparam("organisation"), RECORDS.c.created_at < bindparam("until"))
    .group_by(func.date(RECORDS.c.created_at))
)
_MANY = 500  # values in one statement; any number of them goes as one
_SET_ASIDE = (
    update(RECORDS)
    .where(RECORDS.c.id == bindparam("of_record"))
    .values(
        state=_QUARANTINED, quarantine=bindparam("grounds"), verdict=None, p_absent=None, updated_at=bindparam("at")
    )
)


def at_spots(session: Session, organisation: str, spots: Collection[str], but: Collection[str]) -> dict[str, int]:
    """Return how many records of an organisation stand on each spot, those apart that a person let out, and `but`."""
    if not spots:
        return {}
    if len(spots) > _MANY:
        return _at_many_spots(session, organisation, spots, but)
    asked = {"organisation": organisation, "spots": sorted(spots), "but": sorted(but)}
    return {row[0]: row[1] for row in session.execute(_AT_SPOTS, asked)}


def _at_many_spots(session: Session, organisation: str, spots: Collection[str], but: Collection[str]) -> dict[str, int]:
    query = (
        select(RECORDS.c.spot, func.count())
        .where(
            RECORDS.c.organisation == organisation,
            bulk.among(session, RECORDS.c.spot, spots),
            RECORDS.c.released_at.is_(None),
            not_(bulk.among(session, RECORDS.c.id, but)),
        )
        .group_by(RECORDS.c.spot)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def since(session: Session, organisation: str, start: datetime) -> int:
    """Return how many records an organisation made since a moment."""
    return int(session.execute(_SINCE, {"organisation": organisation, "start": start}).scalar_one())


def days(session: Session, organisation: str, until: datetime) -> list[int]:
    """Return how many records an organisation made on each day before a moment on which it made any."""
    return list(session.execute(_DAYS, {"organisation": organisation, "until": until}).scalars())


def of_others(session: Session, organisation: str, countries: Collection[str]) -> int:
    """Return how many records all other organisations ever made about some countries."""
    query = select(func.count()).select_from(RECORDS)
    wanted = RECORDS.c.organisation != organisation, RECORDS.c.country.in_(sorted(countries))
    return int(session.execute(query.where(*wanted)).scalar_one())


def standing_on(session: Session, organisation: str, spots: Collection[str]) -> dict[str, str]:
    """Return the records of an organisation on some spots that nobody has looked at, with the spot of each.

    Looked at are those let out of quarantine, and those of a community about which people decided.
    """
    decided = select(FLAGS.c.community_id).where(FLAGS.c.decided)
    query = select(RECORDS.c.id, RECORDS.c.spot).where(
        RECORDS.c.organisation == organisation,
        RECORDS.c.spot.in_(sorted(spots)),
        RECORDS.c.state.not_in(SILENT),
        RECORDS.c.released_at.is_(None),
        RECORDS.c.community_id.not_in(decided),
    )
    return {row.id: row.spot for row in session.execute(query.order_by(RECORDS.c.seq))}


def set_aside(session: Session, grounds: Mapping[str, Sequence[Ground]], at: datetime) -> None:
    """Put records into quarantine, each for its grounds; what was found about them no longer is what they say."""
    if grounds:
        rows = [
            {"of_record": record, "grounds": [asdict(ground) for ground in own], "at": at}
            for record, own in grounds.items()
        ]
        session.execute(_SET_ASIDE, rows)


def release(session: Session, record_id: str, at: datetime) -> bool:
    """Let a record out, to wait for its verification; return whether it was in quarantine."""
    held = RECORDS.c.id == record_id, RECORDS.c.state == _QUARANTINED
    out = update(RECORDS).where(*held)
    return bool(session.execute(out.values(state=RecordState.PENDING.value, quarantine=None, released_at=at)).rowcount)
