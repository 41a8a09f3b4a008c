"""Mentions: what findings about other records say of a record that is gone, so that no search of theirs names it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.records import RECORDS
from service.store.values import RecordState

_AT_ONCE = 500  # identifiers in one query

#: Stands where the identifier of a record stood that was taken back.
GONE = "withdrawn"

_CHANGE = (
    update(FINDINGS)
    .where(FINDINGS.c.seq == bindparam("of_finding"))
    .values(competitor=None, reason=bindparam("new_reason"), certificate=bindparam("new_certificate"))
)


def forget(session: Session, record_ids: Sequence[str]) -> list[str]:
    """Take these records out of every finding that says an entry rather went to one of them, present and past.

    Returns the records these findings are about; they wait to be compared without them.
    """
    told: list[str] = []
    for start in range(0, len(record_ids), _AT_ONCE):
        wanted = list(record_ids[start : start + _AT_ONCE])
        columns = (FINDINGS.c.seq, FINDINGS.c.record_id, FINDINGS.c.competitor, FINDINGS.c.reason)
        query = select(*columns, FINDINGS.c.certificate).where(FINDINGS.c.competitor.in_(wanted))
        rows = session.execute(query).all()
        if rows:
            session.execute(_CHANGE, [_without(row) for row in rows])
            told += [row.record_id for row in rows]
    losing = sorted(set(told) - set(record_ids))
    for start in range(0, len(losing), _AT_ONCE):
        theirs = RECORDS.c.id.in_(losing[start : start + _AT_ONCE]), RECORDS.c.state == RecordState.VERIFIED.value
        session.execute(update(RECORDS).where(*theirs).values(state=RecordState.PENDING.value))
    return losing


def _without(row: Any) -> dict[str, Any]:
    kept = None if row.certificate is None else json.loads(json.dumps(row.certificate).replace(row.competitor, GONE))
    reason = row.reason.replace(row.competitor, GONE)
    return {"of_finding": row.seq, "new_reason": reason, "new_certificate": kept}
