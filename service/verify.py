"""Verify: compare records with the official lists, keep what was found, and raise or update their flags.

The comparison runs between two transactions, so that nobody waits for it. What it read is checked again before anything
is kept: a record that was revised meanwhile stays pending, a list that was replaced meanwhile is compared anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import structlog

from matchers.circumstances import Circumstances
from service.context import Context, quality_policy
from service.disclosure.policy import handling_of, may_stay, sensitivity_of
from service.official.longlists import Listed
from service.placing import place_now
from service.running import clock
from service.store import events, findings, marks, memory, parameter_sets, records
from service.store.engine import Session
from service.store.filters import RecordFilter
from service.store.marks import Marks
from service.store.memory import Remembered
from service.store.values import SILENT, Finding, Record, RecordState
from service.verifying import grading
from service.verifying.judging import PARAMETERS, judge
from service.verifying.losing import lost_of
from service.verifying.raising import Judged, Keeping, Raised, raise_flags
from service.verifying.rivals import rivals_in

BATCH = 500  # records compared and kept at a time
_WAITING = RecordFilter(state=RecordState.PENDING)
ATTEMPTS = 4  # the first with the lists held; more when they are replaced faster than records are compared

log = structlog.get_logger(__name__)


class Progress(Protocol):
    """What long work calls to say how far it is."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Take the records done, and of how many."""


def silent(done: int, total: int | None = None) -> None:
    """Say nothing."""


class GroundMoved(Exception):
    """An official list was replaced, a decision taken or a passport declared, while records were compared."""


def verify(context: Context, record_ids: Sequence[str], known: Iterable[Record] = ()) -> list[Record]:
    """Verify records and return them in the order asked; identifiers that do not exist are left out.

    `known` are those among them that the caller has at hand as they stand, so that they need not be read. A record
    whose comparison fails stays pending and is logged; it is never lost, and never takes others with it.
    """
    held = {record.id: record for record in known}
    settled: dict[str, Record] = {}
    for start in range(0, len(record_ids), BATCH):
        there = _read(context, record_ids[start : start + BATCH], held)
        batch = [record for record in there if record.state not in SILENT]
        settled |= {record.id: record for record in _verify(context, batch)}
    moved = [one.flag_id for one in settled.values() if one.flag_id and one.placed and not _may_stay(one)]
    place_now(context, list(dict.fromkeys(moved)))
    others = [record_id for record_id in record_ids if record_id not in settled]
    for start in range(0, len(others), BATCH):
        settled |= {record.id: record for record in _read(context, others[start : start + BATCH], {})}
    return [settled[record_id] for record_id in record_ids if record_id in settled]


def _may_stay(record: Record) -> bool:
    """Return whether a record is still of a class for which its community is shown where it is."""
    own = sensitivity_of(record.account)
    return record.placed is None or may_stay(record.placed, own, handling_of(own))


def pending(context: Context, progress: Progress = silent) -> int:
    """Verify what is still waiting, e.g. after a crash, and return how many records that settled."""
    with context.store.read() as session:
        total = records.count(session, _WAITING)
    settled = done = 0
    for batch in _waiting(context):
        settled += len(_verify(context, _read(context, batch, {})))
        done += len(batch)
        progress(done, max(done, total))
    return settled


def preview(context: Context, found: Sequence[Record]) -> list[Record]:
    """Return records as verifying them now would leave them, in the order given. Nothing is kept.

    They need not exist. One whose comparison fails stays as it is.
    """
    lists = context.lists.current()
    settled: dict[str, Record] = {}
    for start in range(0, len(found), BATCH):
        judged, _ = compared(context, found[start : start + BATCH], lists)
        settled |= {one.record.id: _seen(one) for one in judged}
    return [settled.get(record.id, record) for record in found]


def everything(context: Context, progress: Progress = silent) -> int:
    """Verify every record again, e.g. with a new model, and return how many that settled; a crash loses nothing."""
    context.store.write(records.set_pending)
    return pending(context, progress)


def _waiting(context: Context) -> Iterator[list[str]]:
    after = 0
    while True:
        with context.store.read() as session:
            rows = records.ids(session, _WAITING, after, BATCH)
        if not rows:
            return
        after = rows[-1][0]
        yield [record_id for _, record_id in rows]


def _read(context: Context, record_ids: Sequence[str], held: Mapping[str, Record]) -> list[Record]:
    """Return the records that exist among these, in the order asked; those held already are not read again."""
    unread = [record_id for record_id in record_ids if record_id not in held]
    found = dict(held)
    if unread:
        with context.store.read() as session:
            found |= {record.id: record for record in records.many(session, unread)}
    return [found[record_id] for record_id in record_ids if record_id in found]


def _verify(context: Context, found: Sequence[Record]) -> list[Record]:
    """Verify one batch and return the records that settled."""
    parameter_sets.keep(context.store, PARAMETERS)
    lists = context.lists.held()
    for _ in range(ATTEMPTS):
        judged, used = compared(context, found, lists)
        try:
            return context.store.write(partial(_keep, judged=judged, used=used, lists=lists))
        except GroundMoved:
            lists = context.lists.current()
    log.warning("verify.ground_keeps_moving", records=len(found))
    return []


def compared(
    context: Context, found: Sequence[Record], lists: Sequence[Listed], seen: Marks | None = None
) -> tuple[list[Judged], Marks]:
    """Compare records with lists, keeping nothing; return what was found, and what besides the records was read.

    `seen` are the marks that stood a moment ago, for who checks afterwards that they do still: they are not asked for.
    """
    remembered, declared = _recalled(context, found, seen)
    graded = grading.qualities(context.store, quality_policy(context.settings), found, declared)
    known = Circumstances(context.lists.growth(), graded)
    answers = judge(found, lists, remembered, rivals_in(context.store, PARAMETERS), known=known)
    judged = [Judged(record, answers[record.id]) for record in found if record.id in answers]
    snapshots_used = tuple(official.snapshot for official in lists)
    return judged, Marks(snapshots_used, remembered.mark, declared.mark, known.growth.digest)


def _recalled(context: Context, found: Sequence[Record], seen: Marks | None) -> tuple[Remembered, grading.Declared]:
    """Return what was decided about records, and what is declared of their collections."""
    if seen is not None and seen.memory is None and not seen.passports:
        return Remembered(), grading.Declared({}, 0)
    with context.store.read() as session:
        until = None if seen is None else seen.memory
        return memory.about(session, found, until), grading.declared(session, found)


def _keep(session: Session, judged: Sequence[Judged], used: Marks, lists: Sequence[Listed]) -> list[Record]:
    """Keep what was found, in one transaction, and return the records that settled, as they stand now."""
    check_ground(session, used)
    at = clock.now()
    standing = records.standing(session, [one.record.id for one in judged])
    judged = [one for one in judged if _as_read(one.record, standing[one.record.id])]
    known = [one.record.id for one in judged if not standing[one.record.id].fresh]
    before = findings.present(session, known)
    news = [
        one
        for one in judged
        if standing[one.record.id].verdict is None or _differs(before.get(one.record.id, ()), one.findings)
    ]
    renewed = {one.record.id for one in news}
    findings.supersede(session, [record_id for record_id in known if record_id in renewed])
    findings.add(session, {one.record.id: one.findings for one in news})
    records.set_verified(session, {one.record.id: one.summary for one in news}, at)
    records.set_unchanged(session, [record_id for record_id in known if record_id not in renewed])
    events.add(session, [told(one, at) for one in news])
    lost = lost_of(news, before, lists)
    raised = raise_flags(session, judged, Keeping(standing, frozenset(renewed), at, lost))
    held = [one if one.record.id in renewed else replace(one, findings=before.get(one.record.id, ())) for one in judged]
    moments = {record_id: at if record_id in renewed else stands.updated_at for record_id, stands in standing.items()}
    return [as_settled(one, raised, moments[one.record.id]) for one in held]


def check_ground(session: Session, used: Marks) -> None:
    """Raise `GroundMoved` where what a comparison read is no longer what stands."""
    if marks.now(session) != used:
        raise GroundMoved


def _as_read(record: Record, stands: records.Standing) -> bool:
    """Return whether a record still is what was compared, and nobody set it aside or withdrew it meanwhile."""
    return stands.revision == record.revision and stands.state not in SILENT


def _seen(one: Judged) -> Record:
    verdict, p_absent = one.summary
    state = RecordState.VERIFIED
    return replace(one.record, state=state, verdict=verdict, p_absent=p_absent, findings=one.findings)


def as_settled(one: Judged, raised: Raised, at: datetime) -> Record:
    """Return a record as it is kept now; `at` is when something new was last found about it."""
    verdict, p_absent = one.summary
    return replace(
        one.record,
        state=RecordState.VERIFIED,
        verdict=verdict,
        p_absent=p_absent,
        findings=one.findings,
        community_id=raised.community.get(one.record.id),
        flag_id=raised.flag.get(one.record.id),
        updated_at=at,
    )


def _differs(before: tuple[Finding, ...], now: tuple[Finding, ...]) -> bool:
    """Return whether two verifications say different things, leaving aside when they said it."""
    return [_said(finding) for finding in before] != [_said(finding) for finding in now]


def _said(finding: Finding) -> Finding:
    """Return what a finding says; how it was searched is kept with the first that said it."""
    return replace(finding, id="", created_at=datetime.min.replace(tzinfo=UTC), certificate=None, holds_at=None)


def told(one: Judged, at: datetime) -> events.Event:
    """Return the event of a record that was verified."""
    snapshots_used = sorted({finding.snapshot for finding in one.findings})
    data = {"revision": one.record.revision, "verdict": one.summary[0], "snapshots": snapshots_used}
    return events.Event("record.verified", one.record.id, at, data=data)
