"""Claims: which records hold an entry of a list by the findings that stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select

from service.accounts.account import Account
from service.store import holds
from service.store.any_of import any_of
from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.reach import Subject, held
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.snapshots import SNAPSHOTS
from service.store.tables import FlagRow
from service.store.terms import TERMS, account_of
from service.store.values import SILENT

_FLAGS = FlagRow.__table__
_LEAST = 0.05  # probability from which a record claims the entry it is likeliest to be
_AT_ONCE = 5_000  # entries in one query: databases take only so many values


@dataclass(frozen=True, slots=True)
class Claim:
    """What a record's own evidence says about the entries it may be."""

    record_id: str
    community_id: str | None
    organisation: str
    p_absent_alone: float
    candidates: tuple[Mapping[str, Any], ...]
    account: Account


def upon(session: Session, snapshot: str, entries: Sequence[str]) -> Iterator[Claim]:
    """Return the claims of records whose likeliest entry is one of these, by record; what is held claims nothing."""
    for start in range(0, len(entries), _AT_ONCE):
        asked = {"snapshot": snapshot, "entries": list(entries[start : start + _AT_ONCE])}
        rows = session.execute(_upon(session.dialect.name), asked).all()
        scopes = holds.in_force(session) if any(row.any_hold for row in rows) else ()
        for row in rows:
            account = account_of(row)
            if held(scopes, Subject.of(row.organisation, account)):
                continue  # whoever lost an entry to it would be told of it
            yield Claim(
                row.record_id,
                row.community_id,
                row.organisation,
                row.p_absent_alone,
                tuple(row.candidates),
                account,
            )


def communities_naming(session: Session, source: str, entry: str) -> frozenset[str]:
    """Return the communities of records whose likeliest entry of a list, by any of its snapshots, is this one."""
    of_source = select(SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.source == source)
    query = (
        select(RECORDS.c.community_id)
        .join_from(FINDINGS, RECORDS, RECORDS.c.id == FINDINGS.c.record_id)
        .where(
            FINDINGS.c.snapshot.in_(of_source),
            FINDINGS.c.official_id == entry,
            FINDINGS.c.place.is_not(None),
            FINDINGS.c.p_match >= _LEAST,
            RECORDS.c.state.not_in(SILENT),
            RECORDS.c.community_id.is_not(None),
        )
    )
    return frozenset(session.execute(query).scalars())


def flags_naming(session: Session, source: str, entries: Sequence[str]) -> list[str]:
    """Return the flags of communities whose likeliest entry of a list, by any of its snapshots, is one of these."""
    of_source = select(SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.source == source)
    query = (
        select(_FLAGS.c.id, _FLAGS.c.seq)
        .join_from(FINDINGS, RECORDS, RECORDS.c.id == FINDINGS.c.record_id)
        .join(_FLAGS, _FLAGS.c.community_id == RECORDS.c.community_id)
        .where(
            FINDINGS.c.snapshot.in_(of_source),
            any_of(session.dialect.name, FINDINGS.c.official_id, "entries"),
            FINDINGS.c.place.is_not(None),
            FINDINGS.c.p_match >= _LEAST,
            RECORDS.c.state.not_in(SILENT),
        )
        .distinct()
        .order_by(_FLAGS.c.seq)
    )
    return [row.id for row in session.execute(query, {"entries": list(entries)})]


@cache
def _upon(dialect: str) -> Select[Any]:
    """Return the query for the claims upon some entries."""
    # Said of either half, so that SQLite finds entries by the index of that half instead of reading all of a list's.
    snapshot: BindParameter[str] = bindparam("snapshot")
    entry = any_of(dialect, FINDINGS.c.official_id, "entries")
    return (
        select(
            FINDINGS.c.record_id,
            RECORDS.c.community_id,
            RECORDS.c.organisation,
            FINDINGS.c.p_absent_alone,
            FINDINGS.c.candidates,
            REVISIONS.c.body,
            *TERMS,
            holds.ANY,
        )
        .join(RECORDS, RECORDS.c.id == FINDINGS.c.record_id)
        .join(REVISIONS, LATEST)
        .where(
            or_(and_(FINDINGS.c.snapshot == snapshot, entry), and_(FINDINGS.c.holds_at == snapshot, entry)),
            FINDINGS.c.place.is_not(None),
            FINDINGS.c.p_match >= _LEAST,
            FINDINGS.c.p_absent_alone.is_not(None),
            RECORDS.c.state.not_in(SILENT),
        )
        .order_by(FINDINGS.c.record_id)
    )
