"""Searching: what the records of a part are found by, column by column, as `service.store.neighbours` has it by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geodata.names.folding import fold_column
from geodata.places import Places
from matchers.communities.quarantine import spot_of
from service.intake.fragments import by_value, pairs
from service.store.filters import admin_line
from service.store.neighbours import cells_of


class Points(NamedTuple):
    """Where accounts stand: as given, else inside their area; null where nothing says."""

    lat: pa.Array
    lon: pa.Array

    def cells(self) -> pa.Array:
        """Return the cell each lies in."""
        return pa.array(cells_of(*_degrees(self)), pa.int64(), mask=np.asarray(self.lat.is_null()))

    def spots(self) -> pa.Array:
        """Return each as a text to five decimals."""
        return pa.array(map(spot_of, self.lat.to_pylist(), self.lon.to_pylist()), pa.string())


def points(places: Places) -> Points:
    """Return where each account stands."""
    lat, lon, area = places.column("lat"), places.column("lon"), places.column("area")
    given = pc.and_(lat.is_valid(), lon.is_valid())
    if pc.all(given).as_py():
        return Points(lat, lon)
    inside = np.asarray(pc.and_(pc.invert(given), area.is_valid()))
    where = shapely.point_on_surface(shapely.from_wkb(area.to_numpy(zero_copy_only=False)))
    x, y = shapely.get_x(where), shapely.get_y(where)
    return Points(*(_either(given, column, pa.array(found, mask=~inside)) for column, found in ((lat, y), (lon, x))))


def names(places: Places) -> tuple[pa.Array, pa.Array]:
    """Return the names of each account folded, one a line, and the letters of the first of them."""
    column = places.column("names")
    sizes = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    folded = fold_column(pc.struct_field(column.flatten(), "text"))
    row = np.repeat(np.arange(len(sizes)), sizes)
    named = np.asarray(pc.not_equal(folded, ""))
    lines = np.bincount(row[named], minlength=len(sizes))
    first = np.cumsum(sizes) - sizes
    at = pa.array(first, mask=sizes == 0)
    keys = pc.replace_substring(pc.fill_null(folded.take(at), ""), " ", "")
    return pc.binary_join(_listed(lines, folded.filter(pa.array(named))), "\n"), keys


def admin(places: Places) -> pa.Array:
    """Return the lines under which each account is found by its administrative units."""
    written = pairs(places.column("admin"))
    return pa.repeat("\n", len(places)) if isinstance(written, str) else by_value(written, _lines)


def _lines(written: str) -> str:
    return "".join(admin_line(level, value) for level, value in orjson.loads(written)) + "\n"


def _degrees(where: Points) -> tuple[np.ndarray, np.ndarray]:
    return tuple(pc.fill_null(column, 0.0).to_numpy() for column in where)


def _either(given: pa.Array, column: pa.Array, found: pa.Array) -> pa.Array:
    return pc.if_else(given, column, found)


def _listed(sizes: np.ndarray, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.concatenate(([0], np.cumsum(sizes))), pa.int32()), values)
