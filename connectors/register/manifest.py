"""The manifest beside a register file: where the list is from, what it would hold, and how its columns are called.

The manifest of `villages.csv` is `villages.csv.toml`::

    [source]
    title = "Sub-locations of Kibera, census 2009"
    vintage = "2009-08-24"                # the state of the world it describes, or its release
    vintage_kind = "reference date"       # or "release", "year of publication" …
    licence = "Facts, as printed"
    licence_url = "https://example.org/terms"           # optional, as all below
    attribution = "Kenya National Bureau of Statistics"
    endpoint = "https://example.org/census-2009.csv"    # where it was taken from
    caveats = ["points are medians of the schools in each unit"]

    [coverage]                            # what the list would hold; see `geodata.coverage.CoverageManifest`
    completeness = "exhaustive"           # exhaustive, register, partial or unknown
    lowest_level = "sub-location"
    kinds = ["ward"]
    countries = ["KEN"]
    admin = { county = ["Nairobi"] }
    reference_date = 2009-08-24
    universe = "usual residents"

    [columns]                             # field = header, where the headers do not say it themselves
    name = "Nom du lieu"
    "count.households" = "nb_foyers"
    "admin.county" = "Kaunti"

    [defaults]                            # for rows that do not say: country, kind, level, unit, method, observed …
    country = "KEN"

    [file]
    sheet = "Table 2"                     # of a workbook
    concordance = "groups.csv"            # beside it: which category holds which group (`geodata.taxonomy.concordance`)
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from connectors.errors import UnreadableFile
from connectors.snapshot import Provenance
from geodata.countries import country_code
from geodata.coverage import CoverageManifest
from geodata.files.columns import Defaults
from geodata.files.tables import UnreadableTable

_SECTIONS = frozenset({"source", "coverage", "columns", "defaults", "file"})
_REQUIRED = ("title", "vintage", "licence", "attribution")
_UNDECLARED = "not declared"


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a file stands."""
    return path.with_name(f"{path.name}.toml")


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what a manifest says, nothing when there is none. Raises `UnreadableTable` when it cannot be read."""
    if not path.is_file():
        return {}
    try:
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        msg = f"the manifest {path.name} is not TOML: {error}"
        raise UnreadableTable(msg, hint="mend that line") from error
    if unknown := sorted(set(manifest) - _SECTIONS):
        msg = f"the manifest {path.name} has unknown sections: {', '.join(unknown)}"
        raise UnreadableTable(msg, hint=f"known are {', '.join(sorted(_SECTIONS))}")
    return manifest


def provenance_of(path: Path, source: str, said: Mapping[str, Any] | None) -> Provenance:
    """Return where the list is from, as its manifest says. Raises `UnreadableFile` when that leaves something out."""
    if said is None:
        return Provenance(source, path.name, path.name, _UNDECLARED, _UNDECLARED, _UNDECLARED, None, _UNDECLARED)
    if missing := [key for key in _REQUIRED if not str(said.get(key, "")).strip()]:
        msg = f"{manifest_path(path).name} does not state {', '.join(missing)}"
        raise UnreadableFile(msg, source=source, hint="write it under [source]")
    return Provenance(
        source=source,
        title=str(said["title"]),
        endpoint=str(said.get("endpoint", path.name)),
        vintage=str(said["vintage"]),
        vintage_kind=str(said.get("vintage_kind", "reference date" if day(str(said["vintage"])) else "release")),
        licence=str(said["licence"]),
        licence_url=str(said["licence_url"]) if said.get("licence_url") else None,
        attribution=str(said["attribution"]),
        caveats=tuple(map(str, said.get("caveats", ()))),
    )


def defaults_of(said: Mapping[str, Any], coverage: CoverageManifest) -> Defaults:
    """Return what holds for rows that do not say. Raises `ValueError` for what is not known."""
    known = set(Defaults.__dataclass_fields__)
    if unknown := sorted(set(said) - known):
        msg = f"defaults: {', '.join(unknown)} is not known; known are {', '.join(sorted(known))}"
        raise ValueError(msg)
    values: dict[str, Any] = {"r95_m": coverage.location_r95_m, **said}
    if values.get("country"):
        values["country"] = country_code(str(values["country"]))
    if isinstance(values.get("observed"), str):
        values["observed"] = date.fromisoformat(values["observed"])
    return Defaults(**values)


def day(vintage: str) -> date | None:
    """Return a vintage that is a day as one, None for any other."""
    try:
        return date.fromisoformat(vintage)
    except ValueError:
        return None
