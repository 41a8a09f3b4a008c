"""What a release does to the findings that hold: which were looked at, which still hold, which records wait again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, update

from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.memory import DECISIONS
from service.store.records import RECORDS
from service.store.values import RecordState

_AT_ONCE = 5_000  # identifiers in one query: databases take only so many values
_LEAST = 0.05  # probability from which a record claims the entry it is likeliest to be
_VERIFIED = RECORDS.c.state == RecordState.VERIFIED.value
_PRESENT = FINDINGS.c.place.is_not(None)
_JOINED = FINDINGS.join(RECORDS, RECORDS.c.id == FINDINGS.c.record_id)
_CLAIMING = select(FINDINGS.c.record_id).where(
    FINDINGS.c.source == bindparam("source"),
    FINDINGS.c.official_id.in_(bindparam("entries", expanding=True)),
    FINDINGS.c.p_match >= _LEAST,
    _PRESENT,
)
_LOSING = select(FINDINGS.c.record_id).where(
    FINDINGS.c.source == bindparam("source"),
    FINDINGS.c.competitor.in_(bindparam("entries", expanding=True)),
    _PRESENT,
)
_DECIDED = select(DECISIONS.c.record_id).where(
    DECISIONS.c.source == bindparam("source"), DECISIONS.c.official_id.in_(bindparam("entries", expanding=True))
)


def mark(session: Session) -> int:
    """Return up to where findings go; it moves with every verification."""
    return int(session.execute(select(func.max(FINDINGS.c.seq))).scalar() or 0)


def bases(session: Session, source: str) -> tuple[str, ...]:
    """Return the snapshots of a source that findings of verified records were made with."""
    query = select(FINDINGS.c.snapshot).select_from(_JOINED).where(FINDINGS.c.source == source, _PRESENT, _VERIFIED)
    return tuple(sorted(session.execute(query.distinct()).scalars()))


def compared(session: Session, snapshot: str, after: int, limit: int) -> list[tuple[int, str]]:
    """Return (finding's row, record) of at most `limit` findings made with a snapshot, after a row."""
    query = select(FINDINGS.c.seq, FINDINGS.c.record_id).select_from(_JOINED)
    query = query.where(FINDINGS.c.snapshot == snapshot, _PRESENT, _VERIFIED, FINDINGS.c.seq > after)
    return [(row.seq, row.record_id) for row in session.execute(query.order_by(FINDINGS.c.seq).limit(limit))]


def sample(session: Session, snapshot: str, size: int) -> list[str]:
    """Return about `size` records compared with a snapshot, evenly among all."""
    made = (FINDINGS.c.snapshot == snapshot, _PRESENT, _VERIFIED)
    total = session.execute(select(func.count()).select_from(_JOINED).where(*made)).scalar_one()
    query = select(FINDINGS.c.record_id).select_from(_JOINED).where(*made, FINDINGS.c.seq % max(total // size, 1) == 0)
    return list(session.execute(query.order_by(FINDINGS.c.seq).limit(size)).scalars())


def claiming(session: Session, source: str, entries: Iterable[str]) -> set[str]:
    """Return the records whose likeliest entry of a source is one of these."""
    return _of_entries(session, _CLAIMING, source, entries)


def losing(session: Session, source: str, record_ids: Iterable[str]) -> set[str]:
    """Return the records that lost an entry of a source to one of these."""
    return _of_entries(session, _LOSING, source, record_ids)


def decided(session: Session, source: str, entries: Iterable[str]) -> set[str]:
    """Return the records that people decided about together with one of these entries."""
    return _of_entries(session, _DECIDED, source, entries)


def hold(session: Session, source: str, snapshot: str, until: int) -> None:
    """Say that the findings about a source that hold, made up to a mark, hold for its new snapshot too."""
    old = (FINDINGS.c.source == source, _PRESENT, FINDINGS.c.seq <= until, FINDINGS.c.snapshot != snapshot)
    session.execute(update(FINDINGS).where(*old).values(holds_at=snapshot))


def let_go(session: Session, source: str, record_ids: Sequence[str]) -> None:
    """Say that the findings of these records about a source hold for no snapshot but their own."""
    for start in range(0, len(record_ids), _AT_ONCE):
        mine = FINDINGS.c.record_id.in_(record_ids[start : start + _AT_ONCE])
        session.execute(update(FINDINGS).where(mine, FINDINGS.c.source == source, _PRESENT).values(holds_at=None))


def set_pending(session: Session, source: str, snapshot: str, countries: Iterable[str] | None = None) -> int:
    """Let records be verified again of which no finding holds for a snapshot of a source; return how many.

    Of some countries, or of all.
    """
    holds = exists().where(
        FINDINGS.c.record_id == RECORDS.c.id,
        _PRESENT,
        FINDINGS.c.source == source,
        or_(FINDINGS.c.snapshot == snapshot, FINDINGS.c.holds_at == snapshot),
    )
    conditions: list[ColumnElement[bool]] = [_VERIFIED, ~holds]
    if countries is not None:
        conditions.append(RECORDS.c.country.in_(sorted(countries)))
    again = update(RECORDS).where(*conditions).values(state=RecordState.PENDING.value)
    return int(session.execute(again).rowcount)


def set_some_pending(session: Session, record_ids: Sequence[str]) -> int:
    """Let these records be verified again, where they were before; return how many."""
    waiting = 0
    for start in range(0, len(record_ids), _AT_ONCE):
        mine = RECORDS.c.id.in_(record_ids[start : start + _AT_ONCE])
        again = update(RECORDS).where(mine, _VERIFIED).values(state=RecordState.PENDING.value)
        waiting += int(session.execute(again).rowcount)
    return waiting


def verified_since(session: Session, until: int) -> list[str]:
    """Return the records of which a finding was made after a mark."""
    query = select(FINDINGS.c.record_id).where(FINDINGS.c.seq > until, _PRESENT).distinct()
    return list(session.execute(query).scalars())


def in_countries(session: Session, countries: Iterable[str], after: int, limit: int) -> list[tuple[int, str]]:
    """Return (row number, identifier) of at most `limit` verified records of some countries, the oldest first."""
    query = select(RECORDS.c.seq, RECORDS.c.id).where(RECORDS.c.country.in_(sorted(countries)), _VERIFIED)
    rows = session.execute(query.where(RECORDS.c.seq > after).order_by(RECORDS.c.seq).limit(limit))
    return [(row.seq, row.id) for row in rows]


def _of_entries(session: Session, query: Select[Any], source: str, entries: Iterable[str]) -> set[str]:
    wanted = sorted(entries)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        asked = {"source": source, "entries": wanted[start : start + _AT_ONCE]}
        found |= set(session.execute(query, asked).scalars())
    return found
