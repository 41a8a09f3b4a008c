"""Coverage over HTTP: how many communities are on none of the lists, or why nobody can tell."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.answers_coverage import CoverageShown
from service.api.queries import CoverageQuery
from service.api.responses import COVERING, problems, written_as
from service.coverage.estimating import coverage
from service.coverage.scope import CoverageScope
from service.disclosure import redact_coverage
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.plots import overlap
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/coverage", tags=["coverage"], route_class=Route)


@router.get(
    "",
    operation_id="getCoverage",
    summary="How many communities are on no list",
    response_model=CoverageShown,
    responses=problems(COVERING) | written_as("image/svg+xml"),
)
def get_coverage(
    request: Request, query: Annotated[CoverageQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Estimate from the overlap of lists how many communities there are, those on none of them included.

    A number is told only where one is earned; else `refusals` say why not and how to mend it. Lists are organisations,
    `organisation/collection`, `citizens` (all of them together) and at most one official source. SVG is a picture of
    the overlap. Without a key it is the public edition: a whole country, in rounded numbers.
    """
    form = format_asked(request, query.f, (Format.JSON, Format.SVG))
    scope = CoverageScope(
        country=query.country,
        admin=query.admin,
        kind=query.kind,
        lists=tuple(query.lists),
        stratify=tuple(query.stratify),
        seeded=tuple(query.seeded),
    )
    shown = redact_coverage(coverage(context, scope, calling), calling)
    return reply(request, calling, _written(shown, form))


def _written(shown: dict[str, Any], form: Format) -> Answer:
    if form is Format.SVG:
        source = "Drawn from the records and official lists of this service"
        return Answer(overlap.plot(overlap.Overlap.of(shown, source)), MEDIA_TYPES[form])
    return Answer(json_text(shown))
