"""The official list of a run: read some rows at a time, as often as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from numpy.typing import NDArray

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing
from connectors.register.manifest import day, manifest_path, provenance_of, read_manifest
from connectors.register.reading import official_file
from connectors.snapshot import Provenance
from geodata.coverage import CoverageManifest, from_dict
from geodata.geoparquet import NotPlaces, groups_of, is_geoparquet, points_of
from geodata.places import Places
from geodata.rows import RowProblem
from service.bulk.request import Request
from service.configuration.settings import Settings
from service.context import close, open_context
from service.errors import INVALID, NOT_FOUND, Problem
from service.store import snapshots

T = TypeVar("T")
Points = tuple[NDArray[np.float64], NDArray[np.float64]]

_ROWS = 100_000  # of a list in memory that are handed on together
_SHA256 = 64


@dataclass(frozen=True)
class Listing:
    """An official list that need not fit into memory."""

    provenance: Provenance
    coverage: CoverageManifest
    snapshot: str  # sha256 of the snapshot, or of the file
    places: Callable[[], Iterator[Places]]  # in the same order every time
    points: Callable[[], Iterator[Points]]
    problems: tuple[RowProblem, ...] = ()


def listing(request: Request, settings: Settings) -> Listing:
    """Open the list that a request names: a file, a snapshot by its sha256, or the present one of a source.

    Raises `UnreadableFile`, or `UnknownColumn` where the mapping names what is not there; `Problem`: not found where
    nothing of that name is kept.
    """
    path = Path(request.official)
    if path.exists() or path.suffix:
        return _of_parquet(path) if is_geoparquet(path) else _of_file(path, request)
    return _of_snapshot(request.official, settings)


def _of_file(path: Path, request: Request) -> Listing:
    read = official_file(path, request.official_columns)
    places = read.reading.places
    starts = range(0, len(places), _ROWS)
    return Listing(
        provenance=read.provenance,
        coverage=read.coverage,
        snapshot=read.exchange.sha256,
        places=lambda: (Places(places.table.slice(start, _ROWS)) for start in starts),
        points=lambda: iter([(places.lat, places.lon)]),
        problems=read.reading.problems,
    )


def _of_parquet(path: Path) -> Listing:
    """Open a GeoParquet file of places as this software writes it; its manifest may stand beside it."""
    manifest = read_manifest(manifest_path(path))
    try:
        coverage = from_dict(manifest.get("coverage", {}))
    except ValueError as error:
        detail = f"{manifest_path(path).name} cannot be used: {error}."
        raise Problem(INVALID, detail) from error
    provenance = provenance_of(path, path.stem, manifest.get("source"))
    if coverage.reference_date is None and provenance.vintage_kind == "reference date":
        coverage = replace(coverage, reference_date=day(provenance.vintage))
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    return Listing(provenance, coverage, sha256, lambda: _read(path, groups_of), lambda: _read(path, points_of))


def _read(path: Path, read: Callable[[IO[bytes]], Iterator[T]]) -> Iterator[T]:
    with path.open("rb") as file:
        try:
            yield from read(file)
        except NotPlaces as error:
            detail = f"{path.name} cannot be read: {error}."
            raise Problem(INVALID, detail) from error


def _of_snapshot(name: str, settings: Settings) -> Listing:
    archive = Archive(settings.snapshots)
    sha256 = name if len(name) == _SHA256 else _current(name, settings)
    try:
        described = archive.described(sha256)
    except (SnapshotMissing, SnapshotDamaged) as error:
        detail = f"There is no file and no official list called {name}: {error}."
        raise Problem(NOT_FOUND, detail) from error
    return Listing(
        described.provenance,
        described.coverage,
        sha256,
        lambda: archive.groups(sha256),
        lambda: archive.points(sha256),
    )


def _current(source: str, settings: Settings) -> str:
    context = open_context(settings)
    try:
        with context.store.read() as session:
            entry = snapshots.current(session, source)
    finally:
        close(context)
    if entry is None:
        detail = f"There is no file and no official list called {source}; `uncounted sources` names the lists."
        raise Problem(NOT_FOUND, detail)
    return entry.sha256
