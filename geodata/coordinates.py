"""Is this point where it says it is? Finds impossible and mistyped coordinates, proposes the mend, never applies it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.countries import country_name, extent

_MAX_LAT = 90.0
_MAX_LON = 180.0

#: Nearer than this to (0, 0), in degrees, is a form left empty: there is only sea for 500 km around.
_NULL_ISLAND = 0.01

#: Coordinates of which both are larger than this are no slips of degrees: a grid counts from far away.
_LEAST_METRES = 10_000.0

#: Degrees beyond the extent of a country at which a point is surely not in it.
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class PointProblem:
    """What is wrong with a point. `proposed` is the (lat, lon) that would be right, where one guess stands out."""

    code: str  # "out_of_range", "projected", "zero", "swapped", "sign" or "outside_country"
    message: str
    hint: str
    proposed: tuple[float, float] | None = None


def check_point(lat: float, lon: float, country: str | None) -> PointProblem | None:
    """Return what is wrong with a point in degrees, or None.

    `country` is an ISO 3166-1 alpha-3 code; without it only what is impossible anywhere is found.
    """
    if abs(lat) < _NULL_ISLAND and abs(lon) < _NULL_ISLAND:
        return PointProblem("zero", "latitude and longitude are zero", "leave both empty if the location is not known")
    if not _in_range(lat, lon):
        return _out_of_range(lat, lon, country)
    if country is None or _inside(lat, lon, country):
        return None
    return _elsewhere(lat, lon, country)


def check_points(
    lat: NDArray[np.float64], lon: NDArray[np.float64], country: Sequence[str | None]
) -> Iterator[tuple[int, PointProblem]]:
    """Yield (row, problem) for every point that `check_point` would refuse; NaN is no point. Fast when few are."""
    known = ~(np.isnan(lat) | np.isnan(lon))
    with np.errstate(invalid="ignore"):
        fine = (np.abs(lat) <= _MAX_LAT) & (np.abs(lon) <= _MAX_LON)
        fine &= (np.abs(lat) >= _NULL_ISLAND) | (np.abs(lon) >= _NULL_ISLAND)
        fine &= _inside_each(lat, lon, country)
    for row in np.flatnonzero(known & ~fine).tolist():
        problem = check_point(float(lat[row]), float(lon[row]), country[row])
        if problem is not None:
            yield row, problem


def _inside_each(
    lat: NDArray[np.float64], lon: NDArray[np.float64], country: Sequence[str | None]
) -> NDArray[np.bool_]:
    encoded = pa.array(country, type=pa.string()).dictionary_encode()
    everywhere = (-_MAX_LON, -_MAX_LAT, _MAX_LON, _MAX_LAT)
    boxes = np.array([*(extent(code) or everywhere for code in encoded.dictionary.to_pylist()), everywhere])
    west, south, east, north = boxes[np.asarray(encoded.indices.fill_null(len(boxes) - 1))].T
    across = west > east
    in_lon = np.where(across, (lon >= west) | (lon <= east), (lon >= west) & (lon <= east))
    inside: NDArray[np.bool_] = in_lon & (lat >= south) & (lat <= north)
    return inside


def _in_range(lat: float, lon: float) -> bool:
    return abs(lat) <= _MAX_LAT and abs(lon) <= _MAX_LON


def _inside(lat: float, lon: float, country: str, margin: float = 0.0) -> bool:
    box = extent(country)
    if box is None:
        return True
    west, south, east, north = box
    width = (east - west) % 360 or 360.0
    from_west = (lon - west + margin) % 360
    return from_west <= width + 2 * margin and south - margin <= lat <= north + margin


def _out_of_range(lat: float, lon: float, country: str | None) -> PointProblem:
    what = (
        f"latitude {_digits(lat)} is not within ±90"
        if not abs(lat) <= _MAX_LAT
        else f"longitude {_digits(lon)} is not within ±180"
    )
    if min(abs(lat), abs(lon)) > _LEAST_METRES:
        message = f"{_digits(lat)}, {_digits(lon)} look like metres of a projected grid (UTM), not degrees"
        return PointProblem("projected", message, "export the coordinates in WGS 84, in decimal degrees")
    turned = (lon, lat)
    if _in_range(*turned) and (country is None or _inside(*turned, country)):
        return PointProblem(
            "swapped", f"{what}: latitude and longitude look swapped", _write(turned, "if they are"), turned
        )
    return PointProblem("out_of_range", f"{what} degrees", "give decimal degrees (WGS 84), e.g. -1.3133, 36.7876")


def _elsewhere(lat: float, lon: float, country: str) -> PointProblem | None:
    where = f"{_digits(lat)}, {_digits(lon)} is far outside {country_name(country)}"
    for code, reading, guess in _guesses(lat, lon):
        if _in_range(*guess) and _inside(*guess, country):
            return PointProblem(code, f"{where}: {reading}", _write(guess, "if so"), guess)
    if _inside(lat, lon, country, _FAR):
        return None  # an island, an exclave, a camp across the border: rare places are what this is about
    return PointProblem("outside_country", where, "mend the coordinates or the country")


def _guesses(lat: float, lon: float) -> list[tuple[str, str, tuple[float, float]]]:
    return [
        ("swapped", "latitude and longitude look swapped", (lon, lat)),
        ("sign", "the latitude seems to have the wrong sign", (-lat, lon)),
        ("sign", "the longitude seems to have the wrong sign", (lat, -lon)),
        ("sign", "both signs seem wrong", (-lat, -lon)),
        ("swapped", "latitude and longitude look swapped, with a wrong sign", (-lon, lat)),
        ("swapped", "latitude and longitude look swapped, with a wrong sign", (lon, -lat)),
    ]


def _write(point: tuple[float, float], when: str) -> str:
    return f"write latitude {_digits(point[0])} and longitude {_digits(point[1])} {when}"


def _digits(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")  # a tenth of a metre
