"""The map: its page, what its part on other pages needs to know, and the files it was built into.

The page works without the map. Where it was not built, where there is no JavaScript and where the browser cannot draw
it, it says so and leads to the list with the same filters.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.responses import Response as Sent
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geodata.tags import tagging
from geodata.tags.tag import TagKind
from service.http.callers import the_context
from service.settings import Settings
from service.store.values import FlagStatus
from service.web.map_signs import OFFICIAL, SIGNS
from service.web.page import HERE, POLICY, page

router = APIRouter(include_in_schema=False)

#: What `make map` makes, and the one file of it that pages ask for by name.
BUILT = HERE / "static" / "map"
_ENTRY = "map.js"

#: Filters of the page, as /v1/flags has them; those after the first two may be repeated.
_ONCE = ("country", "q")
_MANY = ("verdict", "status", "sdg", "factor", "theme")
_LONGEST = 200
_GOALS = 17

#: A name with a digest of the content in it: whatever it names never changes.
_LASTING = re.compile(r".+-[A-Za-z0-9_-]{8}\.\w+")
_KEPT = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """The files of the map. Its worker asks for tiles itself, so it needs leave of its own to do so."""

    def __init__(self, background: str | None) -> None:
        """Serve what was built; `background` are the tiles of the operator, if any."""
        super().__init__(directory=BUILT, check_dir=False)
        self._worker = f"default-src 'none'; connect-src {_sources(background)}; frame-ancestors 'none'"

    async def check_config(self) -> None:
        """Do without the folder: where nothing was built, nothing is found."""

    async def get_response(self, path: str, scope: Scope) -> Sent:
        """Return a file, for good where its name carries a digest of its content."""
        answer = await super().get_response(path, scope)
        if answer.status_code < 400:  # noqa: PLR2004 - what was found
            answer.headers["Content-Security-Policy"] = self._worker
            if _LASTING.fullmatch(path):
                answer.headers["Cache-Control"] = _KEPT
        return answer


@router.get("/map")
def map_page(request: Request) -> Response:
    """Show flags on a map, with filters that stand in the address."""
    context, given = the_context(request), request.query_params
    fields = {name: text for name in _ONCE if (text := " ".join(given.get(name, "").split())[:_LONGEST])}
    chosen = {name: [text for text in given.getlist(name) if text][:_LONGEST] for name in _MANY}
    same = urlencode([*fields.items(), *((name, text) for name, some in chosen.items() for text in some)])
    labels = tagging.rules_in_force().labels
    values = {
        "fields": fields,
        "chosen": chosen,
        "same": f"?{same}" if same else "",
        "goals": range(1, _GOALS + 1),
        "themes": labels[TagKind.THEME],
        "factors": labels[TagKind.FACTOR],
        **the_map(context.settings),
    }
    return page(request, "map.html", values, headers=headers(context.settings))


def the_map(settings: Settings) -> dict[str, Any]:
    """Return what `_map.html` needs of a page that includes it; such a page is sent with `headers`."""
    return {
        "map_built": (BUILT / _ENTRY).is_file(),
        "map_signs": {verdict: asdict(sign) for verdict, sign in SIGNS.items()},
        "map_official": asdict(OFFICIAL),
        "map_statuses": [status.value for status in FlagStatus],
        "map_background": {"tiles": settings.map_tiles, "attribution": settings.map_attribution}
        if settings.map_tiles
        else None,
    }


def headers(settings: Settings) -> dict[str, str]:
    """Return the headers of a page with a map: scripts and data of our own, the operator's tiles if any."""
    drawn = f"script-src 'self'; worker-src 'self'; connect-src {_sources(settings.map_tiles)}; "
    searched = POLICY.replace("form-action 'none'", "form-action 'self'")
    return {"Content-Security-Policy": searched.replace("style-src", f"{drawn}style-src", 1)}


def _sources(background: str | None) -> str:
    if background is None:
        return "'self'"
    parts = urlsplit(background)
    return f"'self' {parts.scheme}://{parts.netloc}"
