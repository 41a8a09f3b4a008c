"""The archive: every snapshot ever taken, under the fingerprint of what it says.

::

    ARCHIVE/<sha256>/places.parquet         GeoParquet, when the source lists places
    ARCHIVE/<sha256>/observations.parquet   when the source publishes figures
    ARCHIVE/<sha256>/manifest.json          provenance, coverage, exchanges, problems; written last

A snapshot is never changed and never half visible. Its sha256 is taken over what the source says (places, figures,
vintage, terms, coverage), not over when or from where it was fetched: the same official content has the same name.
"""

from __future__ import annotations

import io
import os
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import fsspec
import numpy as np
import orjson
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem
from numpy.typing import NDArray

from connectors.bulk.nearby import counted_by_cell, places_in
from connectors.bulk.places_on_disk import PlacesOnDisk
from connectors.snapshot import OBSERVATIONS, Exchange, Provenance, Snapshot
from geodata import coverage
from geodata.coverage import CoverageManifest
from geodata.fingerprint import fingerprint
from geodata.geoparquet import from_geoparquet, groups_of, points_of, to_geoparquet
from geodata.places import Places
from geodata.rows import RowProblem

_FORMAT = 1
_MANIFEST = "manifest.json"
_PLACES = "places.parquet"

#: Where a state was fetched from is kept, but is not part of what it says.
_NOT_CONTENT = frozenset({"endpoint"})


class SnapshotMissing(LookupError):
    """The archive holds no snapshot of this name."""


class SnapshotDamaged(ValueError):
    """What is stored is no longer what was put; restore the archive from a copy, or sync the source again."""


def content_sha256(snapshot: Snapshot) -> str:
    """Return the name of a snapshot: the sha256 over what the source says, whenever and wherever it was fetched."""
    said = {
        "format": _FORMAT,
        "provenance": {key: value for key, value in asdict(snapshot.provenance).items() if key not in _NOT_CONTENT},
        "coverage": coverage.to_dict(snapshot.coverage),
        "places": None if snapshot.places is None else _fingerprint(snapshot.places),
        "observations": None if snapshot.observations is None else fingerprint(snapshot.observations),
        "problems": [asdict(problem) for problem in snapshot.problems],
    }
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Described:
    """A snapshot without what it lists."""

    provenance: Provenance
    coverage: CoverageManifest
    places: int  # how many it lists


class Archive:
    """Snapshots under a directory or any fsspec URL, e.g. `/var/lib/uncounted`, `s3://bucket/path`, `memory://name`."""

    def __init__(self, url: str) -> None:
        """Name the place; it is made when the first snapshot is put."""
        self._fs, root = fsspec.core.url_to_fs(url)
        self._root = str(root).rstrip("/")

    def put(self, snapshot: Snapshot) -> str:
        """Keep a snapshot and return its sha256; one that is already there is not written again."""
        name = content_sha256(snapshot)
        if not self.exists(name):
            self._write(name, _files(snapshot, name))
        return name

    def get(self, sha256: str) -> Snapshot:
        """Return a snapshot as it was put.

        Raises `SnapshotMissing`, or `SnapshotDamaged` when the stored content no longer has this sha256.
        """
        with self._reading(sha256):
            snapshot = self._read(sha256)
        if (found := content_sha256(snapshot)) != sha256:
            msg = f"snapshot {sha256} in {self._root} is damaged: its content is {found}"
            raise SnapshotDamaged(msg)
        return snapshot

    def described(self, sha256: str) -> Described:
        """Return what is known of a snapshot without reading what it lists. Raises as `get` does."""
        with self._reading(sha256):
            manifest = self._manifest(sha256)
            return Described(_provenance(manifest), coverage.from_dict(manifest["coverage"]), manifest["places"] or 0)

    def near(self, sha256: str, cells: Collection[int]) -> Mapping[int, Places]:
        """Return the places of a snapshot in some cells (`geodata.degreecells`), by cell. Raises as `get` does.

        What is read is held against the checksums of the file's pages; the sha256 is of the whole, which is not read.
        """
        with self._reading(sha256), self._fs.open(self._path(sha256, _PLACES), "rb") as file:
            return places_in(file, cells)

    def counted(self, sha256: str) -> NDArray[np.int64]:
        """Return how many places of a snapshot lie in each cell (`geodata.degreecells`). Raises as `get` does."""
        with self._reading(sha256), self._fs.open(self._path(sha256, _PLACES), "rb") as file:
            return counted_by_cell(file)

    def groups(self, sha256: str) -> Iterator[Places]:
        """Yield the places of a snapshot some at a time, in the order they are kept. Raises as `near` does."""
        with self._reading(sha256), self._fs.open(self._path(sha256, _PLACES), "rb") as file:
            yield from groups_of(file)

    def points(self, sha256: str) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Yield their latitudes and longitudes (degrees, NaN where unknown), in order. Raises as `near` does."""
        with self._reading(sha256), self._fs.open(self._path(sha256, _PLACES), "rb") as file:
            yield from points_of(file)

    def exists(self, sha256: str) -> bool:
        """Return whether the whole snapshot is there."""
        return bool(self._fs.exists(self._path(sha256, _MANIFEST)))

    def size(self, sha256: str) -> int:
        """Return the bytes a snapshot takes. Raises `SnapshotMissing`."""
        if not self.exists(sha256):
            msg = f"no snapshot {sha256} in {self._root}"
            raise SnapshotMissing(msg)
        return int(self._fs.du(self._path(sha256)))

    def remove(self, sha256: str) -> None:
        """Remove a snapshot; one that is not there is removed already. Raises `OSError`.

        It goes as it came, whole or not at all: in a directory under another name first, elsewhere the manifest first.
        """
        with suppress(FileNotFoundError):
            if isinstance(self._fs, LocalFileSystem):
                leaving = Path(self._path(sha256)).rename(self._path(f".partial-{uuid.uuid4().hex}"))
                shutil.rmtree(leaving)
            else:
                self._fs.rm_file(self._path(sha256, _MANIFEST))
                self._fs.rm(self._path(sha256), recursive=True)

    def sweep(self, before: datetime) -> int:
        """Remove what was half written or half removed when it was broken off before a moment; return how many."""
        if not isinstance(self._fs, LocalFileSystem):  # elsewhere nothing is written under another name first
            return 0
        left = [path for path in Path(self._root).glob(".partial-*") if path.stat().st_mtime < before.timestamp()]
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        return len(left)

    def files(self, sha256: str) -> tuple[str, ...]:
        """Return the names of a snapshot's files, its manifest last. Raises `SnapshotMissing`."""
        if not self.exists(sha256):
            msg = f"no snapshot {sha256} in {self._root}"
            raise SnapshotMissing(msg)
        names = {str(path).rpartition("/")[2] for path in self._fs.ls(self._path(sha256), detail=False)}
        return (*sorted(names - {_MANIFEST}), _MANIFEST)

    @contextmanager
    def opened(self, sha256: str, file: str) -> Iterator[IO[bytes]]:
        """Open one file of a snapshot to be copied. Raises `SnapshotMissing`, `SnapshotDamaged`."""
        with self._reading(sha256), self._fs.open(self._path(sha256, file), "rb") as opened:
            yield opened

    def put_files(self, sha256: str, files: Mapping[str, Path]) -> None:
        """Keep a snapshot copied from another archive, the manifest last; one that is there is not written again.

        That the files are those of this snapshot is for the caller to know, or for `get` to find out.
        """
        if not self.exists(sha256):
            self._write(sha256, files)

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    def _write(self, name: str, contents: Mapping[str, bytes | Path]) -> None:
        if isinstance(self._fs, LocalFileSystem):
            self._write_directory(name, contents)
            return
        for file, content in contents.items():  # an object appears whole or not at all, and the manifest comes last
            if isinstance(content, Path):
                self._fs.put_file(str(content), self._path(name, file))
            else:
                self._fs.pipe_file(self._path(name, file), content)

    def _write_directory(self, name: str, contents: Mapping[str, bytes | Path]) -> None:
        partial = Path(self._path(f".partial-{uuid.uuid4().hex}"))
        partial.mkdir(parents=True)
        try:
            for file, content in contents.items():
                with (partial / file).open("wb") as sink:
                    if isinstance(content, Path):
                        with content.open("rb") as written:
                            shutil.copyfileobj(written, sink)
                    else:
                        sink.write(content)
                    sink.flush()
                    os.fsync(sink.fileno())
            _settle(partial)
            partial.rename(self._path(name))
            _settle(partial.parent)
        except OSError:
            if not self.exists(name):  # otherwise somebody else put the same content a moment ago
                raise
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    @contextmanager
    def _reading(self, sha256: str) -> Iterator[None]:
        """Say what it is about where a snapshot cannot be read."""
        if not self.exists(sha256):
            msg = f"no snapshot {sha256} in {self._root}"
            raise SnapshotMissing(msg)
        try:
            yield
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"snapshot {sha256} in {self._root} is damaged: {error}"
            raise SnapshotDamaged(msg) from error

    def _manifest(self, name: str) -> Any:
        return orjson.loads(self._fs.cat_file(self._path(name, _MANIFEST)))

    def _read(self, name: str) -> Snapshot:
        manifest = self._manifest(name)
        places = observations = None
        if manifest["places"] is not None:
            places = from_geoparquet(self._fs.cat_file(self._path(name, _PLACES)))
        if manifest["observations"] is not None:
            content = self._fs.cat_file(self._path(name, "observations.parquet"))
            observations = pq.read_table(io.BytesIO(content)).cast(OBSERVATIONS)
        return Snapshot(
            provenance=_provenance(manifest),
            coverage=coverage.from_dict(manifest["coverage"]),
            exchanges=tuple(map(_exchange, manifest["exchanges"])),
            places=places,
            observations=observations,
            problems=tuple(RowProblem(**problem) for problem in manifest["problems"]),
        )


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk: the catalogue must not speak of what a power cut took back."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _exchange(told: Mapping[str, Any]) -> Exchange:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("retrieved_at", "confirmed_at") if told.get(name)}
    return Exchange(**{**told, **moments})


def _provenance(manifest: Mapping[str, Any]) -> Provenance:
    said = manifest["provenance"]
    return Provenance(**{**said, "caveats": tuple(said["caveats"])})


def _fingerprint(places: Places) -> str:
    return places.fingerprint if isinstance(places, PlacesOnDisk) else fingerprint(places.table)


def _files(snapshot: Snapshot, name: str) -> dict[str, bytes | Path]:
    files: dict[str, bytes | Path] = {}
    if snapshot.places is not None:
        places = snapshot.places
        files[_PLACES] = places.file if isinstance(places, PlacesOnDisk) else to_geoparquet(places)
    if snapshot.observations is not None:
        sink = io.BytesIO()
        pq.write_table(snapshot.observations, sink, compression="zstd")
        files["observations.parquet"] = sink.getvalue()
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "sha256": name,
        "provenance": asdict(snapshot.provenance),
        "coverage": coverage.to_dict(snapshot.coverage),
        "places": None if snapshot.places is None else len(snapshot.places),
        "observations": None if snapshot.observations is None else snapshot.observations.num_rows,
        "exchanges": [asdict(exchange) for exchange in snapshot.exchanges],
        "problems": [asdict(problem) for problem in snapshot.problems],
    }
    files[_MANIFEST] = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
    return files
