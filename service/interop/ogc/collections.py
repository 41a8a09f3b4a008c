"""The collections over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.api.identifiers import Identifier
from service.api.responses import FORMATTED, problems, written_as
from service.errors import NOT_FOUND, Problem
from service.http.bodies import Route
from service.http.callers import Calling
from service.interop.ogc.answers import CollectionShown, OgcCollectionsShown
from service.interop.ogc.asking import Written
from service.interop.ogc.catalogue import COLLECTIONS, described
from service.interop.ogc.links import own, root
from service.interop.ogc.page import Cell, Sheet, answered, written

router = APIRouter(prefix="/ogc/collections", tags=["maps"], route_class=Route)

_TITLE = "The collections"


@router.get(
    "",
    operation_id="listOgcCollections",
    summary="Collections of features",
    response_model=OgcCollectionsShown,
    responses=problems(FORMATTED) | written_as("text/html"),
)
def list_ogc_collections(request: Request, query: Annotated[Written, Query()], calling: Calling) -> Response:
    """Return all collections, each with the links to its features."""
    body = {
        "collections": [described(request, one) for one in COLLECTIONS.values()],
        "links": own(request, "/collections", written(request, query.f)),
    }
    base = root(request)
    rows = [[Cell(one.title, f"{base}{one.path}?f=html"), Cell(one.description)] for one in COLLECTIONS.values()]
    return answered(request, calling, body, Sheet(_TITLE, (), ("collection", "what it holds"), rows))


@router.get(
    "/{ogc_collection}",
    operation_id="getOgcCollection",
    summary="One collection of features",
    response_model=CollectionShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("text/html"),
)
def get_ogc_collection(
    request: Request, ogc_collection: Identifier, query: Annotated[Written, Query()], calling: Calling
) -> Response:
    """Return what a collection holds, and the links to its features."""
    one = COLLECTIONS.get(ogc_collection)
    if one is None:
        detail = f"There is no such collection; there are {', '.join(COLLECTIONS)}."
        raise Problem(NOT_FOUND, detail)
    body = described(request, one)
    ours = own(request, one.path, written(request, query.f))
    body = body | {"links": [*ours, *(link for link in body["links"] if link["rel"] == "items")]}
    features = [[Cell("Features", f"{root(request)}{one.items}?f=html")]]
    return answered(request, calling, body, Sheet(one.title, (one.description,), ("what there is",), features))
