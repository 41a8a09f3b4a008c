"""Outlines: borders of official units for the map of a report, from the lists that the installation holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from geodata.kinds import fineness, kind_of, lineage
from matchers.base import OfficialList
from service.context import Context
from service.official.longlists import LongList

#: Units of one level drawn at most; of finer levels nobody could tell the lines apart.
_MOST = 400

_WARD = 4  # `geodata.kinds.fineness`


@dataclass(frozen=True, slots=True)
class Outline:
    """The borders of the units of one level on one official list."""

    title: str  # of the list
    vintage: str
    snapshot: str  # sha256 of the content
    level: str  # the publisher's word for it, or our own
    borders: tuple[BaseGeometry, ...]  # polygons in degrees, WGS 84, x = longitude


def outlines(context: Context, countries: Iterable[str]) -> tuple[Outline, ...]:
    """Return borders of official units in these countries (ISO 3166-1 alpha-3), one level of one list for each.

    Of lists in force; a list that is read piece by piece is passed over. None where no list there holds polygons.
    """
    held = [official for official in context.lists.current() if not isinstance(official, LongList)]
    return tuple(best for country in sorted(set(countries)) if (best := _of_country(held, country)) is not None)


def _of_country(held: Iterable[OfficialList], country: str) -> Outline | None:
    """Return the finest level that has few enough units."""
    found = [one for official in held for one in _levels(official, country) if len(one.borders) <= _MOST]
    return max(found, key=lambda one: (len(one.borders), one.snapshot), default=None)


def _levels(official: OfficialList, country: str) -> Iterator[Outline]:
    areas = official.index.areas
    if not len(areas.rows):
        return
    places = official.index.places.take(areas.rows)
    kinds, levels = places.texts("kind"), places.texts("level")
    within = np.array([one == country for one in places.texts("country")])
    said = np.array([level or kind or "" for level, kind in zip(levels, kinds, strict=True)], dtype=object)
    units = np.array([_is_unit(kind, level) for kind, level in zip(kinds, levels, strict=True)])
    for level in sorted(set(said[within & units])):
        chosen = within & units & (said == level)
        yield Outline(
            official.title, official.vintage, official.snapshot, level or "unit", tuple(areas.polygons[chosen])
        )


def _is_unit(kind: str | None, level: str | None) -> bool:
    """Return whether a row is an administrative unit: a settlement's own outline is no border."""
    known = kind_of(kind)
    if known is not None:
        return "administrative_unit" in lineage(known)
    return 0 <= fineness(level) <= _WARD
