"""The queue as a spreadsheet: download it, fill in decisions, send it back."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_deciding import SheetDecidedShown
from service.api.fields import Line
from service.api.imports import FILE
from service.api.queries import Query as Asked
from service.api.responses import DECIDING, FORMATTED, problems, written_as
from service.api.wanted_flags import FlagsAsked, wanted_flags
from service.context import codes_of_reasons
from service.deciding.asking import MOST, What
from service.deciding.checking import Deciding
from service.deciding.telling import refusal_told
from service.desk_sheets.book import Made, book
from service.desk_sheets.columns import columns
from service.desk_sheets.filled import read_filled
from service.desk_sheets.results import COLUMNS, Result, results, told
from service.desk_sheets.rows import row_of
from service.errors import INVALID, KEY_NEEDED, NOT_ACCEPTABLE, NOT_PERMITTED, Mistake, Problem
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.http.uploads import UploadRoute, upload_of
from service.running import clock
from service.writing.formats import csv_text, json_text
from service.writing.spreadsheets.delimited import pieces
from service.writing.spreadsheets.dialects import PLAIN, Dialect, excel, preferred
from service.writing.workbooks import workbook

router = APIRouter(prefix="/v1/queue", tags=["flags"], route_class=Route)
sending = APIRouter(prefix="/v1/queue", tags=["flags"], route_class=UploadRoute)

Locale = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]


class SheetQuery(FlagsAsked, Asked):
    """Which flags, and as which file."""

    blind: bool = Field(default=False, description="leave out verdicts, probabilities and where people stand")
    limit: int = Field(default=MOST, ge=1, le=MOST, description="rows of the sheet")
    f: Literal[Format.XLSX, Format.CSV] | None = Field(
        default=None, description="xlsx or csv; without it, Accept decides, and xlsx where it says nothing"
    )
    excel: Literal["excel"] | None = Field(
        default=None, alias="for", description="excel: a CSV that Excel opens by a double click; needs f=csv"
    )
    locale: Locale | None = Field(
        default=None, description="whose Excel, such as fr or pt-BR; without it, what Accept-Language prefers"
    )


class SentSheetQuery(Asked):
    """What is done with a filled sheet, and how that is told."""

    preview: bool = Field(default=True, description="true: say what would become of each row, and keep nothing")
    name: Line | None = Field(default=None, description="of the file; else that of Content-Disposition")
    only: Literal[What.REFUSED] | None = Field(default=None, description="refused: tell those rows alone")
    f: Literal[Format.JSON, Format.CSV, Format.XLSX] | None = Field(
        default=None, description="json, csv or xlsx; without it, Accept decides"
    )


@router.get(
    "/sheet",
    operation_id="getQueueSheet",
    summary="The queue as a spreadsheet",
    response_class=Response,
    responses=problems((*FORMATTED, KEY_NEEDED, NOT_PERMITTED, NOT_ACCEPTABLE))
    | written_as(MEDIA_TYPES[Format.XLSX], "text/csv"),
)
def get_queue_sheet(
    request: Request, query: Annotated[SheetQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return the flags that wait for a person, or those asked for, as a sheet with columns to fill.

    In the workbook decisions and reasons are chosen from lists; fill the yellow columns, leave rows empty that you do
    not decide about, and send the file back to this address. It holds what is not public: keep it safe.
    """
    form = format_asked(request, query.f, (Format.XLSX, Format.CSV))
    rows = islice(
        (row_of(one.flag, one.claimed_by, blind=query.blind) for one in wanted_flags(context, query, calling)),
        query.limit,
    )
    at = clock.now()
    if form is Format.CSV:
        names = [column.name for column in columns(blind=query.blind)]
        body = b"".join(pieces(names, rows, _dialect(request, query)))
    else:
        form = Format.XLSX
        body = book(rows, Made(at, query.plain(), query.blind, query.limit, codes_of_reasons(context.settings)))
    name = f"queue-{at:%Y-%m-%d}.{form.value}"
    return reply(request, calling, Answer(body, MEDIA_TYPES[form], _saved_as(name)))


@sending.post(
    "/sheet",
    operation_id="decideBySheet",
    summary="Send a filled sheet",
    response_model=SheetDecidedShown,
    responses=problems((*DECIDING, NOT_ACCEPTABLE))
    | {
        200: {
            "model": SheetDecidedShown,
            "description": "A preview, or all rows went through",
            "content": written_as("text/csv", MEDIA_TYPES[Format.XLSX])[200]["content"],
        },
        207: {"model": SheetDecidedShown, "description": "Some rows went through, the others are explained"},
    },
    openapi_extra=FILE,
)
def decide_by_sheet(request: Request, query: Annotated[SentSheetQuery, Query()], by: Calling) -> Response:
    """Say what would become of each row of a filled sheet, or with `preview=false` decide as it says.

    XLSX, ODS and CSV are read as Excel, LibreOffice and others save them. Rows without a decision are passed over. Each
    decision is taken for itself, about the version of the flag that stood in the sheet; the others go through whatever
    is refused. The same file again changes nothing. `f=csv` tells it as a table, by the rows of your own file.
    """
    form = format_asked(request, query.f, (Format.JSON, Format.CSV, Format.XLSX))
    context, upload = the_context(request), upload_of(request, "")
    filled = read_filled(upload.path, upload.name)
    found = list(results(context, filled, Deciding.here(context, by), preview=query.preview))
    counts = {what.value: sum(one.what is what for one in found) for what in What}
    shown = [one for one in found if query.only is None or one.what is query.only]
    status = 207 if counts[What.REFUSED.value] and not query.preview else 200
    headers = {"Cache-Control": "no-store"}
    if form is Format.JSON:
        head = {"preview": query.preview, "rows": filled.rows, "undecided": filled.undecided, **counts}
        body = json_text({**head, "items": [_item(one, row) for one, row in zip(shown, told(shown), strict=True)]})
    else:
        written = csv_text if form is Format.CSV else _results_book
        body, headers = written(COLUMNS, told(shown)), headers | _saved_as(f"results.{form.value}")
    return Response(body, status, headers, media_type=MEDIA_TYPES[form])


def _results_book(names: tuple[str, ...], rows: Any) -> bytes:
    return workbook("results", names, rows)


def _item(one: Result, row: dict[str, Any]) -> dict[str, Any]:
    left = {"column", "problem", "hint"}
    return {name: value for name, value in row.items() if name not in left} | {"problem": refusal_told(one.problem)}


def _dialect(request: Request, query: SheetQuery) -> Dialect:
    if query.excel is None:
        if query.locale is not None:
            wrong = Mistake("?locale", "A locale is whose Excel a file is for.", "Send for=excel with it.")
            raise Problem(INVALID, wrong.message, errors=[wrong.members()])
        return PLAIN
    accepted = (part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(","))
    return excel(query.locale or preferred(accepted))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
