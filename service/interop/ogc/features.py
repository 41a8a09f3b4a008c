"""Pages of features: what every collection answers alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from service.callers.caller import Caller
from service.errors import INVALID, NOT_FOUND, Problem
from service.http.answers import Format
from service.interop.ogc.catalogue import Collection
from service.interop.ogc.links import GEOJSON, HTML, JSON, following, link, own, root
from service.interop.ogc.page import Sheet, answered, members_of, rows_of, written
from service.running import clock

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of features, how many there are on all pages, and the cursor of the next."""

    features: Sequence[Feature]
    matched: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what of a collection, and how it is to be written."""

    request: Request
    by: Caller
    collection: Collection
    f: Format | None


def page_of(asking: Asking, found: Found, columns: Sequence[str]) -> Response:
    """Return a page of features; as a page for people it shows some of their properties."""
    request, one = asking.request, asking.collection
    base, form = root(request), written(request, asking.f)
    kind = HTML if form is Format.HTML else GEOJSON
    links = [
        *own(request, one.items, form, GEOJSON),
        *following(request, one.items, found.cursor, kind),
        link(f"{base}{one.path}", "collection", JSON, one.title),
    ]
    body = {
        "type": "FeatureCollection",
        "features": found.features,
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        "timeStamp": clock.now(),
        "links": links,
    }
    told = f"{len(found.features):,} of {found.matched:,}."
    rows = rows_of(found.features, columns, base + one.items)
    sheet = Sheet(one.title, (one.description, told), ("id", *columns), rows, [_crumb(asking)], GEOJSON)
    return answered(request, asking.by, body, sheet)


def feature_of(asking: Asking, feature: Feature, path: str) -> Response:
    """Return one feature by itself, at a path below the landing page."""
    request, one = asking.request, asking.collection
    links = own(request, path, written(request, asking.f), GEOJSON)
    links.append(link(f"{root(request)}{one.path}", "collection", JSON, one.title))
    sheet = Sheet(feature["id"], (one.title,), ("property", "value"), members_of(feature), [_crumb(asking)], GEOJSON)
    return answered(request, asking.by, {**feature, "links": links}, sheet)


def point_feature(feature_id: str, point: tuple[float | None, float | None], told: Mapping[str, Any]) -> Feature:
    """Return a feature at a point (latitude, longitude in degrees), or nowhere."""
    lat, lon = point
    located = lat is not None and lon is not None
    geometry = {"type": "Point", "coordinates": [lon, lat]} if located else None
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": dict(told)}


def unknown_cursor() -> Problem:
    """Return what is said of a cursor that leads nowhere."""
    return Problem(INVALID, "The cursor is not one this service gave out. Start again without it.")


def no_feature(one: Collection) -> Problem:
    """Return what is said of a feature that is hidden, and of one that does not exist."""
    return Problem(NOT_FOUND, f"There is no such feature in {one.id}.")


def _crumb(asking: Asking) -> dict[str, str]:
    one = asking.collection
    return {"href": f"{root(asking.request)}{one.items}?f=html", "title": one.title}
