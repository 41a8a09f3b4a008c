"""The collection of official places: list after list, in the order of their sources and of the rows of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from fastapi import APIRouter, Path, Query, Request, Response
from numpy.typing import NDArray

from matchers.base import OfficialList
from service.api.responses import FORMATTED, problems, written_as
from service.disclosure import redact_place
from service.errors import NOT_FOUND
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.interop.ogc.answers import FeatureShown, FeaturesShown
from service.interop.ogc.asking import PlaceItems, Written, span_of
from service.interop.ogc.catalogue import PLACES
from service.interop.ogc.features import (
    Asking,
    Feature,
    Found,
    feature_of,
    no_feature,
    page_of,
    point_feature,
    unknown_cursor,
)
from service.interop.ogc.links import feature_path
from service.store.filters import Bbox

router = APIRouter(prefix="/ogc/collections/official-places/items", tags=["maps"], route_class=Route)

#: What a page for people shows of each.
_COLUMNS = ("name", "country", "kind", "level", "source", "vintage")

_CURSOR = re.compile(r"([0-9a-f]{16})-(\d{1,9})")
_HEAD = 16  # digits of a snapshot that a cursor names

Rows = NDArray[np.int64]
FeatureId = Annotated[
    str, Path(description="list and identifier on it, with a colon between", examples=["ke-villages:V001"])
]


@router.get(
    "",
    operation_id="listPlaceFeatures",
    summary="Official places as features",
    response_model=FeaturesShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def list_place_features(request: Request, query: Annotated[PlaceItems, Query()], calling: Calling) -> Response:
    """Return places of the official lists in force as points with flat properties.

    A cursor holds as long as its list is in force; when a new snapshot takes its place, start again. Lists of millions
    of places are left out; search them with `/v1/places`.
    """
    lists = _lists(request, query.source)
    found = _found(lists, query)
    return page_of(Asking(request, calling, PLACES, query.f), found, _COLUMNS)


@router.get(
    "/{place_id:path}",
    operation_id="getPlaceFeature",
    summary="One official place as a feature",
    response_model=FeatureShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def get_place_feature(
    request: Request, place_id: FeatureId, query: Annotated[Written, Query()], calling: Calling
) -> Response:
    """Return one official place."""
    source, _, own = place_id.partition(":")
    for official in _lists(request, source):
        row = pc.index(official.index.places.column("id"), own).as_py()
        if row >= 0:
            (feature,) = _features(official, np.array([row]))
            asking = Asking(request, calling, PLACES, query.f)
            return feature_of(asking, feature, feature_path(PLACES.id, place_id))
    raise no_feature(PLACES)


def _lists(request: Request, source: str | None) -> list[OfficialList]:
    lists = the_context(request).lists.current()
    return [one for one in lists if isinstance(one, OfficialList) and source in {None, one.source}]


def _found(lists: Sequence[OfficialList], query: PlaceItems) -> Found:
    chosen = [(one, _rows(one, query)) for one in lists]
    left = list(_after(chosen, query.cursor))
    features: list[Feature] = []
    cursor = None
    for official, rows in left:
        some = rows[: query.limit - len(features)]
        features += _features(official, some)
        if len(some):
            cursor = f"{official.snapshot[:_HEAD]}-{some[-1]}"
    more = sum(len(rows) for _, rows in left) > len(features)
    return Found(features, sum(len(rows) for _, rows in chosen), cursor if more else None)


def _after(chosen: Sequence[tuple[OfficialList, Rows]], cursor: str | None) -> Iterator[tuple[OfficialList, Rows]]:
    """Yield what comes after a cursor, list by list. Raises `Problem` (invalid) for one of a list not in force."""
    if cursor is None:
        yield from chosen
        return
    told = _CURSOR.fullmatch(cursor)
    at = next((n for n, (one, _) in enumerate(chosen) if told and one.snapshot.startswith(told[1])), None)
    if told is None or at is None:
        raise unknown_cursor()
    official, rows = chosen[at]
    yield official, rows[np.searchsorted(rows, int(told[2]), "right") :]
    yield from chosen[at + 1 :]


def _rows(official: OfficialList, query: PlaceItems) -> Rows:
    places = official.index.places
    if not span_of(query.datetime).holds(official.reference_date):
        return np.zeros(0, np.int64)
    kept = np.ones(len(places), bool)
    for name, value in (("country", query.country), ("kind", query.kind)):
        if value is not None:
            same = pc.fill_null(pc.equal(places.column(name), pa.scalar(value)), fill_value=False)
            kept &= same.to_numpy(zero_copy_only=False)
    if query.box is not None:
        kept &= _inside(query.box, places.lat, places.lon)
    return np.flatnonzero(kept).astype(np.int64)


def _inside(box: Bbox, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = box
    across = (west <= lon) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray((south <= lat) & (lat <= north) & across)


def _features(official: OfficialList, rows: Rows) -> list[Feature]:
    told = official.index.places.take(rows).table.to_pylist()
    return [_feature(official, redact_place(row, official.source)) for row in told]


def _feature(official: OfficialList, place: dict[str, Any]) -> Feature:
    names = [name["text"] for name in place["names"]]
    return point_feature(
        f"{official.source}:{place['id']}",
        (place["lat"], place["lon"]),
        {
            "name": place["name"],
            "other_names": "; ".join(names[1:]) or None,
            "country": place["country"],
            "kind": place["kind"],
            "level": place["level"],
            "units": "; ".join(f"{level}={value}" for level, value in place["admin"].items()) or None,
            "uncertainty_m": place["r95_m"],
            "source": official.source,
            "official_id": place["id"],
            "title": official.title,
            "vintage": official.vintage,
        },
    )
