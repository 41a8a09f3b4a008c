"""What maps are made of: addresses of tiles, tiles, and tables of points, read again by readers of others."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, get_type_hints

import mapbox_vector_tile
import numpy as np
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from fuzz.target import Target, reading_text, require, texts
from fuzz.targets.questions import layer
from geodata.files.angles import read_angle
from geodata.pointparquet import PointsFile
from geodata.tiles.encoding import Column, Features
from geodata.tiles.encoding import layer as written
from geodata.tiles.mercator import FARTHEST_LAT, Tile
from geodata.tiles.pyramid import BUFFER, EXTENT, Pyramid
from service.api.tiles import the_tile
from service.errors import Problem
from service.layers.spot import SpotFilter
from service.layers.tiles import flag_tile

_PARTS = [TypeAdapter(get_type_hints(the_tile, include_extras=True)[name]) for name in ("z", "x", "y")]
_WORLD = Tile(0, 0, 0)
_MOST_LAT, _MOST_LON = 90.0, 180.0
_COLUMNS = {"name": "text", "persons": "number"}


def _addressed(text: str) -> None:
    """Read the address of a tile and cut it out of flags, some of which lie at the edges of the world."""
    try:
        z, x, y = (part.validate_python(given) for part, given in zip(_PARTS, text.split("/"), strict=True))
    except (ValidationError, ValueError):
        return
    for _, (across, down), _ in _read(flag_tile(layer(), SpotFilter(), the_tile(z, x, y)), "flags"):
        near = all(-BUFFER <= one <= EXTENT + BUFFER for one in (across, down))
        require(near, "what a tile holds lies in it, or as near as its buffer is wide")


def _encoded(text: str) -> None:
    """Draw rows as a tile of the world, and read it as others do."""
    lat, lon, names, persons = _rows(text)
    cut = Pyramid.of(lat, lon).cut(_WORLD, buffer=0)
    require(len(cut) == int((np.abs(lat) <= FARTHEST_LAT).sum()), "whatever has a place on the square world is drawn")
    told = {"name": Column.of(names).take(cut.rows), "persons": Column.of(persons).take(cut.rows)}
    found = _read(written("places", [Features(cut.x, cut.y, told)]), "places")
    require(len(found) == len(cut), "each point is one feature")
    for row, (_, place, said) in zip(cut.rows.tolist(), found, strict=True):
        require(said.get("name") == names[row] and said.get("persons") == persons[row], "values are those of the row")
        require(all(0 <= one < EXTENT for one in place), "the world holds what lies on it")


def _kept(text: str) -> None:
    """Write rows as GeoParquet, and read them as others do."""
    lat, lon, names, persons = _rows(text)
    rows = [
        {"name": name, "persons": count, "lat": None if np.isnan(north) else north, "lon": east}
        for north, east, name, count in zip(lat.tolist(), lon.tolist(), names, persons, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "points.parquet")
        with PointsFile(path, _COLUMNS) as file:
            file.add(rows)
        table = pq.read_table(io.BytesIO(path.read_bytes()))
    require(table["name"].to_pylist() == names and table["persons"].to_pylist() == persons, "rows are as they were")
    points = shapely.from_wkb(table["geometry"].to_pylist())
    require(np.array_equal(np.isnan(lat), [one is None for one in points]), "what has no place has no geometry")
    known = ~np.isnan(lat)
    at = [shapely.get_x(points[known]), shapely.get_y(points[known])]
    require(np.array_equal(at, [lon[known], lat[known]]), "points lie where they were said to")


def _read(content: bytes, name: str) -> list[tuple[Any, list[int], dict[str, Any]]]:
    """Return (id, place, properties) of each feature, by the reference decoder; none of a tile without bytes."""
    if not content:
        return []
    features = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})[name]["features"]
    return [(one.get("id"), one["geometry"]["coordinates"], one["properties"]) for one in features]


def _rows(
    text: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str | None], list[float | None]]:
    """Return lines of latitude, longitude, name and number, as columns; what is on no globe has no place."""
    split = [(line.split("\t") + [""] * 4)[:4] for line in text.split("\n")]
    lat = np.array([_degrees(one[0], _MOST_LAT) for one in split])
    lon = np.array([_degrees(one[1], _MOST_LON) for one in split])
    lat[np.isnan(lon)] = np.nan
    lon[np.isnan(lat)] = np.nan
    numbers = [read_angle(one[3]) for one in split]
    return lat, lon, [one[2] or None for one in split], [one.degrees if one else None for one in numbers]


def _degrees(text: str, most: float) -> float:
    angle = read_angle(text)
    return angle.degrees if angle and abs(angle.degrees) <= most else np.nan


_LINES = "-1.3\t36.8\tLindi\t120\n-1.3\t36.8\tMakina\t\n\t\tNowhere\t7", "89.9\t180\tঢাকা\t0.5\n-85.05\t-180\t\t-0.0"

TARGETS = (
    Target(
        "tile-address", "addresses of tiles, cut and drawn", reading_text(_addressed, Problem),
        texts("0/0/0", "9/308/258", "18/157834/132019", "18/262143/0", "1/2/0"), runs=40_000, longest=32,
    ),
    Target("tile", "points, drawn as vector tiles", reading_text(_encoded), texts(*_LINES), runs=40_000, longest=512),
    Target("points", "points, written as GeoParquet", reading_text(_kept), texts(*_LINES), runs=40_000, longest=512),
)  # fmt: skip
