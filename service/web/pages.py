"""The pages: what this is and what was found, the reference of the API, and what each kind of problem means."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from heapq import nsmallest
from threading import Lock
from time import monotonic
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.staticfiles import StaticFiles

from service import report
from service.caller import ANONYMOUS
from service.consultations.summary import SummaryScope, country_of, country_summary
from service.context import Context
from service.disclosure import redact_source
from service.errors import CATALOGUE, NOT_FOUND, Problem
from service.http.callers import the_context
from service.store import sources, taken_back
from service.web import desk, desk_opening, map_page, signing_in
from service.web.countries import as_shown
from service.web.page import HERE, page
from service.web.reference import chapters
from service.web.wording import BECAUSE, VERDICTS

#: Flags on the first page; the rest is one link away.
_FLAGS = 50

#: To what the number of accounts is rounded down.
_ABOUT = 50

#: Seconds for which the numbers of the first page are kept: many readers, one reading.
_FRESH_S = 5.0

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page tells."""

    verdicts: tuple[tuple[str, int], ...]  # published, by verdict, largest first
    flags: tuple[dict[str, Any], ...]
    more: int  # published flags that are not on the page
    sources: tuple[dict[str, Any], ...]
    limit: str


class Overviews:
    """The latest overview, read again when it is no longer fresh; one reader reads for all."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._read_at = float("-inf")
        self._mark: Hashable = None
        self._latest: Overview | None = None

    def of(self, context: Context) -> Overview:
        """Return the overview, at most some seconds old, and nothing in it that was taken back or held since."""
        with self._lock:
            with context.store.read() as session:
                mark = taken_back.mark(session)
            if self._latest is None or self._mark != mark or monotonic() - self._read_at > _FRESH_S:
                self._read_at, self._mark = monotonic(), mark
                self._latest = overview(context)
            return self._latest


def overview(context: Context) -> Overview:
    """Read what everybody may see."""
    surest: report.Shown = []
    number = 0

    def take(flags: report.Shown) -> None:
        nonlocal surest, number
        number += len(flags)
        surest = nsmallest(_FLAGS, [*surest, *flags], key=lambda flag: (-(flag["probability"] or 0), flag["id"]))

    public = report.gap_report(context, report.ReportScope(), ANONYMOUS, take)
    with context.store.read() as session:
        in_use = [redact_source(source, ANONYMOUS) for source in sources.all(session)]
    return Overview(
        verdicts=tuple(sorted(public["verdicts"].items(), key=lambda pair: -pair[1])),
        flags=tuple(surest),
        more=max(0, number - _FLAGS),
        sources=tuple(source for source in in_use if source["current"]),
        limit=public["limits"][0],
    )


@router.get("/")
def home(request: Request) -> Response:
    """Show what this is, what was published, and the lists in use."""
    shown = request.app.state.overviews.of(the_context(request))
    return page(request, "home.html", {"shown": shown, "verdicts": VERDICTS})


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
    app.include_router(router)
    app.include_router(signing_in.router)
    app.include_router(desk_opening.router)
    app.include_router(desk.router)
    app.include_router(map_page.router)
    app.mount("/static/map", map_page.BuiltFiles(app.state.context.settings.map_tiles), name="map")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
