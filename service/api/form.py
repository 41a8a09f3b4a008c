"""The form "community record": for KoboToolbox and ODK, and to print. Public: it is a way in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from geodata.communityform.paper import line_list, paper
from geodata.communityform.xlsform import xlsform
from service.api import queries
from service.api.responses import LISTING, READING, problems, written_as
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

router = APIRouter(prefix="/v1", tags=["records"], route_class=Route)


class FormLanguage(StrEnum):
    """Languages of the form, ISO 639-1."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    SWAHILI = "sw"


class Layout(StrEnum):
    """What a printed page holds."""

    RECORD = "record"
    LIST = "list"


class PaperQuery(queries.Query):
    """Which paper form."""

    lang: FormLanguage = Field(default=FormLanguage.ENGLISH, description="en, fr, es or sw")
    layout: Layout = Field(default=Layout.RECORD, description="record: one community; list: ten, a line each")


@router.get(
    "/form.xlsx",
    operation_id="getFormWorkbook",
    summary="The form for KoboToolbox and ODK",
    response_class=Response,
    responses=problems(READING) | written_as(XLSX),
)
def get_form_workbook(request: Request, calling: Calling) -> Response:
    """Return the community record as XLSForm in English, French, Spanish and Swahili.

    Exports of it are read without a mapping, whatever language their headers and answers are in.
    """
    return reply(request, calling, Answer(xlsform(), XLSX, _as_file("community-record.xlsx")))


@router.get(
    "/form.pdf",
    operation_id="getFormPaper",
    summary="The form on paper",
    response_class=Response,
    responses=problems(LISTING) | written_as(PDF),
)
def get_form_paper(request: Request, query: Annotated[PaperQuery, Query()], calling: Calling) -> Response:
    """Return the same questions on A4, to print and to fill in with a pen; the PDF is tagged for screen readers."""
    write = line_list if query.layout is Layout.LIST else paper
    name = f"community-{query.layout}-{query.lang}.pdf"
    return reply(request, calling, Answer(write(query.lang.value), PDF, _as_file(name)))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
