"""Making a backup: one state of the database and everything it speaks of, in one file, while the service runs on."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, TypeAlias

import pyarrow.parquet as pq

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing
from service.backup.manifest import MANIFEST, SEAL, Manifest, Member
from service.configuration.settings import Settings
from service.errors import INVALID, Problem
from service.running.release import release
from service.store import chain, dumping, imports, snapshots
from service.store.engine import Session, Store
from service.store.migrate import head, require_current

_AT_ONCE = 1 << 20  # bytes

#: Called with how many bytes were written.
Step: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Installation:
    """What a backup is made of, or made into."""

    store: Store
    archive: Archive
    uploads: Path  # folder of files that wait to be imported

    @classmethod
    def of(cls, settings: Settings) -> Installation:
        """Return the one that the settings name; nothing is opened yet."""
        uploads = settings.data_dir.resolve() / "imports"
        return cls(Store(settings.database), Archive(settings.snapshots), uploads)


@dataclass
class _Tar:
    """A backup while it is written: what was put in, and what was not there."""

    sink: tarfile.TarFile
    step: Step
    at: datetime
    room: Path  # folder for one file at a time, before its size is known
    members: list[Member] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    written: int = 0

    def put(self, name: str, source: IO[bytes], rows: int | None = None) -> None:
        """Put in a file that can be read from its beginning."""
        digest = sha256()
        size = source.seek(0, io.SEEK_END)
        source.seek(0)
        self.sink.addfile(self._header(name, size), _Hashing(source, digest.update))
        self.members.append(Member(name, size, digest.hexdigest(), rows))
        self.written += size
        self.step(self.written)

    def say(self, name: str, content: bytes) -> None:
        """Put in what is said of the backup itself."""
        self.sink.addfile(self._header(name, len(content)), io.BytesIO(content))

    def _header(self, name: str, size: int) -> tarfile.TarInfo:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(self.at.timestamp())
        return header


@dataclass(frozen=True)
class _Hashing:
    """A file that tells what is read from it."""

    source: IO[bytes]
    told: Callable[[bytes], None]

    def read(self, size: int = -1) -> bytes:
        part = self.source.read(size)
        self.told(part)
        return part


def backup(installation: Installation, file: Path, step: Step) -> Manifest:
    """Write a backup to a file that only its owner may read; it appears whole or not at all.

    Raises `Problem`: invalid where the file is there already or cannot be written, out of date where the database is
    not of this version, busy where it does not answer.
    """
    if file.exists():
        raise Problem(INVALID, f"{file} is there already. Choose another name; a backup never replaces one.")
    partial = file.with_name(f".{file.name}.partial-{uuid.uuid4().hex}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as sink:
            manifest = write(installation, sink, step, file.parent)
            sink.flush()
            os.fsync(sink.fileno())
        partial.rename(file)
        _flush(file.parent)
    except OSError as error:
        detail = f"The backup cannot be written to {file}: {error.strerror or error}. Nothing was left there."
        raise Problem(INVALID, detail) from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def write(installation: Installation, sink: IO[bytes], step: Step, near: Path | None = None) -> Manifest:
    """Write a backup to an open stream, which need not go back; files of one table at a time lie `near` meanwhile."""
    require_current(installation.store)
    with (
        installation.store.read() as session,
        tempfile.TemporaryDirectory(prefix=".uncounted-backup-", dir=near) as room,
        tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        begun = _Tar(tar, step, datetime.now(UTC), Path(room))
        end = chain.head(session)  # the first thing that is read: from here on the state stands still
        _uploads(begun, session, installation.uploads)
        for entry in snapshots.there(session):
            _snapshot(begun, installation.archive, entry.sha256)
        for name in dumping.tables():
            _table(begun, session, name)
        manifest = Manifest(
            made_by=release(),
            made_at=begun.at,
            migration=head(),
            database=session.dialect.name,
            head_seq=end.seq,
            head_link=end.link,
            members=tuple(begun.members),
            missing=tuple(begun.missing),
        )
        begun.say(MANIFEST, told := manifest.written())
        begun.say(SEAL, sha256(told).hexdigest().encode() + b"\n")
    return manifest


def _uploads(tar: _Tar, session: Session, folder: Path) -> None:
    """Put in the files of imports that are not done yet. What ended meanwhile is told as missing."""
    for import_id in imports.open_ids(session):
        try:
            with (folder / import_id / "upload").open("rb") as source:
                tar.put(f"uploads/{import_id}", source)
        except OSError:
            tar.missing.append(f"uploads/{import_id}")


def _snapshot(tar: _Tar, archive: Archive, name: str) -> None:
    """Put in the files of a snapshot; one that is not there or not readable keeps nothing else from being kept."""
    try:
        files = archive.files(name)
        for file in files:  # to the end, because what is put in cannot be taken out again
            with archive.opened(name, file) as source:
                while source.read(_AT_ONCE):
                    pass
    except (SnapshotMissing, SnapshotDamaged):
        tar.missing.append(f"snapshots/{name}")
        return
    for file in files:
        with archive.opened(name, file) as source:
            tar.put(f"snapshots/{name}/{file}", source)


def _table(tar: _Tar, session: Session, name: str) -> None:
    with _spooled(tar.room) as (path, source):
        rows = 0
        with pq.ParquetWriter(path, dumping.schema(name), compression="zstd") as writer:
            for batch in dumping.batches(session, name):
                writer.write_batch(batch)
                rows += batch.num_rows
        tar.put(f"tables/{name}.parquet", source, rows)


@contextmanager
def _spooled(room: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    path = room / "table.parquet"
    path.touch(0o600)
    try:
        with path.open("rb") as source:
            yield path, source
    finally:
        path.unlink()


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
