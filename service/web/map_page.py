"""The page of the map: filters that stand in its address, and the way to the list with the same ones.

The page works without the map. Where it was not built, where there is no JavaScript and where the browser cannot draw
it, it says so and leads to the list.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from geodata.tags import tagging
from geodata.tags.tag import TagKind
from service.http.callers import the_context
from service.web.map_part import let_map_draw, the_map
from service.web.reader import reader_of

router = APIRouter(include_in_schema=False)

#: Filters of the page, as /v1/flags has them: those that are written, and those that are chosen, of which many may be.
_WRITTEN = ("country", "q")
_CHOSEN = ("verdict", "status", "sdg", "factor", "theme", "group")
_LONGEST = 200
_MOST = 50
_GOALS = range(1, 18)  # of the 2030 Agenda


@router.get("/map")
async def map_page(request: Request) -> Response:
    """Show flags on a map, with filters that stand in the address."""
    reader, given = await reader_of(request), request.query_params
    fields = {name: text for name in _WRITTEN if (text := " ".join(given.get(name, "").split())[:_LONGEST])}
    chosen = {name: [text for text in given.getlist(name) if text][:_MOST] for name in _CHOSEN}
    same = urlencode([*fields.items(), *((name, text) for name, some in chosen.items() for text in some)])
    labels = tagging.rules_in_force().labels
    values = {
        "fields": fields,
        "chosen": chosen,
        "same": f"?{same}" if same else "",
        "choices": {
            "sdg": {str(goal): str(goal) for goal in _GOALS},
            "factor": labels[TagKind.FACTOR],
            "theme": labels[TagKind.THEME],
        },
        **the_map(the_context(request).settings),
    }
    return let_map_draw(request, await reader.show("map.html", values, forms=True))
