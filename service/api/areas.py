"""Areas as people draw them: GeoJSON polygons, checked and never mended behind anybody's back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import shapely
from pydantic import BaseModel, ConfigDict, Field
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geodata.coordinates import check_point
from service.api.fields import Number, mistake

MAX_VERTICES = 50_000

Position = Annotated[list[Number], Field(min_length=2, max_length=3)]
Ring = Annotated[list[Position], Field(min_length=4, max_length=MAX_VERTICES)]


class PolygonGiven(BaseModel):
    """A GeoJSON polygon: an outer ring, then its holes. Positions are [longitude, latitude]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1, max_length=1_000)]


class MultiPolygonGiven(BaseModel):
    """Several GeoJSON polygons that make one area."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["MultiPolygon"]
    coordinates: Annotated[
        list[Annotated[list[Ring], Field(min_length=1, max_length=1_000)]], Field(min_length=1, max_length=1_000)
    ]


Area = Annotated[PolygonGiven | MultiPolygonGiven, Field(discriminator="type")]


def check_area(area: PolygonGiven | MultiPolygonGiven, country: str | None) -> None:
    """Raise a mistake when an area is not one: rings left open or crossing, points off the globe or elsewhere.

    `country` is an ISO 3166-1 alpha-3 code, None when it is not known.
    """
    polygons: list[Any] = [area.coordinates] if isinstance(area, PolygonGiven) else area.coordinates
    rings = [ring for polygon in polygons for ring in polygon]
    if sum(len(ring) for ring in rings) > MAX_VERTICES:
        message = f"This area has more than {MAX_VERTICES:,} points."
        raise mistake(message, "Simplify it; a community needs far fewer.")
    for number, ring in enumerate(rings, start=1):
        if ring[0] != ring[-1]:
            message = f"Ring {number} of this area is open: its last point is not its first."
            raise mistake(message, "Repeat the first point at the end.")
    geometry = _geometry(area)
    _check_place(geometry, country)
    if not geometry.is_valid:
        message = f"This area is not a proper polygon: {shapely.is_valid_reason(geometry)}."
        raise mistake(message, "Draw it again so that its border does not touch or cross itself.")


def _geometry(area: PolygonGiven | MultiPolygonGiven) -> BaseGeometry:
    try:
        return shape(area.model_dump())
    except (ShapelyError, ValueError):
        message = "This area cannot be read as a polygon."
        raise mistake(
            message, "Give every position as [longitude, latitude], all with or all without height."
        ) from None


def _check_place(geometry: BaseGeometry, country: str | None) -> None:
    west, south, east, north = geometry.bounds
    if west == east or south == north:
        message = "This area has no extent."
        raise mistake(message, "Give `location` instead when only a point is known.")
    for lat, lon in ((south, west), (north, east)):
        wrong = check_point(lat, lon, country)
        if wrong is not None:
            message = f"The area cannot be right: {wrong.message}."
            raise mistake(message, f"Positions are [longitude, latitude]; {wrong.hint}.")
