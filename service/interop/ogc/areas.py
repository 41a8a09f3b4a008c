"""The collection of gaps by administrative unit."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import shapely
from fastapi import APIRouter, Query, Request, Response

from service.api.identifiers import Identifier
from service.api.layered import Layered, Seen
from service.api.responses import FORMATTED, problems, written_as
from service.errors import NOT_FOUND
from service.http.bodies import Route
from service.http.callers import the_context
from service.interop.ogc.answers import FeatureShown, FeaturesShown
from service.interop.ogc.asking import AreaItems, Written, span_of
from service.interop.ogc.catalogue import AREAS
from service.interop.ogc.features import Asking, Feature, Found, feature_of, no_feature, page_of, unknown_cursor
from service.interop.ogc.gaps import Area, GapAreas
from service.interop.ogc.links import feature_path
from service.layers.keeping import Layers
from service.running import clock
from service.store.filters import Bbox

router = APIRouter(prefix="/ogc/collections/gap-areas/items", tags=["maps"], route_class=Route)

#: What a page for people shows of each.
_COLUMNS = ("name", "country", "level", "hidden", "undercount", "in_review", "consistent", "withheld")


@router.get(
    "",
    operation_id="listAreaFeatures",
    summary="Gaps by administrative unit as features",
    response_model=FeaturesShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def list_area_features(request: Request, query: Annotated[AreaItems, Query()], seen: Layered) -> Response:
    """Return units with the numbers of communities that the gap report of their country tells the same caller.

    Numbers that would tell of few are null, and `withheld` says why. A unit has its border where a list in force draws
    it, else no geometry.
    """
    asking = Asking(request, seen.by, AREAS, query.f)
    found = [one for one in _areas(request, seen, query.country) if query.box is None or _meets(one, query.box)]
    if not span_of(query.datetime).holds(clock.now().date()):
        found = []
    first = 0
    if query.cursor is not None:
        first = next((at + 1 for at, one in enumerate(found) if one.id == query.cursor), 0)
        if not first:
            raise unknown_cursor()
    some = found[first : first + query.limit]
    cursor = some[-1].id if first + len(some) < len(found) else None
    return page_of(asking, Found([_feature(one) for one in some], len(found), cursor), _COLUMNS)


@router.get(
    "/{area_id}",
    operation_id="getAreaFeature",
    summary="The gaps of one unit as a feature",
    response_model=FeatureShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def get_area_feature(
    request: Request, area_id: Identifier, query: Annotated[Written, Query()], seen: Layered
) -> Response:
    """Return one unit with its numbers."""
    for one in _areas(request, seen, None):
        if one.id == area_id:
            asking = Asking(request, seen.by, AREAS, query.f)
            return feature_of(asking, _feature(one), feature_path(AREAS.id, area_id))
    raise no_feature(AREAS)


def _areas(request: Request, seen: Seen, country: str | None) -> list[Area]:
    """Return the areas of the countries in which the caller sees anything, in one order."""
    layers: Layers = request.app.state.layers
    kept: GapAreas = request.app.state.gap_areas
    at, context = layers.now(), the_context(request)
    countries = [one for one in seen.layer.countries if country in {None, one}]
    found = [area for one in countries for area in kept.of(context, seen.by, one, at)]
    return sorted(found, key=lambda area: (area.country, area.name, area.id))


def _meets(area: Area, box: Bbox) -> bool:
    """Return whether a border touches a box, which may cross the antimeridian; what has none touches none."""
    west, south, east, north = box
    if area.border is None:
        return False
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return any(shapely.intersects(area.border, shapely.box(left, south, right, north)) for left, right in parts)


def _feature(area: Area) -> Feature:
    told: dict[str, Any] = {"name": area.name, "country": area.country, "level": area.level}
    told |= area.numbers | {"withheld": area.withheld}
    return {"type": "Feature", "id": area.id, "geometry": _border(area), "properties": told}


def _border(area: Area) -> dict[str, Any] | None:
    """Return the border as GeoJSON, its outer rings counter-clockwise as RFC 7946 asks."""
    if area.border is None:
        return None
    turned = shapely.orient_polygons(area.border)
    drawn: dict[str, Any] = orjson.loads(shapely.to_geojson(turned))
    return drawn
