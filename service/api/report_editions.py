"""Editions of gap reports: frozen, to be cited; as much of each as its reader may see."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_edition import DifferenceShown, EditionPage, EditionShown, FrozenReportShown
from service.api.documents import as_document
from service.api.fields import Country, Line
from service.api.identifiers import Identifier, known_form
from service.api.listing import next_address, placed
from service.api.queries import Paging
from service.api.queries import Query as Asked
from service.api.responses import FINDING, FORMATTED, LISTING, WRITING, problems, written_as
from service.api.submission import Given
from service.api.tags_asked import TagsAsked
from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import KEY_NEEDED, NOT_ACCEPTABLE, NOT_FOUND, NOT_PERMITTED, Problem
from service.gap_reports import making
from service.gap_reports.comparing import difference
from service.gap_reports.edition import Audience, Licence, Wish, scope_of, works_with
from service.gap_reports.maker import make_in_turn
from service.gap_reports.printing import edition_stream
from service.gap_reports.reading import audience_for, seen
from service.gap_reports.telling import tell
from service.gap_reports.writers import MEDIA_TYPES, Form
from service.http.answers import MEDIA_TYPES as JSON_TYPES
from service.http.answers import Answer, Format, created, reply, streamed
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.report import ReportScope
from service.store import gap_reports
from service.store.gap_reports import Edition, Wanted
from service.writing.formats import json_text
from service.writing.spreadsheets.dialects import PLAIN, Dialect, excel

router = APIRouter(prefix="/v1/gap-reports", tags=["gap reports"], route_class=Route)

_WRITTEN = tuple(kind.partition(";")[0] for form, kind in MEDIA_TYPES.items() if form is not Form.JSON)
_ONLY_OURS = (KEY_NEEDED, NOT_PERMITTED)


class ReportGiven(TagsAsked, Given):
    """What is to be frozen."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name; left out, everywhere")
    admin: Line | None = Field(default=None, description="code or name of a unit, such as a municipality; level=value")
    source: Line | None = Field(default=None, description="identifier of one list")
    public: bool = Field(default=False, description="whether everybody may read its public edition")
    licence: Licence = Field(default=Licence.CC_BY, description="under which the report is given away")

    def wish(self) -> Wish:
        """Return what is wished for."""
        scope = ReportScope(self.country, self.admin, self.source, tags=self.tags)
        return Wish(scope, self.public, self.licence)


class EditionsQuery(Paging):
    """Which editions."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")


class AudienceQuery(Asked):
    """For whom an edition is written."""

    edition: Audience | None = Field(
        default=None, description="public or restricted; left out, restricted for reviewers and public for others"
    )


class EditionQuery(AudienceQuery):
    """For whom an edition is written, and how."""

    f: Form | None = Field(
        default=None, description="json, csv, xlsx, geojson, gpkg, html or pdf; without it, Accept decides"
    )
    for_: Literal["excel"] | None = Field(
        default=None, alias="for", description="excel: a CSV that spreadsheet programs open as it is meant"
    )
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)] = Field(
        default="en", description="BCP 47, of the spreadsheet: says what separates cells and decimals"
    )

    @property
    def dialect(self) -> Dialect:
        """How a table is written."""
        return PLAIN if self.for_ is None else excel(self.locale)


@router.post(
    "",
    status_code=201,
    operation_id="createGapReport",
    summary="Freeze a gap report",
    response_model=EditionShown,
    responses=problems(WRITING) | {202: {"model": EditionShown, "description": "It is made from now on"}},
)
def create(request: Request, given: ReportGiven, by: Calling) -> Response:
    """Freeze the gap report of a scope as its next edition, which can be cited. For reviewers.

    A small one is made at once (201), a large one from now on (202); read it at its address.
    """
    context = the_context(request)
    edition = making.begin(context, given.wish(), by)
    if making.is_small(context, edition):
        edition = make_in_turn(context, edition)
    body, where = json_text(_line(edition, by)), f"/v1/gap-reports/{edition.id}"
    if edition.made_at is not None:
        return created(body, where)
    headers = {"Location": where, "Cache-Control": "no-store", "Retry-After": "5"}
    return Response(body, 202, headers, media_type=JSON_TYPES[Format.JSON])


@router.get(
    "/editions",
    operation_id="listGapReports",
    summary="Editions of gap reports",
    response_model=EditionPage,
    responses=problems(LISTING),
)
def list_editions(
    request: Request, query: Annotated[EditionsQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return frozen gap reports, oldest first: to reviewers all, to others those that are public."""
    at = placed(lambda report_id: _place(context, report_id, calling), query.cursor)
    wanted = Wanted(public_only=not calling.holds(Right.READ), country=query.country)
    with context.store.read() as session:
        page = gap_reports.page(session, wanted, at, query.limit)
    following = next_address(request, page.items[-1].id if page.next_cursor else None)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    items = [_line(edition, calling) for edition in page.items if edition.public or works_with(calling, edition)]
    body = {"numberReturned": len(items), "next": following, "items": items}
    return reply(request, calling, Answer(json_text(body), headers=headers))


@router.get(
    "/{report_id}",
    operation_id="getFrozenGapReport",
    summary="One edition of a gap report",
    response_model=FrozenReportShown,
    responses=problems((*FORMATTED, NOT_FOUND, *_ONLY_OURS)) | written_as(*_WRITTEN),
)
def get_edition(  # noqa: PLR0913, PLR0917 - each is a part of the request, as FastAPI reads them
    request: Request,
    report_id: Identifier,
    query: Annotated[EditionQuery, Query()],
    calling: Calling,
    context: Opened,
) -> Response:
    """Return an edition as it was made, without what was withdrawn, held or made less open since.

    `?f=csv` is plain RFC 4180; `&for=excel&locale=fr` is one that spreadsheet programs open as it is meant. XLSX has
    sheets of flags, candidates, decisions, sources and codes; GeoPackage and GeoJSON are layers of points; HTML and PDF
    are to be read and printed.
    """
    edition = _seen(context, report_id, calling)
    form = query.f or _accepted(request)
    audience = audience_for(query.edition, calling, edition)
    stream = edition_stream(context, form, query.dialect)
    told = tell(context, edition, audience, stream.take)
    return as_document(streamed(request, calling, stream.done(told), MEDIA_TYPES[form]), MEDIA_TYPES[form])


@router.get(
    "/{report_id}/diff/{other_id}",
    operation_id="compareGapReports",
    summary="What changed between two editions",
    response_model=DifferenceShown,
    responses=problems((*FINDING, *_ONLY_OURS)),
)
def compare(  # noqa: PLR0913, PLR0917 - each is a part of the request, as FastAPI reads them
    request: Request,
    report_id: Identifier,
    other_id: Identifier,
    query: Annotated[AudienceQuery, Query()],
    calling: Calling,
    context: Opened,
) -> Response:
    """Return which flags are new, gone, published, resolved or regressed from one edition to the other."""
    before, after = (_seen(context, one, calling) for one in (report_id, other_id))
    audience = audience_for(query.edition, calling, before, after)
    found = difference(context, before, after, audience)
    body = {
        "before": found.before["cite"],
        "after": found.after["cite"],
        "counted": dict(found.counted),
        "same": found.same,
        "items": [asdict(change) for change in found.changes],
    }
    return reply(request, calling, Answer(json_text(body)))


def _seen(context: Context, report_id: str, calling: Caller) -> Edition:
    return seen(context, known_form(report_id, "gap report"), calling)


def _place(context: Context, report_id: str, calling: Caller) -> str:
    found = _seen(context, report_id, calling)
    with context.store.read() as session:
        return gap_reports.cursor_after(session, found.id)


def _accepted(request: Request) -> Form:
    """Return the first format of `Accept` that an edition is written in. Raises `Problem` (not acceptable)."""
    accepted = request.headers.get("accept", "*/*")
    kinds = {kind.partition(";")[0]: form for form, kind in MEDIA_TYPES.items()}
    for part in accepted.split(","):
        kind = part.partition(";")[0].strip().casefold()
        if kind in kinds:
            return kinds[kind]
        if kind in {"*/*", "application/*"}:
            return Form.JSON
    raise Problem(NOT_ACCEPTABLE, f"None of {accepted[:120]!r} can be written here.")


def _line(edition: Edition, calling: Caller) -> dict[str, Any]:
    """Return what is told of an edition without its flags; who made it, and how many there are, stays inside."""
    return {
        "id": edition.id,
        "edition": edition.number,
        "scope": asdict(scope_of(edition)),
        "state": "waiting" if edition.made_at is None else "made",
        "public": edition.public,
        "licence": edition.licence,
        "previous": edition.previous_id if works_with(calling, edition) else None,
        "created_at": edition.created_at,
        "made_at": edition.made_at,
    }
