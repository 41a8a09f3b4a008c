"""The pages of imports: a file goes in, is shown as it would be read, and is imported while its page tells how far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from service.context import Context
from service.errors import INVALID, MALFORMED, NOT_FOUND, UNSUPPORTED, Problem
from service.http.callers import the_context
from service.http.seats import form_of, require_own_form
from service.importing import jobs, uploads
from service.importing.importer import work_in_turn
from service.importing.plan import Mode
from service.importing.preview import preview
from service.importing.showing import shown
from service.login.sessions import FORGERY_FIELD
from service.store.imports import Import
from service.web.collecting.uploading import GONE, Held, held, sender, take
from service.web.reader import PageReader, reader_of
from service.web.speech import deferred

sending = APIRouter(prefix="/collections", include_in_schema=False)
router = APIRouter(prefix="/imports", include_in_schema=False)

Form = Annotated[dict[str, str], Depends(form_of)]

#: What a column can be told to be; the API takes more (docs/importing.md).
FIELDS = {
    "id": deferred("your own identifier"),
    "name": deferred("name"),
    "alt_names": deferred("other names"),
    "country": deferred("country"),
    "lat": deferred("latitude"),
    "lon": deferred("longitude"),
    "kind": deferred("kind of place"),
    "groups": deferred("groups of people"),
    "count.persons": deferred("number of people"),
    "count.households": deferred("number of households"),
    "observed": deferred("day of the visit"),
    "consent": deferred("consent"),
}

#: What becomes of what is there already.
MODES = {
    Mode.APPEND.value: deferred("Add new rows, revise known ones"),
    Mode.CORRECT.value: deferred("Only revise what is known"),
    Mode.REPLACE.value: deferred("Add, revise, and withdraw what the file has no more"),
}

STATES = {
    "waiting": deferred("Waiting for its turn"),
    "running": deferred("Being imported"),
    "done": deferred("Done"),
    "cancelled": deferred("Stopped"),
    "failed": deferred("It could not be imported"),
}

_SEE_OTHER = 303
_AGAIN_S = 3  # until the page of a job loads itself again
_ROWS, _FAULTS = 20, 50  # of a preview
_OF_THE_FILE = {INVALID, NOT_FOUND, MALFORMED, UNSUPPORTED}


@sending.get("/{collection_id}/imports")
async def choose(request: Request, collection_id: str) -> Response:
    """Ask for the file."""
    reader = await reader_of(request)
    await run_in_threadpool(sender, reader)
    return await _choosing(reader, collection_id)


@sending.post("/{collection_id}/imports")
async def look(request: Request, collection_id: str) -> Response:
    """Take in a file and show what importing it would do; nothing is kept of it yet."""
    reader = await reader_of(request)
    try:
        file = await take(request, reader, collection_id)
        return await _looked(reader, file)
    except Problem as problem:
        if problem.kind not in _OF_THE_FILE:
            raise
        return await _choosing(reader, collection_id, problem)


@sending.post("/{collection_id}/imports/again")
async def look_again(request: Request, collection_id: str, form: Form) -> Response:
    """Show what importing the file would do with its columns read as the form says."""
    reader = await reader_of(request)
    file = await run_in_threadpool(held, request, reader, (collection_id, form))
    if not file.upload.path.exists():
        raise Problem(NOT_FOUND, GONE)
    try:
        return await _looked(reader, file)
    except Problem as problem:
        if problem.kind not in _OF_THE_FILE:
            raise
        return await _choosing(reader, collection_id, problem)


@sending.post("/{collection_id}/imports/begin")
async def begin(request: Request, collection_id: str, form: Form) -> Response:
    """Import the file that was looked at, and go to where one sees how far it came."""
    reader = await reader_of(request)
    file = await run_in_threadpool(held, request, reader, (collection_id, form))
    job = await run_in_threadpool(_begun, the_context(request), reader, file)
    return RedirectResponse(f"/imports/{job.id}", _SEE_OTHER, {"Cache-Control": "no-store"})


@router.get("")
async def chosen(request: Request) -> Response:
    """Go to where a file is sent into the collection that `?collection=` names; else to the collections."""
    name = request.query_params.get("collection", "").strip()
    where = f"/collections/{quote(name, safe='')}/imports" if name else "/collections"
    return RedirectResponse(where, _SEE_OTHER, {"Cache-Control": "no-store"})


@router.get("/{import_id}")
async def job_page(request: Request, import_id: str) -> Response:
    """Show how far an import came; while it is under way the page loads itself again, without scripts."""
    reader = await reader_of(request)
    job = await reader.ask(f"/v1/imports/{import_id}")
    under_way = job["state"] in {"waiting", "running"}
    values = {"job": job, "under_way": under_way, "again_s": _AGAIN_S, "states": STATES}
    return await reader.show("import.html", values, forms=True)


@router.get("/{import_id}/errors")
async def errors(request: Request, import_id: str) -> Response:
    """Give what was wrong in a file, as a spreadsheet or in another format of the API."""
    reader = await reader_of(request)
    query = [(name, text) for name, text in request.query_params.multi_items() if name != "lang"]
    return await reader.data(f"/v1/imports/{quote(import_id, safe='')}/errors", query)


@router.post("/{import_id}/cancel")
async def cancel(request: Request, import_id: str, form: Form) -> Response:
    """Stop an import; what was kept stays."""
    reader = await reader_of(request)
    require_own_form(request, sender(reader), form.get(FORGERY_FIELD, ""))
    await run_in_threadpool(jobs.cancel, the_context(request), import_id, reader.caller)
    return RedirectResponse(f"/imports/{quote(import_id, safe='')}", _SEE_OTHER, {"Cache-Control": "no-store"})


async def _choosing(reader: PageReader, collection_id: str, problem: Problem | None = None) -> Response:
    values = {"id": collection_id, "problem": problem, "modes": MODES}
    return await reader.show("import_new.html", values, forms=True, status=problem.kind.status if problem else 200)


async def _looked(reader: PageReader, file: Held) -> Response:
    context = the_context(reader.request)
    try:
        found = await run_in_threadpool(_foreseen, context, reader, file)
    except Problem:
        await run_in_threadpool(uploads.remove, context, file.upload.import_id)
        raise
    values = {
        "file": file,
        "found": found,
        "rows": found["rows"][:_ROWS],
        "faults": found["problems"][:_FAULTS],
        "said": {header: field for field, header in file.wish.columns.items()},
        "fields": FIELDS,
        "modes": MODES,
    }
    return await reader.show("import_preview.html", values, forms=True)


def _foreseen(context: Context, reader: PageReader, file: Held) -> Mapping[str, Any]:
    return shown(context, preview(context, file.upload, file.wish, reader.caller), reader.caller)


def _begun(context: Context, reader: PageReader, file: Held) -> Import:
    """Begin an import; return the one that is there already where the form was sent twice."""
    try:
        return jobs.seen(context, file.upload.import_id, reader.caller)
    except Problem as problem:
        if problem.kind is not NOT_FOUND:
            raise
    if not file.upload.path.exists():
        raise Problem(NOT_FOUND, GONE)
    job, small = jobs.begin(context, file.upload, file.wish, reader.caller)
    return work_in_turn(context, job) if small else job
