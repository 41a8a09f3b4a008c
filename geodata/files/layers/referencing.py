"""Coordinates of any known reference system to WGS 84 with x = longitude; those of an unknown one are refused."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.files.sheet import UnreadableTable

_MOST_DEGREES = 540.0  # of a map that goes once more around than the Earth; the exact bounds are checked later

_UNKNOWN = ("unknown", "undefined", "unnamed")


def to_wgs84(shapes: NDArray[Any], crs: str | None, *, missing: str) -> NDArray[Any]:
    """Return the shapes in WGS 84; one that lies nowhere on Earth, or outside of its system, becomes None.

    `crs` is an authority's code or WKT; `missing` is the hint for a file that names none. Raises `UnreadableTable` when
    the system is not known.
    """
    if not len(shapes) or shapely.is_missing(shapes).all():
        return shapes
    if crs is None:
        msg = "nothing says in which reference system the coordinates are"
        raise UnreadableTable(msg, hint=missing)
    from pyproj import CRS, Transformer  # noqa: PLC0415 - loads a database that few files need
    from pyproj.exceptions import ProjError  # noqa: PLC0415

    try:
        system = CRS.from_user_input(crs)
        if system.name.casefold().startswith(_UNKNOWN) and not system.is_geographic:
            msg = f"the coordinates are in {system.name!r}"
            raise UnreadableTable(msg, hint=missing)
        if system.equals(CRS.from_epsg(4326), ignore_axis_order=True):
            return on_earth(shapes)
        transformer = Transformer.from_crs(system, "OGC:CRS84", always_xy=True)
        moved = shapely.transform(shapes, partial(_move, transformer))
    except ProjError as error:
        msg = f"the reference system of the coordinates is not known: {str(error)[:200]}"
        raise UnreadableTable(msg, hint="export the layer in WGS 84 (EPSG:4326)") from error
    return on_earth(moved)


def on_earth(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the shapes but for those whose coordinates are no degrees: infinite, or metres taken for degrees."""
    bounds = shapely.bounds(shapes)
    inside = (np.abs(np.where(np.isnan(bounds), np.inf, bounds)) <= _MOST_DEGREES).all(axis=1)
    kept = shapes.copy()
    kept[~inside] = None
    return kept


def _move(transformer: Any, points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
