"""Taking back: what becomes of records that say nothing any more, of their flags, and of what others were told of them.

A withdrawn record keeps its history. A flag that nobody else speaks for is closed and remembers what people had
decided: when the record is sent again and the evidence is the same, that holds again and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.callers.caller import Caller
from service.disclosure.gone import flag_gone, record_gone
from service.disclosure.openness import open_now
from service.store import editions, events, findings, flags, mentions, records, tombstones, withdrawals
from service.store.engine import Session
from service.store.tombstones import Gone
from service.store.values import Flag, FlagStatus
from service.store.withdrawals import Held

_CLOSED = frozenset({FlagStatus.WITHDRAWN, FlagStatus.RESOLVED_BY_RELEASE})


def take_back(session: Session, gone: Sequence[Held], by: Caller, data: dict[str, Any] | None = None) -> list[str]:
    """Let records say nothing any more, within a transaction of the caller's; `data` is told with the event of each.

    Returns the records that were in company of those, or lost an entry to them, and wait to be compared without them.
    """
    at, ids = datetime.now(UTC), [one.id for one in gone]
    communities = {one.community_id for one in gone if one.community_id is not None}
    shown = flags.about(session, sorted(communities))
    seen = _seen(session, ids, shown)
    withdrawals.withdraw(session, ids, at)
    findings.supersede(session, ids)
    losing = mentions.forget(session, ids)
    left = withdrawals.company(session, communities)
    alone = communities - set(left.values())
    closed = [
        replace(
            matter,
            status=FlagStatus.WITHDRAWN,
            withdrawn_from=matter.status if matter.decided else None,
            decided=False,
            version=matter.version + 1,
            updated_at=at,
        )
        for matter in flags.matters(session, sorted(alone)).values()
        if matter.status not in _CLOSED
    ]
    flags.change(session, closed)
    events.add(session, [events.Event("record.withdrawn", record_id, at, by, data or {}) for record_id in ids])
    events.add(session, [_closed(matter) for matter in closed])
    tombstones.lay(session, seen, at)
    if told := {flag.record.account.country for flag in shown if open_now(flag)}:
        editions.supersede(session, at, sorted(told))  # what was counted with them is counted anew
    return list(dict.fromkeys([*left, *losing]))


def _seen(session: Session, ids: Sequence[str], shown: Sequence[Flag]) -> list[Gone]:
    """Return the records, and the flags they speak for, by who sees them now."""
    going = set(ids)
    public = {flag.record.id for flag in shown if open_now(flag)}
    spoken = [flag_gone(flag) for flag in shown if flag.record.id in going and flag.status is not FlagStatus.WITHDRAWN]
    return spoken + [record_gone(one, published=one.id in public) for one in records.many(session, ids)]


def _closed(matter: flags.Matter) -> events.Event:
    data = {"status": matter.status.value, "version": matter.version, "verdict": matter.grounds.verdict}
    why = {"why": "its organisation withdrew the record that spoke for it"}
    return events.Event("flag.closed", matter.id, matter.updated_at, data=data | why)
