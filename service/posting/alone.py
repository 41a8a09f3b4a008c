"""Keeping what one caller sent, by itself: accepted in one transaction, compared, and settled in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from service import submit, verify
from service.context import Context
from service.errors import KEY_UNKNOWN, Problem
from service.running.logs import told_safely
from service.store import keys, records
from service.store.engine import Session
from service.store.values import Record
from service.submit import Outcome, Post, Receipt

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """One account as it is kept now, and what became of it."""

    record: Record
    outcome: Outcome


def keep(context: Context, post: Post) -> list[Kept]:
    """Keep what was sent, compare it, and return each account as it is kept now, in the same order.

    Whatever fails after it was accepted, the records are kept and wait. Raises `Problem` (conflict, key unknown).
    """
    receipts = context.store.write(lambda session: _accepted(session, post))
    fresh = list(dict.fromkeys(one.record_id for one in receipts if one.outcome is not Outcome.UNCHANGED))
    latest = {one.record_id: one.record for one in receipts}  # an own id may stand twice in one batch
    compared = _verified(context, fresh, [record for record in latest.values() if record])
    wanted = list(dict.fromkeys(one.record_id for one in receipts if one.record_id not in compared))
    if wanted:
        with context.store.read() as session:
            compared |= {record.id: record for record in records.many(session, wanted)}
    return [Kept(compared[one.record_id], one.outcome) for one in receipts]


def _accepted(session: Session, post: Post) -> list[Receipt]:
    """Accept what was sent, unless the key was revoked since it was last looked up."""
    if post.caller.key_id and keys.revoked(session, [post.caller.key_id]):
        raise Problem(KEY_UNKNOWN, "The key you sent is not known here, or was revoked.")
    return submit.keep(session, post)


def _verified(context: Context, fresh: Sequence[str], known: Sequence[Record]) -> dict[str, Record]:
    try:
        return {record.id: record for record in verify.verify(context, fresh, known)}
    except Exception as error:  # noqa: BLE001 - kept is kept: whatever fails now, the records wait and their sender is told
        log.error("verify.postponed", records=len(fresh), **told_safely(error))  # noqa: TRY400 - it could name places
        return {}
