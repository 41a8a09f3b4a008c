"""The map as a part of a page: what the page hands to it, what it may load, and the files it was built into."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.responses import Response as Sent
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.configuration.settings import Settings
from service.http.callers import the_context
from service.store.values import FlagStatus
from service.web.map_signs import OFFICIAL, SIGNS
from service.web.page import HERE

#: What `make map` makes, and the one file of it that pages ask for by name.
BUILT = HERE / "static" / "map"
_ENTRY = "map.js"

#: A name with a digest of the content in it: whatever it names never changes.
_LASTING = re.compile(r".+-[A-Za-z0-9_-]{8}\.\w+")
_KEPT = "public, max-age=31536000, immutable"
_POLICY = "Content-Security-Policy"


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
            answer.headers[_POLICY] = self._worker
            if _LASTING.fullmatch(path):
                answer.headers["Cache-Control"] = _KEPT
        return answer


def the_map(settings: Settings) -> dict[str, Any]:
    """Return what `_map.html` needs of a page that includes it; the answer is then `let_map_draw`."""
    background = {"tiles": settings.map_tiles, "attribution": settings.map_attribution}
    return {
        "map_built": (BUILT / _ENTRY).is_file(),
        "map_signs": {verdict: asdict(sign) for verdict, sign in SIGNS.items()},
        "map_official": asdict(OFFICIAL),
        "map_statuses": [status.value for status in FlagStatus],
        "map_background": background if settings.map_tiles else None,
    }


def let_map_draw(request: Request, answer: Response) -> Response:
    """Return a page with leave for its map: scripts and data of our own, and the operator's tiles if there are any."""
    drawn = f"script-src 'self'; worker-src 'self'; connect-src {_sources(the_context(request).settings.map_tiles)}; "
    answer.headers[_POLICY] = answer.headers[_POLICY].replace("style-src", f"{drawn}style-src", 1)
    return answer


def _sources(background: str | None) -> str:
    if background is None:
        return "'self'"
    parts = urlsplit(background)
    return f"'self' {parts.scheme}://{parts.netloc}"
