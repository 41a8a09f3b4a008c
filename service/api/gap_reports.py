"""Gap reports: what was found in a scope, what it rests on, and what it does not say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service import documents, report
from service.api.answers_report import GapReportShown
from service.api.documents import as_document
from service.api.queries import ReportQuery
from service.api.responses import FORMATTED, problems, written_as
from service.api.rows import FLAG_COLUMNS, flag_row
from service.context import Context
from service.documents import DocumentStream
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply, streamed
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.plots import gaps
from service.writing.streams import CsvStream, GeoJsonStream, JsonStream, Stream

_DOCUMENTS = {Format.HTML: documents.html, Format.PDF: documents.pdf}

router = APIRouter(prefix="/v1/gap-reports", tags=["gap reports"], route_class=Route)


@router.get(
    "",
    operation_id="getGapReport",
    summary="A gap report",
    response_model=GapReportShown,
    responses=problems(FORMATTED)
    | written_as("application/geo+json", "text/csv", "image/svg+xml", "text/html", "application/pdf"),
)
def get_gap_report(
    request: Request, query: Annotated[ReportQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Report on a country, an administrative unit or one list: verdicts, flags, people, and the snapshots used.

    GeoJSON and CSV hold the flags of the report, SVG draws its gaps by region, HTML and PDF are the document for
    people, with maps, plots and an annex of methods. Without a key it is the public edition: published flags only.
    """
    form = format_asked(
        request, query.f, (Format.JSON, Format.GEOJSON, Format.CSV, Format.SVG, Format.HTML, Format.PDF)
    )
    scope = report.ReportScope(country=query.country, admin=query.admin, source=query.source, tags=query.tags)
    if form is Format.SVG:
        shown = report.gap_report(context, scope, calling, lambda _flags: None)
        return reply(request, calling, Answer(gaps.plot(shown), MEDIA_TYPES[form]))
    stream = _stream(context, form)
    shown = report.gap_report(context, scope, calling, stream.take)
    return as_document(streamed(request, calling, stream.done(shown), MEDIA_TYPES[form]), MEDIA_TYPES[form])


def _stream(context: Context, form: Format) -> Stream:
    if form in _DOCUMENTS:
        return DocumentStream(context, _DOCUMENTS[form])
    if form is Format.CSV:
        return CsvStream(context.settings, FLAG_COLUMNS, flag_row)
    return GeoJsonStream(context.settings, flag_row) if form is Format.GEOJSON else JsonStream(context.settings)
