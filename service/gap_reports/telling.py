"""Telling: an edition as it was made, without what was withdrawn, held or made less open since.

Everything passes the redactor anew. What everybody could not read then is not in the public edition now, whatever
became of it; what was taken out since is in no number either, and the edition says that it was re-issued.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from service.context import Context
from service.disclosure import Redacting
from service.disclosure.hidden import NO_TOTALS
from service.disclosure.policy import Sensitivity, sensitivity_of
from service.documents.methods import METHODS, OF_EDITIONS
from service.errors import BUSY, Problem
from service.gap_reports.edition import READERS, Audience, cite, scope_of
from service.report import GapReport, Own, Shown
from service.store import frozen, gap_reports, records, snapshots
from service.store.engine import Session
from service.store.frozen import Frozen
from service.store.gap_reports import Edition
from service.store.values import Flag, FlagStatus
from service.store.visible import Resolved
from service.writing.formats import json_text

_AGAIN_S = 5

#: Statuses of a flag that was published, under which everybody may go on reading about it in editions of then.
_STILL = frozenset({FlagStatus.PUBLISHED, FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.REGRESSED})


def tell(context: Context, edition: Edition, audience: Audience, take: Callable[[Shown], None]) -> dict[str, Any]:
    """Give the flags of an edition to `take`, some at a time, as its audience may see them; return the rest of it.

    Raises `Problem` (busy) while the edition waits to be made.
    """
    if edition.told is None or edition.made_at is None:
        detail = f"Gap report {edition.id} is being made."
        raise Problem(BUSY, detail, retry_after=_AGAIN_S)
    with context.store.read() as session:
        redacting = Redacting(_report(session, edition, audience), READERS[audience])
        since = _Since(session, edition, audience)
        content, decisions, out, number = blake2b(digest_size=16), Counter[tuple[str, str]](), 0, 0
        for chunk in frozen.chunks(session, edition.seq, edition.made_at, edition.told):
            some = [one for one in chunk if one.outside or audience is Audience.RESTRICTED]
            shown = [_frozen(item) for item in redacting.add(_open(some, audience))]
            out += len(some) - len(shown)
            number += len(shown)
            for item in shown:
                content.update(json_text(item))
                decisions.update((review["decision"], review["reason_code"]) for review in item["reviews"])
            since.count(shown)
            take(shown)
        previous = gap_reports.get(session, edition.previous_id) if edition.previous_id else None
    told = redacting.done()
    inside = audience is Audience.RESTRICTED
    return {
        "id": edition.id,
        "edition": edition.number,
        "audience": audience.value,
        "made_at": edition.made_at,
        "public": edition.public,
        "licence": edition.licence,
        "cite": cite(edition, audience, reissued=out > 0),
        "reissued": out > 0,
        "taken_out": out if inside else None,
        "content": content.hexdigest(),
        "previous": previous.id if previous and (inside or previous.public) else None,
        "since_previous": since.told() if previous and (inside or previous.public) else None,
        "flags": number,
        **{name: value for name, value in told.items() if name != "generated_at"},
        "decisions": [
            {"decision": decision, "reason_code": reason, "number": times}
            for (decision, reason), times in sorted(decisions.items())
        ],
        "methods": [*METHODS, OF_EDITIONS],
    }


def _open(some: Iterable[Frozen], audience: Audience) -> list[Flag]:
    """Return the flags that were not taken out since, each of the higher class of then and now."""
    found = []
    for one in some:
        if one.flag is None or (audience is Audience.PUBLIC and one.status_now not in _STILL):
            continue
        found.append(one.flag if one.later is None else _as_sensitive(one.flag, sensitivity_of(one.later)))
    return found


def _as_sensitive(flag: Flag, now: Sensitivity) -> Flag:
    account = flag.record.account
    order = list(Sensitivity)
    if order.index(sensitivity_of(account)) >= order.index(now):
        return flag
    return replace(flag, record=replace(flag.record, account=replace(account, sensitivity=now.value)))


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    """Return a flag without what follows from the moment it is read at."""
    return item | {"embargo_until": None}


def _report(session: Session, edition: Edition, audience: Audience) -> GapReport:
    told: Mapping[str, Any] = edition.told or {}
    reader, inside = READERS[audience], audience is Audience.RESTRICTED
    entries = {sha256: snapshots.get(session, sha256) for sha256 in (*told["snapshots"], *told["releases"])}
    spoken = {one.id: one for one in records.many(session, [record_id for _, record_id, _ in told["resolved"]])}
    resolved = [
        Resolved(snapshot, spoken[record_id], published)
        for snapshot, record_id, published in told["resolved"]
        if record_id in spoken
    ]
    return GapReport(
        scope=scope_of(edition),
        generated_at=edition.made_at or edition.created_at,
        verdicts=dict(told["verdicts"]) if inside else {},
        statuses={},
        consistent=dict(told["consistent"]) if inside else {},
        snapshots=tuple(entries[sha256] for sha256 in told["snapshots"]),
        models=tuple(told["models"]),
        measured=tuple(map(_Measured, told["measured"])),
        releases=tuple(
            (entries[sha256], tuple(one for one in resolved if one.snapshot == sha256)) for sha256 in told["releases"]
        ),
        caller=reader,
        own=Own(),
        totals=NO_TOTALS,
        limits=tuple(told["limits"]),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was known then of how often findings were right."""

    kept: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it was kept."""
        return dict(self.kept)


class _Since:
    """Counts what became of flags since the edition before, of those that are shown."""

    def __init__(self, session: Session, edition: Edition, audience: Audience) -> None:
        """Read how they stood then."""
        outside = audience is Audience.PUBLIC
        self._then = frozen.statuses(session, edition.previous_id, outside=outside) if edition.previous_id else {}
        self._counted = Counter(dict.fromkeys(("new", "published", "resolved", "regressed"), 0))

    def count(self, shown: Shown) -> None:
        """Count some flags."""
        for item in shown:
            then, now = self._then.get(item["id"]), item["status"]
            if then is None:
                self._counted["new"] += 1
            elif then != now:
                self._counted.update([_BECAME[now]] if now in _BECAME else [])

    def told(self) -> dict[str, int]:
        """Return the numbers."""
        return dict(self._counted)


_BECAME = {"published": "published", "resolved_by_release": "resolved", "regressed": "regressed"}
