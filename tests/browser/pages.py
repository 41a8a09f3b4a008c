"""Which pages there are, read off the application, each filled with something that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.ground import COLLECTION, Site
from tests.crawl.lists import SOURCE

#: Addresses beside those of the API that are no pages: files and data, and what needs an identity provider.
_NO_PAGES = ("/openapi.json", "/login", "/account", "/ogc", "/map/", "/imports/{import_id}/errors", "/reports/compare")


@dataclass(frozen=True, slots=True)
class Where:
    """A page, and whether one has to be signed in for what it shows."""

    path: str
    inside: bool


def pages_of(site: Site) -> list[Where]:
    """Return all pages, one with a part that nothing here fills is a failure; those inside as somebody at the desk."""
    declared = set(site.app.openapi()["paths"])
    found = {path for route in site.app.routes for path in _under(route)} - declared
    pages = sorted(path for path in found if not path.startswith(_NO_PAGES))
    left = [path for path in pages if set(re.findall(r"{(\w+)}", path)) - set(_filling(site))]
    assert not left, f"teach the browser to fill {left} (tests/browser/pages.py)"
    shown = [Where(path.format_map(_filling(site)), inside=path.startswith(("/desk", "/imports"))) for path in pages]
    return [*shown, Where("/desk", inside=False), Where(f"/collections/{COLLECTION}", inside=True)]


def _filling(site: Site) -> Mapping[str, str]:
    return {
        "country": "KEN",
        "code": "not-found",
        "flag_id": site.waiting,
        "source_id": SOURCE,
        "report_id": site.report,
        "collection_id": COLLECTION,
        "import_id": site.imported,
    }


def _under(route: Any) -> Iterator[str]:
    path = getattr(route, "path", None)
    inner = getattr(getattr(route, "original_router", None), "routes", ())
    for each in inner:
        yield from _under(each)
    if not inner and path and "GET" in (getattr(route, "methods", None) or ()):
        yield path
