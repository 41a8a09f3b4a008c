"""The pages: what this is and what was found, the reference of the API, and what each kind of problem means."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.staticfiles import StaticFiles

from service.callers.caller import ANONYMOUS
from service.consultations.summary import SummaryScope, country_of, country_summary
from service.errors import CATALOGUE, NOT_FOUND, Problem
from service.http.callers import the_context
from service.web import desk, desk_opening, explaining, findings, map_page, map_part, official, reporting, signing_in
from service.web.bars import bars
from service.web.collecting import collections, importing
from service.web.countries import as_shown
from service.web.overview import Overviews, overviews
from service.web.page import HERE, page
from service.web.reference import chapters
from service.web.wording import BECAUSE, VERDICTS

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(request: Request) -> Response:
    """Show what this is, what was published, and the lists in use."""
    shown = overviews(request).of(the_context(request))
    return page(request, "home.html", {"shown": shown, "verdicts": VERDICTS, "bars": bars(shown.countries)})


@router.get("/countries/{country}")
def country_page(request: Request, country: str) -> Response:
    """Show which groups people of a country name, beside whether official lists count them; made to be printed."""
    shown = country_summary(the_context(request), SummaryScope(country_of(country)), ANONYMOUS)
    return page(request, "country.html", as_shown(shown) | {"because": BECAUSE})


@router.get("/docs")
def reference(request: Request) -> Response:
    """Show the OpenAPI document to people."""
    document = request.app.openapi()
    return page(request, "reference.html", {"document": document, "chapters": chapters(document)})


@router.get("/problems/{code}")
def problem_page(request: Request, code: str) -> Response:
    """Say what a kind of problem means, and how to mend it."""
    if code not in CATALOGUE:
        detail = "There is no such kind of problem."
        raise Problem(NOT_FOUND, detail)
    return page(request, "problem.html", {"kind": CATALOGUE[code], "catalogue": CATALOGUE.values()})


def mount(app: FastAPI) -> None:
    """Put the pages and their styles into the application."""
    app.state.overviews = Overviews()
    for one in (
        router,
        findings.router,
        reporting.router,
        official.router,
        explaining.router,
        importing.sending,
        importing.router,
        collections.router,
        signing_in.router,
        desk_opening.router,
        desk.router,
        map_page.router,
    ):
        app.include_router(one)
    app.mount("/static/map", map_part.BuiltFiles(app.state.context.settings.map_tiles), name="map")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
