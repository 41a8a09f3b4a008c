"""Links of OGC API Features: whole addresses, all of the origin and with the key that the caller came with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request

from service.http.answers import MEDIA_TYPES, Format
from service.http.pathkeys import room_address

Link = dict[str, str]

ROOM = "/ogc"
GEOJSON, JSON, HTML = (MEDIA_TYPES[form].partition(";")[0] for form in (Format.GEOJSON, Format.JSON, Format.HTML))
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


def root(request: Request) -> str:
    """Return the address of the landing page, as the caller came to it."""
    return room_address(request, ROOM)


def link(href: str, rel: str, kind: str, title: str) -> Link:
    """Return a link."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def own(request: Request, path: str, form: Format, kind: str = JSON) -> list[Link]:
    """Return the links of an answer to itself and to its other form; `kind` is what it is when it is no page."""
    href = root(request) + path
    asked = dict(request.query_params.multi_items())
    kinds = {"json": kind, "html": HTML}
    mine = "html" if form is Format.HTML else "json"
    titles = {"json": "This document", "html": "This document as a page"}
    return [
        link(f"{href}?{_query(request, f=one)}", "self" if one == mine else "alternate", kinds[one], titles[one])
        if one != mine or asked
        else link(href, "self", kinds[one], titles[one])
        for one in sorted(kinds, key=lambda one: one != mine)
    ]


def following(request: Request, path: str, cursor: str | None, kind: str = GEOJSON) -> list[Link]:
    """Return the link to the next page, where there is one: the same question, from a cursor on."""
    if cursor is None:
        return []
    return [link(f"{root(request)}{path}?{_query(request, cursor=cursor)}", "next", kind, "Next page")]


def feature_path(collection: str, feature_id: str) -> str:
    """Return the path of a feature below the landing page."""
    return f"/collections/{collection}/items/{quote(feature_id, safe=':')}"


def _query(request: Request, **changed: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    return urlencode([*kept, *changed.items()])


def described(links: list[Link], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer with its links."""
    return {**body, "links": links}
