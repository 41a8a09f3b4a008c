"""The pages of gap reports: the live ones, the frozen editions, one edition to read and cite, two side by side."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from geodata.countries import country_name
from service.callers.caller import Caller
from service.context import Context
from service.errors import NOT_FOUND, Problem
from service.gap_reports.comparing import difference
from service.gap_reports.edition import in_words, scope_of
from service.gap_reports.reading import audience_for, seen
from service.gap_reports.telling import tell
from service.gap_reports.writers import Form
from service.http.callers import the_context
from service.store.gap_reports import Edition
from service.web.overview import overviews
from service.web.reader import reader_of
from service.web.wording import VERDICTS

router = APIRouter(prefix="/reports", include_in_schema=False)

_ID = re.compile("[0-9a-f]{32}")
_EDITIONS = "200"
_CHANGES = 200  # on the page of a comparison; the API has all
_LIVE = {"html": "HTML", "pdf": "PDF", "csv": "CSV", "geojson": "GeoJSON", "json": "JSON"}


@router.get("")
async def reports_page(request: Request) -> Response:
    """List what can be reported on now, and the editions that were frozen to be cited."""
    reader = await reader_of(request)
    editions = await reader.ask("/v1/gap-reports/editions", [("limit", _EDITIONS)])
    shown = await run_in_threadpool(overviews(request).of, the_context(request))
    values = {
        "countries": shown.countries,
        "editions": list(reversed(editions["items"])),
        "more": editions["next"],
        "live": _LIVE,
        "named": country_name,
    }
    return await reader.show("reports.html", values, forms=True)


@router.get("/compare")
async def compare_page(request: Request) -> Response:
    """Show what became of each flag from one edition to another: `?before=` and `?after=` name them."""
    reader = await reader_of(request)
    ids = [request.query_params.get(name, "") for name in ("before", "after")]
    values = await run_in_threadpool(_compared, the_context(request), reader.caller, ids)
    return await reader.show("report_compare.html", values)


@router.get("/{report_id}")
async def report_page(request: Request, report_id: str) -> Response:
    """Show one edition: its numbers, how to cite it, what it does not say, and every way to download it."""
    reader = await reader_of(request)
    values = await run_in_threadpool(_told, the_context(request), reader.caller, report_id)
    return await reader.show("report.html", values)


def _told(context: Context, caller: Caller, report_id: str) -> dict[str, Any]:
    edition = _seen(context, caller, report_id)
    waits = edition.made_at is None
    told = {} if waits else tell(context, edition, audience_for(None, caller, edition), lambda _flags: None)
    about = in_words(scope_of(edition))
    return {"edition": edition, "told": told, "waits": waits, "about": about, "forms": list(Form), "verdicts": VERDICTS}


def _compared(context: Context, caller: Caller, ids: list[str]) -> dict[str, Any]:
    before, after = (_seen(context, caller, one) for one in ids)
    found = difference(context, before, after, audience_for(None, caller, before, after))
    return {"before": before, "after": after, "found": found, "changes": found.changes[:_CHANGES]}


def _seen(context: Context, caller: Caller, report_id: str) -> Edition:
    if not _ID.fullmatch(report_id):
        detail = "There is no such gap report."
        raise Problem(NOT_FOUND, detail)
    return seen(context, report_id, caller)
