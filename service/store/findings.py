"""Findings: what comparisons said about records, kept even when a newer one took their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.tables import FindingRow
from service.store.values import Finding

FINDINGS = FindingRow.__table__
COLUMNS = [column for column in FINDINGS.c if column.name not in {"seq", "place"}]
_PRESENT = (
    select(*COLUMNS)
    .where(FINDINGS.c.record_id.in_(bindparam("ids", expanding=True)), FINDINGS.c.place.is_not(None))
    .order_by(FINDINGS.c.record_id, FINDINGS.c.place)
)
_ADD = insert(FINDINGS).inline()
_LISTS = ("attributes", "failed_preconditions", "candidates", "causes")


def present(session: Session, record_ids: Iterable[str]) -> dict[str, tuple[Finding, ...]]:
    """Return the findings that hold now, by record, the primary one first."""
    wanted = list(record_ids)
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in session.execute(_PRESENT, {"ids": wanted}).mappings() if wanted else ():
        found[row["record_id"]].append(_finding(row))
    return {record_id: tuple(findings) for record_id, findings in found.items()}


def get(session: Session, finding_id: str) -> Finding:
    """Return one finding, also one that holds no longer. Raises `Problem` (not found)."""
    row = session.execute(select(*COLUMNS).where(FINDINGS.c.id == finding_id)).mappings().one_or_none()
    if row is None:
        detail = f"There is no finding {finding_id}."
        raise Problem(NOT_FOUND, detail)
    return _finding(row)


def history(session: Session, record_id: str) -> tuple[Finding, ...]:
    """Return every finding about a record, oldest first."""
    query = select(*COLUMNS).where(FINDINGS.c.record_id == record_id).order_by(FINDINGS.c.seq)
    return tuple(_finding(row) for row in session.execute(query).mappings())


def supersede(session: Session, record_ids: Sequence[str]) -> None:
    """Let the present findings of these records hold no longer; they stay as history."""
    if not record_ids:
        return
    superseded = FINDINGS.c.record_id == bindparam("of_record")
    session.execute(
        update(FINDINGS).where(superseded, FINDINGS.c.place.is_not(None)).values(place=None),
        [{"of_record": record_id} for record_id in record_ids],
    )


def add(session: Session, findings: Mapping[str, Sequence[Finding]]) -> None:
    """Keep what was found about records as what holds now; the first finding of each is the primary one."""
    rows = [_row(finding) | {"place": place} for ordered in findings.values() for place, finding in enumerate(ordered)]
    if rows:
        session.execute(_ADD, rows)


def built(rows: Iterable[RowMapping]) -> Iterator[Finding]:
    """Build findings from rows with `COLUMNS`."""
    return map(_finding, rows)


def _row(finding: Finding) -> dict[str, Any]:
    row = {column.name: getattr(finding, column.name) for column in COLUMNS}
    return row | {name: list(row[name]) for name in _LISTS}


def _finding(row: RowMapping) -> Finding:
    return Finding(**{**row, **{name: tuple(row[name]) for name in _LISTS}})
