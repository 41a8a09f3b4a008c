"""A register file, read with its manifest: what it says of itself, and its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors.errors import UnreadableFile
from connectors.register.manifest import day, defaults_of, manifest_path, provenance_of, read_manifest
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest, from_dict
from geodata.files.columns import Reading, read_places
from geodata.files.headers import Side, UnknownColumn
from geodata.files.tables import UnreadableTable, read_table
from geodata.taxonomy.concordance import InvalidConcordance, read_concordance
from geodata.taxonomy.declared import GroupCoverage


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


def official_file(path: Path, mapping: Mapping[str, str] | None = None, source: str | None = None) -> OfficialFile:
    """Read a register file with its manifest; without one, nothing is declared and everything is assumed unknown.

    `mapping` (field -> header) goes before the manifest's own `[columns]`. Raises `UnreadableFile`, or
    `UnknownColumn` when `mapping` names what is not there.
    """
    source = source or path.stem
    try:
        manifest = read_manifest(manifest_path(path))
        content = _content(path)
        table = read_table(content, path.name, manifest.get("file", {}).get("sheet"))
        columns = {**manifest.get("columns", {}), **(mapping or {})}
        coverage = _with_concordance(from_dict(manifest.get("coverage", {})), path, manifest.get("file", {}))
        reading = read_places(table, Side.OFFICIAL, columns, defaults_of(manifest.get("defaults", {}), coverage))
    except UnreadableTable as error:
        msg = f"{path.name}: {error}"
        raise UnreadableFile(msg, source=source, hint=error.hint) from error
    except InvalidConcordance as error:
        raise UnreadableFile(str(error), source=source, hint="mend that row of the concordance") from error
    except ValueError as error:
        if mapping and isinstance(error, UnknownColumn):
            raise  # the caller's own mapping is wrong, not the file
        msg = f"{path.name}: {error}"
        raise UnreadableFile(msg, source=source, hint=f"mend {manifest_path(path).name}") from error
    if not len(reading.places):
        msg = f"{path.name} holds no rows"
        raise UnreadableFile(msg, source=source, hint="give a list with at least one place under its header")
    provenance = provenance_of(path, source, manifest.get("source"))
    if coverage.reference_date is None and provenance.vintage_kind == "reference date":
        coverage = replace(coverage, reference_date=day(provenance.vintage))
    exchange = Exchange(f"file:{path.name}", 200, sha256(content).hexdigest(), len(content), datetime.now(UTC))
    return OfficialFile(provenance, coverage, reading, exchange)


def _with_concordance(coverage: CoverageManifest, path: Path, said: Mapping[str, Any]) -> CoverageManifest:
    """Add the rows of the concordance file that the manifest names, so that they travel with the snapshot."""
    if "concordance" not in said:
        return coverage
    groups = coverage.groups or GroupCoverage()
    rows = read_concordance(path.with_name(str(said["concordance"])))
    return replace(coverage, groups=replace(groups, concordance=(*groups.concordance, *rows)))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"it cannot be opened: {error.strerror}"
        raise UnreadableTable(msg, hint="check the path and the permissions") from error
