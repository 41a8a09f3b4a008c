"""Summaries over HTTP: a country's groups beside what official lists count, and the margins of a survey."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, Field

from service.api.answers_consultations import MarginsShown, SummaryShown
from service.api.fields import SEEN, Line, seen
from service.api.queries import Query as Narrowing
from service.api.responses import COVERING, FINDING, problems, written_as
from service.consultations.margins import survey_margins
from service.consultations.rows import SUMMARY_COLUMNS, summary_rows
from service.consultations.summary import SummaryScope, country_of, country_summary
from service.errors import INVALID, NOT_FOUND
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.plots import named_groups
from service.store.statements import Key
from service.writing.formats import csv_text, json_text

router = APIRouter(prefix="/v1", tags=["consultations"], route_class=Route)

Country = Annotated[str, Path(min_length=1, max_length=120, description="ISO 3166 code or English name")]
Called = Annotated[
    str, Path(min_length=1, max_length=200, description="as it was sent", json_schema_extra=SEEN), AfterValidator(seen)
]


class SummaryQuery(Narrowing):
    """What of a country, and how it is written."""

    organisation: Line | None = Field(
        default=None, description="only what this organisation asked: your own, or any for reviewers"
    )
    f: Annotated[
        Literal[Format.JSON, Format.CSV, Format.SVG] | None,
        Field(description="json, csv or svg; without it, Accept decides"),
    ] = None


def _survey(organisation: Called, collection: Called) -> Key:
    return organisation, collection


@router.get(
    "/countries/{country}/summary",
    operation_id="getCountrySummary",
    summary="Groups that people name, and whether they are counted",
    response_model=SummaryShown,
    responses=problems((*COVERING, NOT_FOUND)) | written_as("text/csv", "image/svg+xml"),
)
def get_country_summary(
    request: Request, country: Country, query: Annotated[SummaryQuery, Query()], calling: Calling
) -> Response:
    """Put side by side which groups people of a country name as left behind, and whether official lists count them.

    By country, province and municipality: how many respondents and meetings named a group, and of each list whether
    the variable is collected, the category present and a number published there, with vintage and reason. Without a key
    it is the public edition: rounded, no number under ten, none that could be worked out from others. SVG is a picture.
    """
    form = format_asked(request, query.f, (Format.JSON, Format.CSV, Format.SVG))
    shown = country_summary(the_context(request), SummaryScope(country_of(country), query.organisation), calling)
    return reply(request, calling, _written(shown, form))


@router.get(
    "/surveys/{organisation}/{collection}/margins",
    operation_id="getSurveyMargins",
    summary="Who answered a survey",
    response_model=MarginsShown,
    responses=problems((*FINDING, INVALID)),
)
def get_survey_margins(
    request: Request, survey: Annotated[Key, Depends(_survey)], calling: Calling, context: Opened
) -> Response:
    """Return age and gender of those who answered a survey, overall and by country.

    A survey of which you may read nothing answers like one that does not exist.
    """
    shown = survey_margins(context, survey, calling)
    return reply(request, calling, Answer(json_text(shown)))


def _written(shown: dict[str, Any], form: Format) -> Answer:
    if form is Format.SVG:
        return Answer(named_groups.plot(shown), MEDIA_TYPES[form])
    if form is Format.CSV:
        return Answer(csv_text(SUMMARY_COLUMNS, summary_rows(shown)), MEDIA_TYPES[form])
    return Answer(json_text(shown))
