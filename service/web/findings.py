"""The pages of findings: flags in a list with its filters in the address, and one flag with what it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response

from geodata.tags import tagging
from geodata.tags.tag import TagKind
from service.errors import INVALID, UNKNOWN_PARAMETER, Problem
from service.http.callers import the_context
from service.store.values import FlagStatus
from service.web.map_part import let_map_draw, the_map
from service.web.reader import PageReader, reader_of
from service.web.wording import BECAUSE, STATUSES, VERDICTS

router = APIRouter(prefix="/flags", include_in_schema=False)

#: What the form asks for; other filters of the API hold as well where the address names them.
FIELDS = ("q", "country", "admin", "verdict", "status", "source", "sdg", "factor", "theme", "group", "min_probability")

_ON_A_PAGE = 25
_GOALS = range(1, 18)  # of the 2030 Agenda
_WRONG = (INVALID, UNKNOWN_PARAMETER)
_OTHERS = {"json": "JSON", "geojson": "GeoJSON", "csv": "CSV"}


@router.get("")
async def flags_page(request: Request) -> Response:
    """List the flags that answer to the filters in the address; with `f` give the same as data."""
    reader = await reader_of(request)
    asked = [(name, text.strip()) for name, text in request.query_params.multi_items() if text.strip()]
    asked = [(name, text) for name, text in asked if name != "lang"]
    if any(name == "f" for name, _ in asked):
        return await reader.data("/v1/flags", asked)
    problem: Problem | None = None
    found: dict[str, Any] = {"items": [], "next": None}
    try:
        limit = [] if any(name == "limit" for name, _ in asked) else [("limit", str(_ON_A_PAGE))]
        found = await reader.ask("/v1/flags", [*asked, *limit])
    except Problem as refused:
        if refused.kind not in _WRONG:
            raise
        problem = refused
    kept = [(name, text) for name, text in asked if name not in {"cursor", "limit"}]
    values = {
        "items": found["items"],
        "problem": problem,
        "next_page": f"/flags?{urlsplit(found['next']).query}" if found["next"] else None,
        "first_page": f"/flags?{urlencode(kept)}" if any(name == "cursor" for name, _ in asked) else None,
        "fields": _filled(asked),
        "as_data": {words: f"/flags?{urlencode([*kept, ('f', form)])}" for form, words in _OTHERS.items()},
        "choices": await _choices(reader),
    }
    values |= the_map(the_context(request).settings)
    status = problem.kind.status if problem else 200
    return let_map_draw(request, await reader.show("flags.html", values, forms=True, status=status))


@router.get("/{flag_id}")
async def flag_page(request: Request, flag_id: str) -> Response:
    """Show one flag: what is said, why, what was searched, the counts, what people decided, how to appeal and cite."""
    reader = await reader_of(request)
    if request.query_params.get("f") == "json":
        return await reader.data(f"/v1/flags/{flag_id}")
    flag = await reader.ask(f"/v1/flags/{flag_id}")
    values = {
        "flag": flag,
        "counts": await reader.ask(f"/v1/flags/{flag_id}/counts"),
        "appeals": await _appeals(reader, flag),
        "verdicts": VERDICTS,
        "because": BECAUSE,
        "tags": tagging.rules_in_force().labels[TagKind.THEME],
        "today": datetime.now(UTC).date(),
        "at_desk": bool(reader.seat and flag["findings"]),
    }
    return await reader.show("flag.html", values)


def _filled(asked: list[tuple[str, str]]) -> dict[str, str]:
    """Return what stands in the form; of a filter that is named more than once the last."""
    return {name: text for name, text in asked if name in FIELDS}


async def _choices(reader: PageReader) -> Mapping[str, Any]:
    """Return what the filters can be set to, in the words of the page."""
    sources = await reader.ask("/v1/sources")
    labels = tagging.rules_in_force().labels
    return {
        "verdict": {term: words[0] for term, words in VERDICTS.items() if term != "pending"},
        "status": {term.value: STATUSES[term.value] for term in FlagStatus},
        "source": {one["id"]: (one["current"] or {"title": one["id"]})["title"] for one in sources["items"]},
        "sdg": {str(goal): str(goal) for goal in _GOALS},
        "factor": labels[TagKind.FACTOR],
        "theme": labels[TagKind.THEME],
    }


async def _appeals(reader: PageReader, flag: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the appeals about a flag as far as its reader may see them."""
    if reader.caller.role is None or not re.fullmatch("[0-9a-f]{32}", flag["id"]):
        return []
    try:
        told = await reader.ask(f"/v1/flags/{flag['id']}/appeals")
    except Problem:
        return []
    items: list[dict[str, Any]] = told["items"]
    return items
