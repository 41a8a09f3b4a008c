"""An account with one feature changed: made like an entry of the list, taken away, or moved nearer or farther."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geodata.distance import EARTH_RADIUS_M, R95_PER_SIGMA, haversine_m
from geodata.names.folding import fold
from geodata.places import Places
from matchers.base import OfficialList
from matchers.candidates import sigma_of
from matchers.judging.wording import spoken

Row = dict[str, Any]  # of `geodata.places.SCHEMA`
Candidate = Mapping[str, Any]  # of `matchers.base.CANDIDATES`


@dataclass(frozen=True, slots=True)
class Change:
    """One changed account."""

    feature: str  # "name", "place", "admin", "kind"
    candidate: int  # position of the candidate it concerns
    said: str  # as the end of "Had the record …"
    row: Row
    distance_m: float | None = None  # from the entry, where the location changed


@dataclass(frozen=True)
class Changes:
    """The ways to change one account with regard to its candidates."""

    row: Row
    official: OfficialList
    candidates: Sequence[Candidate]  # best first

    def likened(self, at: int) -> Iterator[Change]:
        """Yield the account with one feature after the other made that of a candidate, where it is not already."""
        entry, parts = self.entries[at], _parts(self.candidates[at])
        called = f"“{self.candidates[at]['official_name']}”"
        if entry["names"] and _level(parts, "name") != "exact":
            yield Change("name", at, f"been called {called}", self.row | {"names": entry["names"][:1]})
        if entry["admin"] and _level(parts, "admin") != "same":
            own, theirs = _units(self.row), _units(entry)
            other = [unit for column, unit in theirs.items() if fold(own.get(column, ("", ""))[1]) != fold(unit[1])]
            said = ", ".join(" ".join(unit) for unit in other)
            units = list((own | theirs).values())
            yield Change("admin", at, f"named {said}, as {called} does", self.row | {"admin": units})
        kind = parts["kind"]["official"] if "kind" in parts else None
        if kind and _level(parts, "kind") not in {"same", "broader"}:
            yield Change("kind", at, f"been a {spoken(kind)}, as {called} is", self.row | {"kind": kind})
        if entry["lat"] is not None and _level(parts, "place") not in {"within", "inside"}:
            yield self.nearer(at, 0.0)

    def without(self, at: int) -> Iterator[Change]:
        """Yield the account with one feature after the other taken away, as far as it said something."""
        nowhere = {"lat": None, "lon": None, "area": None, "r95_m": None}
        taken: dict[str, tuple[str, Row]] = {
            "name": ("given no name", {"names": []}),
            "place": ("given no location", nowhere),
            "admin": ("named no administrative unit", {"admin": []}),
            "kind": ("not said what kind of place it is", {"kind": None}),
        }
        parts = _parts(self.candidates[at])
        for feature, (said, less) in taken.items():
            if _level(parts, feature) != "not_available":
                yield Change(feature, at, said, self.row | less)

    def nearer(self, at: int, part: float) -> Change:
        """Return the account lying on the line from an entry (part 0) to where it says it is (part 1).

        One that says no place lies at the entry.
        """
        entry, called = self.entries[at], f"“{self.candidates[at]['official_name']}”"
        if self.row["lat"] is None:
            return self._moved(at, (entry["lat"], entry["lon"]), f"lain where {called} does")
        east = (self.row["lon"] - entry["lon"] + 180) % 360 - 180
        lat = entry["lat"] + part * (self.row["lat"] - entry["lat"])
        lon = (entry["lon"] + part * east + 180) % 360 - 180
        near, far = _apart(entry, lat, lon), _apart(entry, self.row["lat"], self.row["lon"])
        said = f"lain within {near / 1000:.2f} km of {called} instead of {far / 1000:.2f} km from it"
        return self._moved(at, (lat, lon), said)

    def off(self, at: int, metres: float) -> Change:
        """Return the account moved so far from an entry along its meridian, away from the nearer pole."""
        entry, called = self.entries[at], f"“{self.candidates[at]['official_name']}”"
        degrees = float(np.degrees(metres / EARTH_RADIUS_M))
        lat = entry["lat"] - degrees if entry["lat"] > 0 else entry["lat"] + degrees
        return self._moved(at, (lat, entry["lon"]), f"lain {metres / 1000:.2f} km from {called}")

    def apart_m(self, at: int) -> float | None:
        """Return the metres between the account and an entry; None where either says no place."""
        entry = self.entries[at]
        return None if None in {self.row["lat"], entry["lat"]} else _apart(entry, self.row["lat"], self.row["lon"])

    @cached_property
    def entries(self) -> list[Row]:
        """Each candidate as its list has it."""
        places = self.official.index.places
        rows = [places.ids.index(candidate["official_id"]) for candidate in self.candidates]
        found: list[Row] = places.take(rows).table.to_pylist()
        return found

    @cached_property
    def _r95_m(self) -> float | None:
        """The uncertainty of the account's location; of an area, the radius that holds it."""
        if self.row["area"] is None:
            stated: float | None = self.row["r95_m"]
            return stated
        return float(sigma_of(Places.from_rows([self.row]), 0.0)[0]) * R95_PER_SIGMA

    def _moved(self, at: int, point: tuple[float, float], said: str) -> Change:
        lat, lon = point
        row = self.row | {"lat": lat, "lon": lon, "area": None, "r95_m": self._r95_m}
        return Change("place", at, said, row, round(_apart(self.entries[at], lat, lon), 1))


def _parts(candidate: Candidate) -> dict[str, Mapping[str, Any]]:
    return {part["feature"]: part for part in candidate["evidence"]}


def _level(parts: Mapping[str, Mapping[str, Any]], feature: str) -> str:
    return str(parts[feature]["level"]) if feature in parts else "not_available"


def _units(row: Row) -> dict[str, tuple[str, str]]:
    """Return the administrative units of an account by their folded column."""
    return {fold(column): (column, value) for column, value in row["admin"] or ()}


def _apart(entry: Row, lat: float, lon: float) -> float:
    return float(haversine_m(entry["lat"], entry["lon"], lat, lon))
