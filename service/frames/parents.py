"""Parents: the official unit that a community lies in, and its enumeration area where a list has such a level.

A border that holds the point decides. Where no list has borders, the unit of the nearest entry that was compared is
proposed, and in the end what the record says itself; each proposal says which of these it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.kinds import fineness, kind_of, lineage
from geodata.names.folding import fold
from matchers.base import OfficialList
from service.official.longlists import Listed, LongList

HOLDS, NEAREST, RECORD = "its border holds the point", "unit of the nearest listed place", "as the record says"

#: What offices call the smallest area one enumerator covers, folded.
_ENUMERATION = frozenset(
    {
        "enumeration area", "enumeration district", "ea", "census tract", "tract", "census block", "block group",
        "dissemination area", "output area", "small area", "setor censitario", "sector censal", "segmento censal",
        "zone de denombrement", "seccion censal", "census collection district", "mesh block",
    }
)  # fmt: skip
_NEAR_M = 20_000.0

Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True, slots=True)
class Unit:
    """An official unit as a list names it; `code` is text, whatever it looks like."""

    code: str
    name: str | None
    level: str | None
    title: str | None = None  # of the list
    vintage: str | None = None
    basis: str = HOLDS


@dataclass(frozen=True, slots=True)
class Held:
    """A unit whose border holds a point, and how large it is in degrees²."""

    unit: Unit
    size: float
    enumeration: bool


def holding(lists: Sequence[Listed], points: Sequence[Point | None]) -> list[tuple[Held, ...]]:
    """Return for each point the units whose borders hold it, the smallest first; none for a point not known.

    Raises `Problem` (not found) where the archive no longer holds a long list as it was put.
    """
    found: list[list[Held]] = [[] for _ in points]
    for official in lists:
        for part, positions in _parts(official, points):
            for position, held in _held(part, [points[at] for at in positions], positions):
                found[position].append(held)
    return [tuple(sorted(each, key=lambda one: (one.size, one.unit.code))) for each in found]


def parent(held: Iterable[Held]) -> Unit | None:
    """Return the smallest unit that is no enumeration area: the one a frame would put the community under."""
    return next((one.unit for one in held if not one.enumeration), None)


def enumeration_area(held: Iterable[Held]) -> Unit | None:
    """Return the smallest enumeration area."""
    return next((one.unit for one in held if one.enumeration), None)


def nearest(flag: Mapping[str, Any], lists: Sequence[Listed]) -> Unit | None:
    """Return the unit of the nearest entry that a flag was compared with, within 20 km; the flag is redacted."""
    near = [one for one in flag["candidates"] if one["distance_m"] is not None and one["distance_m"] <= _NEAR_M]
    listed = flag["list"] or {}
    official = next((one for one in lists if one.snapshot == listed.get("snapshot")), None)
    if not near or official is None or isinstance(official, LongList):
        return None
    entry = min(near, key=lambda one: (one["distance_m"], one["official_id"]))
    ids = official.index.places.texts("id")
    if entry["official_id"] not in ids:
        return None
    row = official.index.places.take([ids.index(entry["official_id"])]).table.to_pylist()[0]
    units = sorted(dict(row["admin"] or ()).items(), key=lambda unit: fineness(unit[0]))
    above = row["parent"] or (units[-1][1] if units else None)
    if above is None:
        return None
    away = f"{NEAREST}, {entry['official_name']}, {entry['distance_m'] / 1_000:.1f} km away"
    level = next((level for level, value in units if value == above), None)
    return Unit(*_as_code(above), level, official.title, official.vintage, away)


def said(admin: Mapping[str, str]) -> Unit | None:
    """Return the finest unit that a record names itself."""
    if not admin:
        return None
    level, value = max(admin.items(), key=lambda unit: fineness(unit[0]))
    return Unit(*_as_code(value), level, basis=RECORD)


def _as_code(value: str) -> tuple[str, str | None]:
    """Return a value as code and name: what has a digit and no space is a code, anything else a name."""
    coded = any(map(str.isdigit, value)) and " " not in value
    return (value, None) if coded else ("", value)


def _parts(official: Listed, points: Sequence[Point | None]) -> Iterator[tuple[OfficialList, list[int]]]:
    if isinstance(official, LongList):
        yield from official.pieces(points)
    else:
        yield official, list(range(len(points)))


def _held(
    official: OfficialList, points: Sequence[Point | None], positions: Sequence[int]
) -> Iterator[tuple[int, Held]]:
    """Yield the position of each point with a unit that holds it."""
    index = official.index
    lat, lon = np.array([point or (np.nan, np.nan) for point in points], np.float64).reshape(-1, 2).T
    found = index.areas.holding(lat, lon, np.zeros(len(points)))
    if not len(found.row):
        return
    polygon = {int(row): at for at, row in enumerate(index.areas.rows)}
    rows = np.unique(found.row)
    places = dict(zip(rows.tolist(), index.places.take(rows).table.to_pylist(), strict=True))
    for query, row in zip(found.query.tolist(), found.row.tolist(), strict=True):
        place = places[row]
        enumeration = fold(place["level"] or place["kind"] or "") in _ENUMERATION
        if enumeration or _is_unit(place):
            name = place["names"][0]["text"] if place["names"] else None
            unit = Unit(place["id"], name, place["level"] or place["kind"], official.title, official.vintage)
            yield positions[query], Held(unit, float(index.areas.polygons[polygon[row]].area), enumeration)


def _is_unit(place: Mapping[str, Any]) -> bool:
    kind = kind_of(place["kind"]) or kind_of(place["level"])
    return kind is not None and "administrative_unit" in lineage(kind)
