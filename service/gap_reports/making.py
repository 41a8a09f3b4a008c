"""Making: an edition freezes what a report rests on at one moment, a small one at once, a large one as a job.

What is frozen is which revisions, findings and decisions there were, not what they say: that stays where a withdrawal
finds it. Nothing is written before everything was read, and then in one transaction, so that there is no half edition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure import Redacting, View, view_of
from service.disclosure.openness import open_now
from service.errors import KEY_NEEDED, NOT_PERMITTED, Problem
from service.gap_reports.edition import READERS, Audience, Wish, kept_scope, scope_of
from service.report import GapReport, reading
from service.running import clock
from service.store import events, frozen, gap_reports, tallies
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.gap_reports import Edition
from service.store.identifiers import new_id
from service.store.values import Flag

#: Flags up to which an edition is made while its maker waits; some seconds of work.
AT_ONCE = 5_000

_READER = READERS[Audience.RESTRICTED]


def begin(context: Context, wish: Wish, caller: Caller) -> Edition:
    """Keep the wish for an edition, to be made by `make`. Raises `Problem` (key needed, not permitted)."""
    if not caller.counting(wish.scope.country, wish.scope.admin).may(Right.REVIEW):
        raise Problem(*_refused(caller))
    at = clock.now()
    new = Edition(
        id=new_id(),
        scope=kept_scope(wish.scope),
        public=wish.public,
        licence=wish.licence.value,
        organisation=caller.organisation,
        key_id=caller.key_id,
        created_at=at,
    )

    def keep(session: Session) -> Edition:
        kept = gap_reports.add(session, new)
        data = {"number": kept.number, "public": kept.public}
        events.add(session, [events.Event("gap_report.ordered", kept.id, at, caller, data)])
        return kept

    return context.store.write(keep)


def is_small(context: Context, edition: Edition) -> bool:
    """Return whether an edition is made while its maker waits."""
    with context.store.read() as session:
        return sum(tallies.statuses(session, FlagFilter(country=edition.scope["country"])).values()) <= AT_ONCE


def make(context: Context, edition: Edition, step: Callable[[int], None] = lambda _flags: None) -> Edition:
    """Make an edition that waits, and return it; `step` is told how many flags were read more.

    Where another process was quicker, its edition stays.
    """
    items: list[dict[str, Any]] = []
    audits: dict[str, list[Any]] = {}
    with reading(context, scope_of(edition), _READER) as (report, chunks):
        outside = Redacting(replace(report, caller=READERS[Audience.PUBLIC], consistent={}), READERS[Audience.PUBLIC])
        at = report.generated_at
        for chunk in chunks:
            seen = [flag for flag in chunk if _is_seen(flag)]
            public = {shown["id"] for shown in outside.add([flag for flag in seen if open_now(flag)])}
            items += [
                frozen.item(flag, place, outside=flag.id in public) for place, flag in enumerate(seen, len(items))
            ]
            audits |= {repr(audit): audit for audit in frozen.audited(seen)}
            step(len(chunk))
        told = _told(report) | {"audits": [audits[key] for key in sorted(audits)]}
    made = replace(edition, flags=len(items), told=told, made_at=at)

    def keep(session: Session) -> None:
        if gap_reports.made(session, made):
            frozen.add(session, made.seq, items)
            events.add(session, [events.Event("gap_report.made", made.id, clock.now(), data={"flags": made.flags})])

    context.store.write(keep)
    with context.store.read() as session:
        return gap_reports.get(session, made.id)


def _is_seen(flag: Flag) -> bool:
    return view_of(flag.record, _READER, published=open_now(flag)) is not View.NOTHING


def _told(report: GapReport) -> dict[str, Any]:
    """Return what is kept of a report beside its flags."""
    return {
        "verdicts": report.verdicts,
        "consistent": report.consistent,
        "snapshots": [entry.sha256 for entry in report.snapshots],
        "models": list(report.models),
        "measured": [one.as_dict() for one in report.measured],
        "releases": [release.sha256 for release, _ in report.releases],
        "resolved": [
            [one.snapshot, one.record.id, one.published] for _, resolved in report.releases for one in resolved
        ],
        "limits": list(report.limits),
    }


def _refused(caller: Caller) -> tuple[Any, str]:
    if caller.role is None:
        return KEY_NEEDED, "Editions of gap reports are made by reviewers; send your key."
    return NOT_PERMITTED, "Editions of gap reports are made by reviewers."
