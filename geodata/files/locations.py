"""Where the rows of a table lie: points, areas and uncertainty out of text and geometry; doubtful ones set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.coordinates import check_points
from geodata.files.cellwise import Column, Refusal, column_of
from geodata.files.sheet import Table
from geodata.rows import RowProblem

_NUMBER = "^[+\u2212-]?" + r"(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?$"  # as RE2 has it, without escapes of Unicode
_DEGREES = re.compile(
    r"(?P<before>[NSEWO])?\s*(?P<degrees>\d{1,3})\s*[°d:\s]\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['\u2032m:\s]?\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"\u2033s]|'')?)?\s*(?P<after>[NSEWO])?",
    re.IGNORECASE,
)
_DISTANCE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|km|metres|meters|metros|mètres)?", re.IGNORECASE)

#: As ODK and Kobo write a point: latitude, longitude, and often altitude and accuracy.
_GEOPOINT = re.compile(r"([+-]?\d+(?:\.\d+)?)[\s,;]+([+-]?\d+(?:\.\d+)?)(?:[\s,;]+[+-]?\d+(?:\.\d+)?){0,2}")

_POINT, _POLYGON, _MULTIPOLYGON = 0, 3, 6  # as shapely numbers the types of geometry

_HINT = "give decimal degrees (WGS 84) such as -1.3133"


@dataclass(frozen=True)
class Locations:
    """Columns of places, of equal length: degrees (NaN unknown), metres (NaN unknown), WKB areas (null none)."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    r95_m: NDArray[np.float64]
    area: pa.Array


def read_locations(
    table: Table, headers: dict[str, str], countries: Sequence[str | None]
) -> tuple[Locations, list[RowProblem]]:
    """Read the columns named under `lat`, `lon`, `geometry` and `r95_m`, and the shapes beside the table.

    A row's point is that of its columns, else of its geometry. Points that `check_points` doubts are set aside.
    """
    lat, problems = _degrees(table, headers.get("lat"))
    lon, more = _degrees(table, headers.get("lon"))
    r95_m, most = _metres(table, headers.get("r95_m"))
    problems += more + most + _half(lat, lon, table, headers)
    shapes, broken = _shapes(table, headers.get("geometry"))
    area, centre_lat, centre_lon = _areas(shapes)
    known = ~np.isnan(lat)
    lat, lon = np.where(known, lat, centre_lat), np.where(known, lon, centre_lon)
    doubted = list(check_points(lat, lon, countries))
    where = " and ".join(headers[part] for part in ("lat", "lon") if part in headers) or "geometry"
    for row, doubt in doubted:
        value = f"{lat[row]:g}, {lon[row]:g}"
        problems.append(RowProblem(int(table.rows[row]), where, value, doubt.message, doubt.hint, fatal=False))
    wrong = [row for row, _ in doubted]
    lat[wrong] = lon[wrong] = np.nan
    area[wrong] = None
    return Locations(lat, lon, r95_m, pa.array(shapely.to_wkb(area), type=pa.binary())), problems + broken


def _degrees(table: Table, header: str | None) -> tuple[NDArray[np.float64], list[RowProblem]]:
    if header is None:
        return np.full(len(table), np.nan), []
    column = column_of(table, header)
    plain = pc.match_substring_regex(column.cells, _NUMBER)
    digits = pc.replace_substring(pc.replace_substring(column.cells, "\u2212", "-"), ",", ".")
    values = pc.if_else(plain, digits, pa.scalar(None, pa.string())).cast(pa.float64())
    strange = np.asarray(pc.fill_null(pc.invert(plain), fill_value=False))
    problems = []
    for row in np.flatnonzero(strange).tolist():
        mended = _decimal(column.cells[row].as_py())
        hint = _HINT if mended is None else f"write {mended:.6f}"
        problems.append(column.problem(row, "is not a number of degrees", hint))
    return _floats(values), problems


def _decimal(text: str) -> float | None:
    """Return degrees, minutes and seconds as decimal degrees, to propose them."""
    found = _DEGREES.fullmatch(text)
    if found is None:
        return None
    degrees, minutes, seconds = (
        float((found[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    )
    side = (found["before"] or found["after"] or "").upper()
    return (-1 if side in {"S", "W", "O"} else 1) * (degrees + minutes / 60 + seconds / 3600)


def _half(
    lat: NDArray[np.float64], lon: NDArray[np.float64], table: Table, headers: dict[str, str]
) -> list[RowProblem]:
    """Set a latitude without a longitude aside, and the other way round."""
    problems: list[RowProblem] = []
    for part, other, alone in (
        ("lat", "longitude", ~np.isnan(lat) & np.isnan(lon)),
        ("lon", "latitude", ~np.isnan(lon) & np.isnan(lat)),
    ):
        if part in headers and alone.any():
            column = column_of(table, headers[part])
            problems += column.problems(alone, f"stands without a usable {other}", "give both or neither")
    half = np.isnan(lat) != np.isnan(lon)
    lat[half] = lon[half] = np.nan
    return problems


def _metres(table: Table, header: str | None) -> tuple[NDArray[np.float64], list[RowProblem]]:
    if header is None:
        return np.full(len(table), np.nan), []
    column: Column = column_of(table, header)
    values, problems = column.read(_distance, pa.float64())
    return _floats(values), problems


def _distance(text: str) -> float | Refusal:
    found = _DISTANCE.fullmatch(text)
    if found is None:
        negative = text.startswith(("-", "\u2212"))
        message = "an uncertainty cannot be negative" if negative else "is not a distance"
        return Refusal(message, "give metres, such as 250")
    metres = float(found[1].replace(",", ".")) * (1000 if (found[2] or "").lower() == "km" else 1)
    return metres or Refusal("no location is exact", "give the radius in metres that surely holds the place")


def _shapes(table: Table, header: str | None) -> tuple[NDArray[Any], list[RowProblem]]:
    if header is None:
        wkb = pa.nulls(len(table), pa.binary()) if table.shapes is None else table.shapes
        return _usable(np.array(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)), dtype=object), table)
    column = column_of(table, header)
    texts = column.cells.to_pylist()
    plain = [None if text is None else _well_known(text) for text in texts]
    shapes = np.array(shapely.from_wkt(plain, on_invalid="ignore"), dtype=object)
    unread = np.array([text is not None for text in texts], dtype=bool) & shapely.is_missing(shapes)
    problems = list(column.problems(unread, "is not a geometry", "give WKT such as POINT (36.78 -1.31)"))
    usable, unusable = _usable(shapes, table)
    return usable, problems + unusable


def _well_known(text: str) -> str:
    """Return a geometry as WKT without its reference system; a point as surveys write it counts as one."""
    point = _GEOPOINT.fullmatch(text)
    return f"POINT ({point[2]} {point[1]})" if point else re.sub(r"^SRID=\d+;", "", text)


def _usable(shapes: NDArray[Any], table: Table) -> tuple[NDArray[Any], list[RowProblem]]:
    """Keep points and sound polygons; of a polygon that crosses itself only a point inside."""
    kinds = shapely.get_type_id(shapes)
    other = ~np.isin(kinds, (-1, _POINT, _POLYGON, _MULTIPOLYGON)) | ((kinds >= 0) & shapely.is_empty(shapes))
    crossed = np.isin(kinds, (_POLYGON, _MULTIPOLYGON)) & ~other & ~shapely.is_valid(shapes)
    problems = [
        RowProblem(int(table.rows[row]), "geometry", None, message, hint, fatal=False)
        for where, message, hint in (
            (other, "is neither a point nor an area", "give a point or a polygon"),
            (crossed, "the outline crosses itself; only a point inside was kept", "draw it again"),
        )
        for row in np.flatnonzero(where).tolist()
    ]
    shapes = shapes.copy()
    shapes[other] = None
    shapes[crossed] = shapely.point_on_surface(shapely.make_valid(shapes[crossed]))
    return shapes, problems


def _areas(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.float64]]:
    """Return the polygons (None where there is none), and the latitude and longitude of a point inside each shape."""
    polygonal = np.isin(shapely.get_type_id(shapes), (_POLYGON, _MULTIPOLYGON))
    points, areas = shapes.copy(), shapes.copy()
    points[polygonal] = shapely.point_on_surface(shapes[polygonal])
    areas[~polygonal] = None
    return areas, shapely.get_y(points), shapely.get_x(points)


def _floats(values: pa.Array) -> NDArray[np.float64]:
    return np.array(pc.fill_null(values, float("nan")), dtype=np.float64)
