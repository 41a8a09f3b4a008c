"""Flags and records as a layer of points, for those who go on in GeoPandas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.client.values import Flag, Record

_COLUMNS = ("id", "verdict", "probability", "reason", "name", "country", "lat", "lon", "uncertainty_m")


def to_geodataframe(found: Iterable[Flag | Record]) -> Any:
    """Return flags or records as a GeoDataFrame of points (WGS 84), one row each, in order.

    One whose place is withheld has no geometry. `uncertainty_m` is the radius in metres that holds the true place with
    probability 0.95: draw it, where places are blurred. Everything else that came is in `data`.
    """
    from geodata.geodataframes import points_of_rows  # noqa: PLC0415 - GeoPandas takes a third of a second to load

    rows = [{**{name: getattr(one, name) for name in _COLUMNS}, **_own(one), "data": one.data} for one in found]
    return points_of_rows(rows, (*_COLUMNS, "status", "own_id", "data"))


def _own(one: Flag | Record) -> dict[str, str | None]:
    if isinstance(one, Flag):
        return {"status": one.status, "own_id": None}
    return {"status": one.state, "own_id": one.own_id}
