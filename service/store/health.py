"""Health: what a database can be asked about itself, changing nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, text

from service.store.engine import Session
from service.store.events import EVENTS
from service.store.import_tables import ImportRow, ImportState
from service.store.records import RECORDS, REVISIONS
from service.store.schedule_tables import LeaseRow
from service.store.tables import CommunityRow, KeyRow, OrganisationRow
from service.store.values import RecordState

IMPORTS, LEASES = ImportRow.__table__, LeaseRow.__table__
COMMUNITIES, KEYS, ORGANISATIONS = CommunityRow.__table__, KeyRow.__table__, OrganisationRow.__table__

#: Tables whose rows the database itself refuses to change or to delete, and by how many triggers.
GUARDED = {
    "sqlite": {
        **dict.fromkeys(("communities", "decisions", "events", "opinions", "organisations", "passports"), 2),
        **dict.fromkeys(("provisional_codes", "quality_grades", "recodings"), 2),
        "appeals": 3,
        "reviews": 5,
    },
    "postgresql": {
        **dict.fromkeys(("communities", "decisions", "events", "organisations", "passports"), 1),
        **dict.fromkeys(("provisional_codes", "quality_grades", "recodings"), 1),
        "appeals": 2,
        "opinions": 2,
        "reviews": 4,
    },
}

_MOST = 20  # faults told of one file
_TRIGGERS = {
    "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name",
    "postgresql": (
        "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace "
        "GROUP BY c.relname"
    ),
}


def faults(session: Session) -> tuple[str, ...]:
    """Return what is wrong with the file of an embedded database, page by page; PostgreSQL looks after its own."""
    if session.dialect.name != "sqlite":
        return ()
    rows = session.exec_driver_sql(f"PRAGMA integrity_check({_MOST})").scalars()
    return tuple(str(row) for row in rows if row != "ok")


def orphans(session: Session) -> Mapping[str, int]:
    """Return how many rows point to something that is not there, by what they are."""
    into = COMMUNITIES.alias()
    merged = COMMUNITIES.c.merged_into
    present = exists().where(REVISIONS.c.record_id == RECORDS.c.id, REVISIONS.c.number == RECORDS.c.revision)
    lost: dict[str, Select[Any]] = {
        "records of an organisation that is not there": _lost(RECORDS.c.organisation, ORGANISATIONS.c.id),
        "records of a community that is not there": _lost(RECORDS.c.community_id, COMMUNITIES.c.id),
        "communities merged into one that is not there": _lost(merged, into.c.id),
        "records without their present account": select(func.count()).select_from(RECORDS).where(~present),
    }
    found = {what: int(session.execute(query).scalar_one()) for what, query in lost.items()}
    if session.dialect.name == "sqlite":
        for table, _, target, _ in session.exec_driver_sql("PRAGMA foreign_key_check"):
            what = f"{table} that point to {target} that are not there"
            found[what] = found.get(what, 0) + 1
    return {what: number for what, number in found.items() if number}


def unguarded(session: Session) -> tuple[str, ...]:
    """Return the tables of which a trigger is gone or switched off."""
    found = guards(session)
    wanted = GUARDED[session.dialect.name]
    return tuple(sorted(table for table, number in wanted.items() if found.get(table, 0) < number))


def guards(session: Session) -> dict[str, int]:
    """Return how many triggers guard each table that any guards."""
    rows = session.execute(text(_TRIGGERS[session.dialect.name]))
    return {row[0]: row[1] for row in rows}


def newest(session: Session) -> datetime | None:
    """Return when the last thing happened, None where nothing did."""
    moment: datetime | None = session.execute(select(func.max(EVENTS.c.created_at))).scalar_one()
    return moment


def stuck(session: Session, at: datetime, still_since: datetime) -> tuple[str, ...]:
    """Return the imports that should have moved and did not since a moment, and the turns that ran out unnoticed."""
    waiting = IMPORTS.c.state.in_((ImportState.WAITING.value, ImportState.RUNNING.value))
    imports = select(IMPORTS.c.id).where(waiting, IMPORTS.c.updated_at < still_since)
    turns = select(LEASES.c.name).where(LEASES.c.until < still_since, LEASES.c.until < at)
    names = [f"import {one}" for one in session.execute(imports.order_by(IMPORTS.c.seq)).scalars()]
    return (*names, *(f"turn {one}" for one in session.execute(turns.order_by(LEASES.c.name)).scalars()))


def pending(session: Session) -> int:
    """Return how many records wait to be compared."""
    query = select(func.count()).select_from(RECORDS).where(RECORDS.c.state == RecordState.PENDING.value)
    return int(session.execute(query).scalar_one())


def idle_keys(session: Session, before: datetime) -> tuple[str, ...]:
    """Return the keys made before a moment and not revoked under which nothing is noted: no account, event, decision.

    A key that only reads leaves no trace, so that it is among them.
    """
    used = exists().where(EVENTS.c.key_id == KEYS.c.id)
    query = select(KEYS.c.id).where(KEYS.c.created_at < before, KEYS.c.revoked_at.is_(None), ~used)
    return tuple(session.execute(query.order_by(KEYS.c.seq)).scalars())


def admins(session: Session) -> int:
    """Return how many keys of admins open something."""
    query = select(func.count()).select_from(KEYS).where(KEYS.c.role == "admin", KEYS.c.revoked_at.is_(None))
    return int(session.execute(query).scalar_one())


def _lost(column: Any, target: Any) -> Select[Any]:
    there = exists().where(target == column)
    return select(func.count()).select_from(column.table).where(column.is_not(None), ~there)
