"""Where a community is shown: to those who work with it as it was given, to others as it was placed once.

Nothing is worked out here from an exact point: what outsiders read was drawn when people published the community
(`service.placing`). A place that was drawn for a lower class than the present one, or by a less strict policy, is held
back until it was drawn anew.
"""

from __future__ import annotations

from typing import Any

from shapely.geometry import shape

from geodata.distance import haversine_m
from geodata.hexagons import resolution_of
from geodata.sensitivity import LocationMethod
from service.accounts.account import Account, Sensitivity
from service.disclosure.policy import handling_of, may_stay
from service.store.values import Placed, Record

#: Said beside every place that is not the true one.
APPROXIMATE = "approximate"

_WHY = {
    LocationMethod.DONUT.value: "moved once, by a distance and direction of chance",
    LocationMethod.H3.value: "the middle of a cell in which enough people live",
    LocationMethod.ADMIN.value: "the middle of its district, by official places",
}
_HELD = "held back: too few people are known to live around it to show it by any cell or district"


def as_given(account: Account) -> dict[str, Any] | None:
    """Return where an account says a community is; of an area, a point inside and half its extent."""
    if account.lat is not None and account.lon is not None:
        return _told("as_given", account.lat, account.lon, account.r95_m)
    if account.area is None:
        return None
    geometry = shape(account.area)
    point = geometry.representative_point()
    west, south, east, north = geometry.bounds
    radius = float(round(float(haversine_m(south, west, north, east)) / 2))
    return _told("area", point.y, point.x, radius)


def published_location(record: Record, sensitivity: Sensitivity) -> tuple[dict[str, Any] | None, str | None]:
    """Return where whoever does not work with a record is shown it, None where nowhere, and what was done and why."""
    placed = record.placed
    if record.account.point() is None and (placed is None or placed.lat is None):
        return None, None  # it never said where it is
    if (
        placed is None
        or placed.lat is None
        or placed.lon is None
        or not may_stay(placed, sensitivity, handling_of(sensitivity))
    ):
        return None, _HELD
    told = _told(_precision(placed), placed.lat, placed.lon, placed.radius_m)
    return told | {"label": APPROXIMATE, "cell": placed.cell, "unit": placed.unit}, _WHY[placed.method]


def _precision(placed: Placed) -> str:
    return f"h3_{resolution_of(placed.cell)}" if placed.cell is not None else placed.method


def _told(precision: str, lat: float, lon: float, radius_m: float | None) -> dict[str, Any]:
    place = {"lat": lat, "lon": lon, "uncertainty_m": radius_m, "precision": precision}
    return place | {"label": None, "cell": None, "unit": None}
