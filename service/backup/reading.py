"""Reading a backup: nothing of it is used before every byte was held against its manifest."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from service.backup.manifest import MANIFEST, SEAL, Manifest, Member, damaged, read
from service.errors import INVALID, Problem

_AT_ONCE = 1 << 20  # bytes
_MOST_MANIFEST = 256 << 20  # bytes; a longer one is none

#: Called with how many bytes were read, and of how many.
Step: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """An open backup that is whole."""

    manifest: Manifest
    _tar: tarfile.TarFile
    _file: Path

    @contextmanager
    def opened(self, member: Member) -> Iterator[IO[bytes]]:
        """Open one member."""
        source = self._tar.extractfile(member.name)
        assert source is not None  # noqa: S101 - for mypy: it was held against the manifest
        with source:
            yield source

    @contextmanager
    def table(self, member: Member) -> Iterator[tuple[tuple[str, ...], Iterator[pa.RecordBatch]]]:
        """Open a table: its columns, and its rows some thousand at a time."""
        with self.opened(member) as source, pq.ParquetFile(source) as file:
            yield tuple(file.schema_arrow.names), file.iter_batches(batch_size=10_000)


@contextmanager
def opened(file: Path, step: Step) -> Iterator[Backup]:
    """Open a backup after every byte of it was verified.

    Raises `Problem` (invalid) where it cannot be read, is no backup, is not whole, or is of a newer format.
    """
    try:
        with tarfile.open(file, "r:") as tar:
            yield Backup(_verified(tar, file, step), tar, file)
    except FileNotFoundError as error:
        raise Problem(INVALID, f"There is no file {file}.") from error
    except (tarfile.TarError, EOFError) as error:
        why = "it is cut off, damaged, or no backup at all (an encrypted one is decrypted first)"
        raise damaged(str(file), f"{why}: {error}") from error
    except OSError as error:
        raise Problem(INVALID, f"{file} cannot be read: {error.strerror or error}.") from error


def _verified(tar: tarfile.TarFile, file: Path, step: Step) -> Manifest:
    manifest = _manifest(tar, file)
    stated = {member.name: member for member in manifest.members}
    there = {one.name: one for one in tar.getmembers()}
    if missing := sorted(stated.keys() - there.keys()):
        raise damaged(str(file), f"{missing[0]} is missing from it")
    if more := sorted(there.keys() - stated.keys() - {MANIFEST, SEAL}):
        raise damaged(str(file), f"it holds {more[0]!r}, which its manifest does not name")
    if len(there) != len(tar.getmembers()):
        raise damaged(str(file), "something stands in it twice")
    done, total = 0, sum(member.bytes for member in manifest.members)
    for name, member in stated.items():
        if not there[name].isreg() or there[name].size != member.bytes:
            raise damaged(str(file), f"{name} has not the size that its manifest states")
        if _digest(tar, there[name]) != member.sha256:
            raise damaged(str(file), f"{name} is not what was put into it (another sha256)")
        done += member.bytes
        step(done, total)
    return manifest


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    told = {}
    for name in (MANIFEST, SEAL):
        try:
            found = tar.getmember(name)
        except KeyError as error:
            raise damaged(str(file), f"it ends before its {name}, so it was cut off or never finished") from error
        source = tar.extractfile(found) if found.isreg() and found.size < _MOST_MANIFEST else None
        if source is None:
            raise damaged(str(file), f"its {name} is none")
        told[name] = source.read()
    if sha256(told[MANIFEST]).hexdigest().encode() != told[SEAL].strip():
        raise damaged(str(file), "its manifest is not the one that was put into it (another sha256)")
    return read(told[MANIFEST], str(file))


def _digest(tar: tarfile.TarFile, found: tarfile.TarInfo) -> str:
    digest, source = sha256(), tar.extractfile(found)
    assert source is not None  # noqa: S101 - for mypy: it is a regular file
    while part := source.read(_AT_ONCE):
        digest.update(part)
    return digest.hexdigest()
