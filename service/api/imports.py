"""Imports: to send a file as it is, see what became of its rows, and get back what could not be kept."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api import previews
from service.api.answers_import import FaultsShown, ImportedShown, ImportPage, ImportShown, PreviewShown
from service.api.collections import Name
from service.api.fields import Line
from service.api.identifiers import Identifier, known_form
from service.api.listing import Shown, next_address, placed
from service.api.queries import Paging
from service.api.queries import Query as Asked
from service.api.responses import FINDING, FORMATTED, WRITING, problems, written_as
from service.callers.caller import Right
from service.context import Context
from service.disclosure.imports import redact_fault, redact_import
from service.errors import KEY_NEEDED, NOT_ACCEPTABLE, NOT_FOUND, NOT_PERMITTED, STALE_STATE
from service.http.answers import MEDIA_TYPES, Answer, Format, created, format_asked, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, Opened, the_context
from service.http.uploads import ENDINGS, UploadRoute, keep_upload, upload_of
from service.importing import jobs
from service.importing.faults import COLUMNS, told
from service.importing.importer import work_in_turn
from service.importing.plan import Mode, Wish, columns_of
from service.store import import_problems, imports
from service.store.imports import Import
from service.writing.formats import csv_text, json_text
from service.writing.workbooks import workbook

sending = APIRouter(prefix="/v1/collections", tags=["imports"], route_class=UploadRoute)
router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=Route)
stopping = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=Bodiless)

_FIRST = 10  # problems told with the answer
_ONLY_OURS = (KEY_NEEDED, NOT_PERMITTED)

#: The OpenAPI entry of a body that is a file.
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "the file itself; what it is its content tells",
        "content": {kind: {"schema": {"type": "string", "format": "binary", "minLength": 1}} for kind in ENDINGS},
    }
}


class FileQuery(Asked):
    """How a file is read."""

    name: Line | None = Field(default=None, description="of the file; else that of Content-Disposition")
    sheet: Line | None = Field(default=None, description="of a workbook; else the one that holds the data")
    profile: Line | None = Field(default=None, description="a saved mapping by its name; else the one that fits")
    map: list[Line] = Field(
        default=[], max_length=200, description="field=HEADER, such as name=VILLAGE_NM; may be repeated"
    )

    def wish(self, mode: Mode = Mode.APPEND) -> Wish:
        """Return what is wanted. Raises `Problem` (invalid)."""
        return Wish(mode, columns_of(self.map), self.profile, self.sheet)


class ImportQuery(FileQuery):
    """How a file is imported."""

    mode: Mode = Field(
        default=Mode.APPEND,
        description="append adds and revises; correct revises only; replace also withdraws what the file has no more",
    )
    dry_run: bool = Field(default=False, description="true: say what would become of each row, and keep nothing")


class ErrorsQuery(Asked):
    """In which format."""

    f: Literal[Format.JSON, Format.CSV, Format.XLSX] | None = Field(
        default=None, description="json, csv or xlsx; without it, Accept decides"
    )


@sending.post(
    "/{collection_id}/imports",
    status_code=201,
    operation_id="importFile",
    summary="Import a file",
    response_model=ImportedShown,
    responses=problems((*WRITING, NOT_FOUND))
    | {
        200: {"model": PreviewShown, "description": "A dry run: nothing was kept"},
        202: {"model": ImportedShown, "description": "The file lies here, and is imported from now on"},
    },
    openapi_extra=FILE,
)
def import_file(request: Request, collection_id: Name, query: Annotated[ImportQuery, Query()], by: Calling) -> Response:
    """Import a CSV, XLSX, ODS, GeoJSON, Kobo or ODK export or the like into one of your organisation's collections.

    Rows that can be kept are kept, whatever is wrong with others; `errors` names those with row, column and a hint.
    Columns about people are dropped first. A small file is answered with what became of it (201), a larger one, or
    one that has to wait, with its job (202). The same file again changes nothing.
    """
    context, upload = the_context(request), upload_of(request, collection_id)
    wish = query.wish(query.mode)
    if query.dry_run:
        return previews.answer(context, upload, wish, by)
    job, small = jobs.begin(context, upload, wish, by)
    keep_upload(request)
    if small:
        job = work_in_turn(context, job)
    body = json_text({**redact_import(job), "first_problems": _first(context, job)})
    where = f"/v1/imports/{job.id}"
    if not job.open:
        return created(body, where)
    headers = {"Location": where, "Cache-Control": "no-store", "Retry-After": "2"}
    return Response(body, 202, headers, media_type=MEDIA_TYPES[Format.JSON])


@router.get(
    "",
    operation_id="listImports",
    summary="Imports",
    response_model=ImportPage,
    responses=problems((*FORMATTED, *_ONLY_OURS)),
)
def list_imports(request: Request, query: Annotated[Paging, Query()], calling: Calling, context: Opened) -> Response:
    """Return your organisation's imports, to admins all, oldest first."""
    whose = None if calling.may(Right.ADMINISTER) else calling.organisation
    at = placed(lambda import_id: jobs.place_of(context, import_id, calling), query.cursor)
    with context.store.read() as session:
        page = imports.page(session, whose, at, query.limit)
    last = page.items[-1].id if page.next_cursor else None
    shown = Shown([redact_import(job) for job in page.items], last)
    following = next_address(request, shown.next_cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    body = {"numberReturned": len(shown.items), "next": following, "items": shown.items}
    return reply(request, calling, Answer(json_text(body), headers=headers))


@router.get(
    "/{import_id}",
    operation_id="getImport",
    summary="One import and how far it came",
    response_model=ImportShown,
    responses=problems((*FINDING, *_ONLY_OURS)),
)
def get_import(request: Request, import_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return one import of your organisation: its state, and what became of the rows read so far."""
    job = jobs.seen(context, known_form(import_id, "import"), calling)
    return reply(request, calling, Answer(json_text(redact_import(job))))


@router.get(
    "/{import_id}/errors",
    operation_id="getImportErrors",
    summary="What could not be kept, by row and column",
    response_model=FaultsShown,
    responses=problems((*FORMATTED, *_ONLY_OURS, NOT_FOUND, NOT_ACCEPTABLE))
    | written_as("text/csv", MEDIA_TYPES[Format.XLSX]),
)
def get_import_errors(
    request: Request,
    import_id: Identifier,
    query: Annotated[ErrorsQuery, Query()],
    calling: Calling,
) -> Response:
    """Return what was wrong in a file, with the row and column of your own spreadsheet, and how to mend each.

    Mend these rows and import the file again: rows that are kept already change nothing.
    """
    context = the_context(request)
    form = format_asked(request, query.f, (Format.JSON, Format.CSV, Format.XLSX))
    job = jobs.seen(context, known_form(import_id, "import"), calling)
    with context.store.read() as session:
        found = import_problems.of(session, job.id)
        if form is Format.JSON:
            body = json_text({"items": [redact_fault(fault) for fault in found]})
        elif form is Format.CSV:
            body = csv_text(COLUMNS, told(found))
        else:
            body = workbook("errors", COLUMNS, told(found))
    headers = {} if form is Format.JSON else {"Content-Disposition": f'attachment; filename="errors.{form.value}"'}
    return reply(request, calling, Answer(body, MEDIA_TYPES[form], headers))


@stopping.post(
    "/{import_id}/cancel",
    status_code=200,
    operation_id="cancelImport",
    summary="Stop an import",
    response_model=ImportShown,
    responses=problems((*FINDING, *_ONLY_OURS, STALE_STATE)),
)
def cancel_import(request: Request, import_id: Identifier, calling: Calling) -> Response:
    """Stop an import after the part that is being kept. What was kept stays, and the answer counts it."""
    job = jobs.cancel(the_context(request), known_form(import_id, "import"), calling)
    return Response(json_text(redact_import(job)), media_type=MEDIA_TYPES[Format.JSON])


def _first(context: Context, job: Import) -> list[dict[str, Any]]:
    with context.store.read() as session:
        return [redact_fault(fault) for fault in islice(import_problems.of(session, job.id, _FIRST), _FIRST)]
