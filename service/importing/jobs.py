"""Jobs: an import from the moment its file lies here until it ended, as people start it, look at it and cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from geodata.files.headers import UnknownColumn
from geodata.files.sheet import UnreadableTable
from geodata.files.streaming import open_tables
from service.callers.caller import Caller, Right, Role
from service.context import Context
from service.errors import BUSY, NOT_FOUND, STALE_STATE, Problem
from service.importing import uploads
from service.importing.description import key_of
from service.importing.parts import File, Reader
from service.importing.plan import Mode, Plan, Upload, Wish
from service.importing.profiles import plan_for, unknown, unreadable
from service.running import clock
from service.store import events, imports, keys, sightings
from service.store.engine import Session
from service.store.import_tables import ImportState
from service.store.imports import Import
from service.store.passports import Key

#: Files of one organisation that wait to be imported; whoever sends more is told to come again.
MOST_OPEN = 100

_AGAIN_S = 60
_TRIED = 1_000  # rows that are read before a job is made of a file


class Begun(NamedTuple):
    """An import that was asked for, and whether its file is small enough to be imported while its sender waits."""

    job: Import
    small: bool


def begin(context: Context, upload: Upload, wish: Wish, caller: Caller) -> Begun:
    """Keep the job of importing a file into a collection of the caller's organisation. Nothing of it is kept yet.

    Raises `Problem`: key needed; invalid, where the file or the mapping cannot be read; not found (no such profile).
    The file is removed then.
    """
    try:
        key = key_of(caller, upload.collection)
        plan, small = _readable(context, key, upload, wish)
    except BaseException:
        uploads.remove(context, upload.import_id)
        raise
    at = clock.now()
    new = Import(
        id=upload.import_id,
        organisation=key[0],
        collection=upload.collection,
        key_id=caller.key_id,
        file_name=upload.name,
        mode=wish.mode,
        plan=plan.plain(),
        created_at=at,
        updated_at=at,
    )

    def keep(session: Session) -> None:
        _require_room(session, key[0])
        if caller.key_id is None:  # nobody's key, but the service's own command line
            keys.add_organisation(session, key[0], at)
        imports.add(session, new)
        events.add(session, [events.Event("import.began", new.id, at, caller, {"mode": wish.mode.value})])

    context.store.write(keep)
    return Begun(new, small)


def _require_room(session: Session, organisation: str) -> None:
    if len(imports.unfinished(session, organisation)) >= MOST_OPEN:
        detail = f"{MOST_OPEN} files of {organisation} wait to be imported already."
        raise Problem(BUSY, detail, retry_after=_AGAIN_S)


def _readable(context: Context, key: Key, upload: Upload, wish: Wish) -> tuple[Plan, bool]:
    """Return how a file is read, having read its first rows, and whether it is small."""
    try:
        tables = open_tables(upload.path, upload.name, wish.sheet)
        table = next(tables)
        plan = plan_for(context, key, table, wish)
        few = table.take(np.arange(len(table)) < _TRIED)
        Reader(File(upload.path, upload.name, key[1], plan), lambda _ids: {}).part(few)
        return plan, len(table) <= context.settings.import_inline_rows and next(tables, None) is None
    except UnreadableTable as error:
        raise unreadable(error) from error
    except UnknownColumn as error:
        raise unknown(error) from error


def file_of(context: Context, job: Import) -> File:
    """Return the file of an import, and how it is read."""
    path = uploads.path_of(context, job.id)
    only_known = job.mode is Mode.CORRECT
    return File(path, job.file_name, job.collection, Plan.from_plain(job.plan), only_known)


def reader_of(context: Context, job: Import) -> Reader:
    """Return what reads the file of an import from its beginning."""

    def known(own_ids: Sequence[str]) -> dict[str, str]:
        with context.store.read() as session:
            return sightings.collections_of(session, job.organisation, own_ids)

    return Reader(file_of(context, job), known)


def sender(job: Import) -> Caller:
    """Return in whose name an import keeps records."""
    return Caller(job.organisation, job.key_id, Role.CONTRIBUTOR)


def seen(context: Context, import_id: str, caller: Caller) -> Import:
    """Return an import as its organisation and admins see it. Raises `Problem` (not found) for everybody else."""
    with context.store.read() as session:
        found = imports.get(session, import_id)
    if not caller.may(Right.ADMINISTER) and found.organisation != caller.organisation:
        detail = f"There is no import {import_id}."
        raise Problem(NOT_FOUND, detail)
    return found


def place_of(context: Context, import_id: str, caller: Caller) -> str:
    """Return the cursor of the page that follows an import. Raises `Problem` (not found) as `seen` does."""
    seen(context, import_id, caller)
    with context.store.read() as session:
        return imports.cursor_after(session, import_id)


def cancel(context: Context, import_id: str, caller: Caller) -> Import:
    """Ask an import to stop after the part that is being kept, and return it; what was kept stays.

    One that waits is cancelled at once. Raises `Problem`: not found; stale state, where it ended already.
    """
    seen(context, import_id, caller)
    stopped = context.store.write(lambda session: _cancel(session, import_id, caller))
    if not stopped.open:
        uploads.remove(context, import_id)
    return stopped


def _cancel(session: Session, import_id: str, caller: Caller) -> Import:
    at, found = clock.now(), imports.locked(session, import_id)
    if not found.open:
        detail = f"The import is {found.state.value} already; what it kept stays."
        raise Problem(STALE_STATE, detail, state=found.state.value)
    imports.ask_to_stop(session, import_id, at)
    events.add(session, [events.Event("import.cancelled", import_id, at, caller)])
    if found.state is ImportState.WAITING and not found.parts:
        ended = replace(found, state=ImportState.CANCELLED, updated_at=at, ended_at=at)
        imports.put(session, ended)
        return replace(ended, cancelling=True)
    return replace(found, cancelling=True)
