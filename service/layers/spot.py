"""Spots: what is kept of a shown flag to draw it, to find it by what lists are filtered by, and to count it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from geodata.names.folding import fold
from service.callers.territory import is_within
from service.disclosure.tags import AskedTags, has_tags
from service.store.filters import Bbox
from service.store.values import Flag

#: Properties of a flag in a tile, by the members of a spot that hold them.
PROPERTIES = ("id", "verdict", "status", "country", "kind", "groups", "sdg", "radius_m")


class Spot(NamedTuple):
    """One flag as one audience sees it."""

    seq: int
    id: str
    lat: float | None  # degrees; None where it is not shown at any place
    lon: float | None
    radius_m: float | None  # metres: the true place lies within, with probability 0.95
    verdict: str
    status: str
    country: str
    kind: str | None
    groups: str | None  # joined as in tables
    sdg: str | None
    source: str | None  # of the list it was raised against
    probability: float | None
    updated_at: datetime
    search: str  # its names, folded
    units: tuple[tuple[str, str], ...]
    tags: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpotFilter:
    """Which flags, by what is shown of them; the words are those of `GET /v1/flags`."""

    country: str | None = None
    admin: str | None = None
    bbox: Bbox | None = None
    q: str | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    verdicts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    source: str | None = None
    min_probability: float | None = None
    tags: AskedTags = field(default_factory=AskedTags)

    def holds(self, spot: Spot) -> bool:
        """Return whether a flag is what was asked for."""
        return self._plainly(spot) and self._by_words(spot) and self._inside(spot)

    def _plainly(self, spot: Spot) -> bool:
        """Return whether it is by its plain values."""
        if (self.country or spot.country) != spot.country or (self.source or spot.source) != spot.source:
            return False
        if (self.verdicts and spot.verdict not in self.verdicts) or (
            self.statuses and spot.status not in self.statuses
        ):
            return False
        if self.min_probability is not None and (spot.probability is None or spot.probability < self.min_probability):
            return False
        since, until = self.updated_since or spot.updated_at, self.updated_until or spot.updated_at
        return since <= spot.updated_at <= until

    def _inside(self, spot: Spot) -> bool:
        """Return whether it lies in the box; what has no place lies in none."""
        if self.bbox is None:
            return True
        if spot.lat is None or spot.lon is None:
            return False
        west, south, east, north = self.bbox
        across = west <= spot.lon <= east if west <= east else spot.lon >= west or spot.lon <= east
        return south <= spot.lat <= north and across

    def _by_words(self, spot: Spot) -> bool:
        """Return whether it is by names, units and tags, which take longer."""
        if self.q is not None and not _is_named(self.q, spot.search):
            return False
        if self.admin is not None and not _is_within(self.admin, spot.units):
            return False
        return not self.tags or has_tags(self.tags, spot.tags)


def _is_named(q: str, search: str) -> bool:
    """Return what `service.store.filters.is_named` returns, of names that are folded already."""
    words = _words(q)
    return bool(words) and all(word in search for word in words)


#: Questions come again and again, and units are shared by many.
_words = lru_cache(maxsize=64)(lambda q: tuple(fold(q).split()))
_is_within = lru_cache(maxsize=10_000)(is_within)


def spot_of(flag: Flag, shown: Mapping[str, Any], seq: int) -> Spot:
    """Return the spot of a flag that is shown so to an audience."""
    community = shown["community"]
    location = community["location"] or {}
    return Spot(
        seq=seq,
        id=shown["id"],
        lat=location.get("lat"),
        lon=location.get("lon"),
        radius_m=location.get("uncertainty_m"),
        verdict=shown["verdict"],
        status=shown["status"],
        country=community["country"],
        kind=community["kind"],
        groups="; ".join(community["groups"]) or None,
        sdg="; ".join(tag["code"] for tag in community["tags"]["sdg"]) or None,
        source=flag.source,
        probability=shown["probability"],
        updated_at=shown["updated_at"],
        search="\n".join(fold(name["text"]) for name in community["names"]),
        units=tuple(community["admin"].items()),
        tags=community["tags"],
    )
