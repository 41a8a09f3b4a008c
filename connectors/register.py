"""Register files: any list a state publishes as CSV, TSV, GeoJSON, XLSX, ODS or Parquet, with a manifest beside it.

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
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.errors import UnreadableFile
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.countries import country_code
from geodata.coverage import CoverageManifest, from_dict
from geodata.files.columns import Defaults, Reading, read_places
from geodata.files.headers import Side, UnknownColumn
from geodata.files.tables import UnreadableTable, read_table
from geodata.taxonomy.concordance import InvalidConcordance, read_concordance
from geodata.taxonomy.declared import GroupCoverage

if TYPE_CHECKING:
    from connectors.client import Client

_SECTIONS = frozenset({"source", "coverage", "columns", "defaults", "file"})
_REQUIRED = ("title", "vintage", "licence", "attribution")
_UNDECLARED = "not declared"


@dataclass(frozen=True)
class OfficialFile:
    """A register file, read: what it says of itself, and its places."""

    provenance: Provenance
    coverage: CoverageManifest
    reading: Reading
    exchange: Exchange

    def snapshot(self) -> Snapshot:
        """Return it as a snapshot."""
        return Snapshot(
            provenance=self.provenance,
            coverage=self.coverage,
            exchanges=(self.exchange,),
            places=self.reading.places,
            problems=self.reading.problems,
        )


class RegisterConnector:
    """Official lists that come as files."""

    name: ClassVar[str] = "register"
    title: ClassVar[str] = "Register files (CSV, TSV, GeoJSON, XLSX, ODS, Parquet) with a manifest beside them"
    needs: ClassVar[Mapping[str, str]] = {"path": "the file; its manifest is the same name with .toml added"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:  # noqa: ARG002 - a file needs no client
        """Read `request["path"]`; `request["source"]` names the source, else the file does.

        Raises `UnreadableFile`, also when the manifest is missing or incomplete: a list without vintage and licence
        cannot be evidence.
        """
        source = request.get("source") or Path(request.get("path", "register")).stem
        if not request.get("path"):
            msg = "no file is named"
            raise UnreadableFile(msg, source=source, hint="set path to the register file")
        path = Path(request["path"])
        if path.is_file() and not _manifest_path(path).is_file():
            hint = f"write its title, vintage, licence and attribution under [source] in {_manifest_path(path).name}"
            msg = f"{path.name} has no manifest beside it"
            raise UnreadableFile(msg, source=source, hint=hint)
        return official_file(path, source=source).snapshot()


def official_file(path: Path, mapping: Mapping[str, str] | None = None, source: str | None = None) -> OfficialFile:
    """Read a register file with its manifest; without one, nothing is declared and everything is assumed unknown.

    `mapping` (field -> header) goes before the manifest's own `[columns]`. Raises `UnreadableFile`, or
    `UnknownColumn` when `mapping` names what is not there.
    """
    source = source or path.stem
    try:
        manifest = _manifest(_manifest_path(path))
        content = _content(path)
        table = read_table(content, path.name, manifest.get("file", {}).get("sheet"))
        columns = {**manifest.get("columns", {}), **(mapping or {})}
        coverage = _with_concordance(from_dict(manifest.get("coverage", {})), path, manifest.get("file", {}))
        reading = read_places(table, Side.OFFICIAL, columns, _defaults(manifest.get("defaults", {}), coverage))
    except UnreadableTable as error:
        msg = f"{path.name}: {error}"
        raise UnreadableFile(msg, source=source, hint=error.hint) from error
    except InvalidConcordance as error:
        raise UnreadableFile(str(error), source=source, hint="mend that row of the concordance") from error
    except ValueError as error:
        if mapping and isinstance(error, UnknownColumn):
            raise  # the caller's own mapping is wrong, not the file
        msg = f"{path.name}: {error}"
        raise UnreadableFile(msg, source=source, hint=f"mend {_manifest_path(path).name}") from error
    if not len(reading.places):
        msg = f"{path.name} holds no rows"
        raise UnreadableFile(msg, source=source, hint="give a list with at least one place under its header")
    provenance = _provenance(path, source, manifest.get("source"))
    if coverage.reference_date is None and provenance.vintage_kind == "reference date":
        coverage = replace(coverage, reference_date=_day(provenance.vintage))
    exchange = Exchange(f"file:{path.name}", 200, sha256(content).hexdigest(), len(content), datetime.now(UTC))
    return OfficialFile(provenance, coverage, reading, exchange)


def _with_concordance(coverage: CoverageManifest, path: Path, said: Mapping[str, Any]) -> CoverageManifest:
    """Add the rows of the concordance file that the manifest names, so that they travel with the snapshot."""
    if "concordance" not in said:
        return coverage
    groups = coverage.groups or GroupCoverage()
    rows = read_concordance(path.with_name(str(said["concordance"])))
    return replace(coverage, groups=replace(groups, concordance=(*groups.concordance, *rows)))


def _manifest_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.toml")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"it cannot be opened: {error.strerror}"
        raise UnreadableTable(msg, hint="check the path and the permissions") from error


def _manifest(path: Path) -> dict[str, Any]:
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


def _provenance(path: Path, source: str, said: Mapping[str, Any] | None) -> Provenance:
    if said is None:
        return Provenance(source, path.name, path.name, _UNDECLARED, _UNDECLARED, _UNDECLARED, None, _UNDECLARED)
    if missing := [key for key in _REQUIRED if not str(said.get(key, "")).strip()]:
        msg = f"{_manifest_path(path).name} does not state {', '.join(missing)}"
        raise UnreadableFile(msg, source=source, hint="write it under [source]")
    return Provenance(
        source=source,
        title=str(said["title"]),
        endpoint=str(said.get("endpoint", path.name)),
        vintage=str(said["vintage"]),
        vintage_kind=str(said.get("vintage_kind", "reference date" if _day(str(said["vintage"])) else "release")),
        licence=str(said["licence"]),
        licence_url=str(said["licence_url"]) if said.get("licence_url") else None,
        attribution=str(said["attribution"]),
        caveats=tuple(map(str, said.get("caveats", ()))),
    )


def _defaults(said: Mapping[str, Any], coverage: CoverageManifest) -> Defaults:
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


def _day(vintage: str) -> date | None:
    try:
        return date.fromisoformat(vintage)
    except ValueError:
        return None
