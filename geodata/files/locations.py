"""Where the rows of a table lie: points, areas and uncertainty out of text and geometry; doubtful ones set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.coordinates import check_points
from geodata.files.angles import is_utm, propose_point, read_angle, read_point
from geodata.files.cellwise import Column, Refusal, column_of
from geodata.files.headers import fold
from geodata.files.sheet import Table
from geodata.rows import RowProblem

_NUMBER = "^[+\u2212-]?" + r"(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?$"  # as RE2 has it, without escapes of Unicode
_DISTANCE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|km|metres|meters|metros|mètres)?", re.IGNORECASE)

_POINT, _POLYGON, _MULTIPOLYGON = 0, 3, 6  # as shapely numbers the types of geometry

_HINT = "give decimal degrees (WGS 84) such as -1.3133"
_NOT_DEGREES = "is not a number of degrees"
_PROJECTED = Refusal(
    "looks like metres of a projected grid (UTM), not degrees", "export the coordinates in WGS 84, in decimal degrees"
)


#: Radius in metres that matching takes for a citizen's place where none is stated (`matchers.parameters`).
UNSTATED_R95_M = 1000.0


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
    """Read the columns named under `lat`, `lon`, `geometry`, `r95_m` and `accuracy_m`, and the shapes beside the table.

    A row's point is that of its columns, else of its geometry. Points that `check_points` doubts are set aside.
    """
    lat, problems = _degrees(table, headers.get("lat"), "lat")
    lon, more = _degrees(table, headers.get("lon"), "lon")
    r95_m, most = _metres(table, headers.get("r95_m"))
    accuracy_m, others = _metres(table, headers.get("accuracy_m"))
    r95_m = np.where(np.isnan(r95_m), _reach(accuracy_m), r95_m)
    problems += more + most + others + _half(lat, lon, table, headers)
    shapes, broken = _shapes(table, headers.get("geometry"))
    area, centre_lat, centre_lon = _areas(shapes)
    known = ~np.isnan(lat)
    lat, lon = np.where(known, lat, centre_lat), np.where(known, lon, centre_lon)
    doubted = list(check_points(lat, lon, countries))
    where = " and ".join(headers[part] for part in ("lat", "lon") if part in headers) or "geometry"
    for row, doubt in doubted:
        value = f"{lat[row]:g}, {lon[row]:g}"
        proposal = None if doubt.proposed is None else dict(zip(("lat", "lon"), doubt.proposed, strict=True))
        number = int(table.rows[row])
        problems.append(RowProblem(number, where, value, doubt.message, doubt.hint, fatal=False, proposal=proposal))
    wrong = [row for row, _ in doubted]
    lat[wrong] = lon[wrong] = np.nan
    area[wrong] = None
    return Locations(lat, lon, r95_m, pa.array(shapely.to_wkb(area), type=pa.binary())), problems + broken


def _degrees(table: Table, header: str | None, part: str) -> tuple[NDArray[np.float64], list[RowProblem]]:
    if header is None:
        return np.full(len(table), np.nan), []
    column = column_of(table, header)
    plain = pc.match_substring_regex(column.cells, _NUMBER)
    digits = pc.replace_substring(pc.replace_substring(column.cells, "\u2212", "-"), ",", ".")
    values = pc.if_else(plain, digits, pa.scalar(None, pa.string())).cast(pa.float64())
    strange = np.asarray(pc.fill_null(pc.invert(plain), fill_value=False))
    problems = []
    for row in np.flatnonzero(strange).tolist():
        refused, proposal = _refused(column.cells[row].as_py(), part)
        problems.append(replace(column.problem(row, refused.message, refused.hint), proposal=proposal))
    return _floats(values), problems


def _refused(text: str, part: str) -> tuple[Refusal, dict[str, float] | None]:
    """Return what is wrong with a text that is not decimal degrees, and what it seems to say."""
    angle = read_angle(text)
    if angle is None:
        return (_PROJECTED if is_utm(text) else Refusal(_NOT_DEGREES, _HINT)), None
    degrees = round(angle.degrees, 7)
    if angle.latitude is (part == "lon"):
        other = "longitude" if part == "lat" else "latitude"
        return Refusal(f"is a {other}", "latitude and longitude may be swapped"), None
    return Refusal(_NOT_DEGREES, f"write {degrees:.6f}"), {part: degrees}


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


def _reach(accuracy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the accuracy of a receiver says about where a community is: that it may be farther off, never nearer.

    A phone knows to five metres where it stood, in a community that reaches over hundreds. Taken for the place's own
    radius, that makes the entry of a list a street away impossible. So only an accuracy says something whose double
    (of which share of readings it holds, nobody says) is wider than what is taken of a place where nothing is stated.
    """
    doubled = 2 * accuracy_m
    return np.where(doubled > UNSTATED_R95_M, doubled, np.nan)


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
    lon_first = fold(header.replace("/", " ")).startswith(("lon", "lng", "x "))
    plain = [None if text is None else _well_known(text, lon_first=lon_first) for text in texts]
    shapes = np.array(shapely.from_wkt(plain, on_invalid="ignore"), dtype=object)
    unread = np.array([text is not None for text in texts], dtype=bool) & shapely.is_missing(shapes)
    problems = [_unread(column, row) for row in np.flatnonzero(unread).tolist()]
    usable, unusable = _usable(shapes, table)
    return usable, problems + unusable


def _unread(column: Column, row: int) -> RowProblem:
    text = column.cells[row].as_py()
    point = propose_point(text)
    if point is None:
        refused = _PROJECTED if is_utm(text) else Refusal("is not a geometry", "give WKT such as POINT (36.78 -1.31)")
        return column.problem(row, refused.message, refused.hint)
    lat, lon = (round(degrees, 7) for degrees in point)
    problem = column.problem(row, _NOT_DEGREES, f"write {lat:.6f}, {lon:.6f}")
    return replace(problem, proposal={"lat": lat, "lon": lon})


def _well_known(text: str, *, lon_first: bool) -> str:
    """Return a geometry as WKT without its reference system; two numbers are a point, latitude first unless told."""
    point = read_point(text)
    if point is None:
        return re.sub(r"^SRID=\d+;", "", text)
    lon, lat = point if lon_first else (point[1], point[0])
    return f"POINT ({lon!r} {lat!r})"


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
