"""Where a GIS begins: the landing page, what holds of the standard, and the description of the interface."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.responses import FORMATTED, READING, problems, written_as
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling
from service.interop.ogc.answers import ConformanceShown, LandingShown
from service.interop.ogc.asking import Written
from service.interop.ogc.catalogue import COLLECTIONS
from service.interop.ogc.links import HTML, JSON, OPENAPI, link, own, root
from service.interop.ogc.page import Cell, Sheet, answered, written
from service.writing.formats import json_text

router = APIRouter(prefix="/ogc", tags=["maps"], route_class=Route)

CONFORMANCE = [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "html")]

_OPENAPI: dict[int | str, dict[str, Any]] = {
    200: {"content": {OPENAPI: {"schema": {"type": "object", "description": "OpenAPI 3.1"}}}}
}

_TITLE = "Uncounted"
_WORDS = (
    "Communities that official lists do not seem to name, the places of those lists, and gaps by administrative unit. "
    "Without a key you read what was published."
)


@router.get(
    "",
    operation_id="getOgcLanding",
    summary="Landing page of OGC API Features",
    response_model=LandingShown,
    responses=problems(FORMATTED) | written_as("text/html"),
)
def get_ogc_landing(request: Request, query: Annotated[Written, Query()], calling: Calling) -> Response:
    """Return the links a GIS begins with. Paste this address in QGIS (WFS / OGC API Features) or GDAL (`OAPIF:`).

    Tools that can send no header name a key in the address: `/ogc/t/KEY` stands for `/ogc` with that key, here and in
    all links, and is kept out of logs.
    """
    base = root(request)
    links = [
        *own(request, "", written(request, query.f)),
        link(f"{base}/api", "service-desc", OPENAPI, "The interface, as OpenAPI"),
        link(f"{base.partition('/ogc')[0]}/docs", "service-doc", HTML, "The interface, for people"),
        link(f"{base}/conformance", "conformance", JSON, "What holds of the standard"),
        link(f"{base}/collections", "data", JSON, "The collections"),
        link(f"{base}/collections?f=html", "data", HTML, "The collections, as a page"),
    ]
    body = {"title": _TITLE, "description": _WORDS, "links": links}
    rows = [[Cell(one.title, f"{base}{one.path}?f=html"), Cell(one.description)] for one in COLLECTIONS.values()]
    return answered(request, calling, body, Sheet(_TITLE, (_WORDS,), ("collection", "what it holds"), rows))


@router.get(
    "/conformance",
    operation_id="getOgcConformance",
    summary="What holds of the standard",
    response_model=ConformanceShown,
    responses=problems(FORMATTED) | written_as("text/html"),
)
def get_ogc_conformance(request: Request, query: Annotated[Written, Query()], calling: Calling) -> Response:
    """Return the conformance classes of OGC API Features, part 1, that hold here."""
    body = {"conformsTo": CONFORMANCE, "links": own(request, "/conformance", written(request, query.f))}
    rows = [[Cell(one)] for one in CONFORMANCE]
    return answered(request, calling, body, Sheet("What holds of the standard", (), ("class",), rows))


@router.get(
    "/api",
    operation_id="getOgcDescription",
    summary="The interface below /ogc, as OpenAPI",
    response_class=Response,
    responses=problems(READING) | _OPENAPI,
)
def get_ogc_description(request: Request, calling: Calling) -> Response:
    """Return what of the OpenAPI document is below `/ogc`, with addresses as you came to it, for tools that read it."""
    base = root(request)
    document = request.app.openapi()
    paths = {path: item for path, item in document["paths"].items() if path.startswith("/ogc/")}
    below = {path.removeprefix("/ogc"): item for path, item in paths.items()}
    body = {**document, "servers": [{"url": base}], "paths": below}
    return reply(request, calling, Answer(json_text(body), OPENAPI))
