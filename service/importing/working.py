"""Working: read the file of an import part by part, keep each part in one transaction, then verify what is new.

How far it came stands in the same transaction as what was kept, so a process that dies over it leaves whole parts only,
and whoever goes on reads the file again, passes over those and gives the same result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from threading import Event
from typing import Protocol

import structlog

from geodata.files.headers import UnknownColumn
from geodata.files.sheet import UnreadableTable
from service import intake, verify
from service.context import Context
from service.errors import INTERNAL, INVALID, PASSING, Problem
from service.importing import uploads
from service.importing.ahead import one_ahead
from service.importing.jobs import reader_of, sender
from service.importing.parts import Part, Reader
from service.importing.plan import Mode
from service.importing.profiles import unknown, unreadable
from service.importing.withdrawing import withdraw_others
from service.intake import Columns, Intake, Taken
from service.running import clock
from service.running.logs import told_safely
from service.store import events, import_problems, imports, records
from service.store.engine import Session
from service.store.filters import RecordFilter
from service.store.import_tables import ImportState
from service.store.imports import Import
from service.store.passports import DEFAULT
from service.store.values import RecordState

log = structlog.get_logger(__name__)

#: Its own, besides the lease of an organisation's imports: of these one is worked on at a time.
PREFIX = "import/"


class Watching(Protocol):
    """Hears how an import is getting on."""

    def __call__(self, job: Import) -> None:
        """Take the import as it stands now."""


def unwatched(job: Import) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class How:
    """How an import is worked on: who hears of it, and what stops it between two parts without ending it."""

    watching: Watching = unwatched
    ended: Event = field(default_factory=Event)


class _Stopped(Exception):
    """Somebody asked the import, or the process, to stop."""


class _Overtaken(_Stopped):
    """Another process goes on with the import: this one was taken for dead."""


def work(context: Context, job: Import, how: How | None = None) -> Import:
    """Import a file, from where it broke off if it did, and return what came of it.

    Must be called within the turn of its organisation (`turn`). A failure is kept with the import, not raised.
    """
    how = how or How()
    try:
        done = _worked(context, _moved(context, job.id, lambda one: replace(one, state=ImportState.RUNNING)), how)
    except _Stopped:
        with context.store.read() as session:
            stopped = imports.get(session, job.id)
        if not stopped.cancelling or not stopped.open:
            return stopped
        done = _ended(context, stopped, ImportState.CANCELLED)
    except UnreadableTable as error:
        done = _failed(context, job, unreadable(error))
    except UnknownColumn as error:
        done = _failed(context, job, unknown(error))
    except Problem as problem:
        if problem.kind in PASSING:  # the database is busy, or the disk full; the importer comes back to this
            raise
        done = _failed(context, job, problem)
    except Exception as error:  # noqa: BLE001 - what was kept stays, and the import must not be begun for ever
        log.error("import.failed", **told_safely(error))  # noqa: TRY400 - a traceback would print the values
        done = _failed(context, job, Problem(INTERNAL, "The service made a mistake while reading this file."))
    uploads.remove(context, job.id)
    return done


def turn_of(organisation: str) -> str:
    """Return the name of the lease under which one import of an organisation is worked on at a time."""
    return f"{PREFIX}{organisation}"


def _worked(context: Context, job: Import, how: How) -> Import:
    reader = reader_of(context, job)
    for part, columns in one_ahead(_prepared(job, part) for part in reader.parts()):
        _look_up(context, job.id, how)
        if part.number >= job.parts:
            how.watching(_kept(context, job, part, columns))
    with context.store.read() as session:
        job = imports.get(session, job.id)
    company = _withdraw(context, job, reader) if job.mode is Mode.REPLACE else []
    _verify(context, job, how)
    verify.verify(context, company)
    with context.store.read() as session:
        return _ended(context, imports.get(session, job.id), ImportState.DONE)


def _prepared(job: Import, part: Part) -> tuple[Part, Columns | None]:
    """Return a part with what is to be kept of it: nothing where it was kept before, or has no good row."""
    if part.number < job.parts or not len(part.places):
        return part, None
    collection = None if job.collection == DEFAULT else job.collection
    given = Intake(sender(job), collection, part.places, clock.now(), part.said, import_id=job.id)
    return part, intake.prepare(given)


def _kept(context: Context, job: Import, part: Part, columns: Columns | None) -> Import:
    """Keep one part, and how far that brought the import, in one transaction."""

    def note(session: Session, taken: Taken | None) -> None:
        at_hand = imports.locked(session, job.id)
        if at_hand.parts != part.number or not at_hand.open:  # nobody keeps a part twice, whatever leases say
            log.warning("import.overtaken")
            raise _Overtaken
        room = max(import_problems.MOST - at_hand.problems, 0)
        import_problems.add(session, job.id, part.faults[:room])
        moved = _further(at_hand, part, taken)
        imports.put(session, replace(moved, dropped=[asdict(one) for one in part.dropped]))

    if columns is None:
        context.store.write(lambda session: note(session, None))
    else:
        intake.keep(context, columns.at(clock.now()), note)
    with context.store.read() as session:
        return imports.get(session, job.id)


def _further(job: Import, part: Part, taken: Taken | None) -> Import:
    return replace(
        job,
        parts=part.number + 1,
        rows_read=job.rows_read + part.read,
        created=job.created + (taken.created if taken else 0),
        revised=job.revised + (taken.revised if taken else 0),
        unchanged=job.unchanged + (taken.unchanged if taken else 0),
        set_aside=job.set_aside + part.set_aside,
        quarantined=job.quarantined + (taken.set_aside if taken else 0),
        problems=job.problems + len(part.faults),
        parts_of=dict(part.parts_of),
        updated_at=clock.now(),
    )


def _withdraw(context: Context, job: Import, reader: Reader) -> list[str]:
    if not job.kept:
        detail = (
            "No row of the file can be kept, so that it would withdraw every record of the collection. "
            "Nothing was withdrawn."
        )
        raise Problem(INVALID, detail)
    if reader.unsure:
        said = (
            "nothing was withdrawn: rows without an id could not be kept, and they may be records of the collection",
            "mend these rows, or give every row an id, and import the file again",
        )
        fault = import_problems.Fault(None, None, None, *said, kept=True)
        context.store.write(lambda session: _tell(session, job.id, fault))
        return []
    return withdraw_others(context, job, reader.ids, lambda session, gone: _count(session, job.id, gone))


def _tell(session: Session, job_id: str, fault: import_problems.Fault) -> None:
    job = imports.locked(session, job_id)
    import_problems.add(session, job_id, [fault])
    imports.put(session, replace(job, problems=job.problems + 1))


def _count(session: Session, job_id: str, gone: int) -> None:
    job = imports.locked(session, job_id)
    imports.put(session, replace(job, withdrawn=job.withdrawn + gone, updated_at=clock.now()))


def _verify(context: Context, job: Import, how: How) -> None:
    """Verify what waits in the collection, oldest first; whatever fails there, what is kept goes on waiting."""
    collection = None if job.collection == DEFAULT else job.collection
    waiting = RecordFilter(organisation=job.organisation, collection=collection, state=RecordState.PENDING)
    after = 0
    while True:
        _look_up(context, job.id, how)
        with context.store.read() as session:
            rows = records.ids(session, waiting, after, verify.BATCH)
        if not rows:
            break
        after = rows[-1][0]
        try:
            verify.verify(context, [record_id for _, record_id in rows])
        except Exception as error:  # noqa: BLE001 - kept is kept, and what waits is verified at the next start
            log.warning("import.verify_postponed", records=len(rows), **told_safely(error))
            break
        how.watching(_moved(context, job.id, partial(_verified, number=len(rows))))
    with context.store.read() as session:
        left = records.count(session, waiting)
    news = job.created + job.revised - job.quarantined
    _moved(context, job.id, lambda one: replace(one, verified=max(news - left, 0)))


def _verified(job: Import, number: int) -> Import:
    return replace(job, verified=job.verified + number)


def _look_up(context: Context, job_id: str, how: How) -> None:
    with context.store.read() as session:
        cancelling = imports.get(session, job_id).cancelling
    if cancelling or how.ended.is_set():
        raise _Stopped


def _failed(context: Context, job: Import, problem: Problem) -> Import:
    with context.store.read() as session:
        at_hand = imports.get(session, job.id)
    told = {"detail": problem.detail, "hint": problem.kind.hint, "code": problem.kind.code}
    return _ended(context, replace(at_hand, stopped=told), ImportState.FAILED)


def _ended(context: Context, job: Import, state: ImportState) -> Import:
    at = clock.now()
    ended = replace(job, state=state, updated_at=at, ended_at=at)
    data = {"outcome": state.value, "created": job.created, "revised": job.revised, "withdrawn": job.withdrawn}

    def keep(session: Session) -> None:
        imports.put(session, ended)
        events.add(session, [events.Event("import.ended", job.id, at, sender(job), data)])

    context.store.write(keep)
    return ended


def _moved(context: Context, job_id: str, move: Callable[[Import], Import]) -> Import:
    def keep(session: Session) -> Import:
        moved = replace(move(imports.locked(session, job_id)), updated_at=clock.now())
        imports.put(session, moved)
        return moved

    return context.store.write(keep)
