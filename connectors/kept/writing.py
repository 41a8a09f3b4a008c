"""A body on its way to the disk: marked as it grows, so that it can be continued, and whole only at its end."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from connectors.kept.shelf import Note, Place, bytes_of

if TYPE_CHECKING:
    from hashlib import _Hash

#: Bytes after which it is written down how far the body is whole.
MARK_EVERY = 1 << 20


class Growing:
    """A body that is written to its place. One process at a time writes there; who comes second keeps nothing."""

    def __init__(self, place: Place, note: Note, whole: int, digest: _Hash) -> None:
        """Go on after `whole` bytes that are there, of which `digest` was taken; 0 begins anew. Raises `OSError`."""
        self.note = note
        self._place = place
        self.size = whole
        self._digest = digest
        self._marked = whole
        place.folder.mkdir(parents=True, exist_ok=True)
        self._file = _locked(place.part)
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            place.marks.write_bytes(note.to_json() + b"\n")
        self._marks = place.marks.open("ab")

    def add(self, part: bytes) -> None:
        """Write the next bytes. Raises `OSError`."""
        self._file.write(part)
        self._digest.update(part)
        self.size += len(part)
        if self.size - self._marked >= MARK_EVERY:
            self.mark()

    def mark(self) -> None:
        """Write down that everything so far is whole. Raises `OSError`."""
        self._file.flush()
        self._marks.write(f"{self.size} {self._digest.hexdigest()}\n".encode())
        self._marks.flush()
        self._marked = self.size

    def finish(self) -> None:
        """Put the whole body where it is found, with its note. Raises `OSError`."""
        self._file.flush()
        note = replace(self.note, size=self.size, sha256=self._digest.hexdigest(), retrieved_at=datetime.now(UTC))
        self._place.forget()
        self._place.part.rename(self._place.body)
        beside = self._place.note.with_suffix(".note")
        beside.write_bytes(note.to_json())
        beside.rename(self._place.note)
        self.leave()
        self._place.marks.unlink(missing_ok=True)

    def leave(self) -> None:
        """Let go of the files as they are."""
        self._marks.close()
        self._file.close()


def begun(place: Place) -> tuple[Note, int, _Hash] | None:
    """Return the note of a body that broke off, how many bytes of it are whole, and their digest.

    What follows the last mark that fits is not trusted: after a power cut a file may be longer than what was written.
    None where there is nothing to go on with.
    """
    try:
        first, *lines = place.marks.read_bytes().splitlines()
        note = Note.of(first)
        marks = dict(mark for line in lines if (mark := _mark(line)))
        found, digest = 0, sha256()
        for size, running in _prefixes(place.part, sorted(marks)):
            if running.hexdigest() == marks[size]:
                found, digest = size, running
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (note, found, digest) if 0 < found < note.size else None


def _mark(line: bytes) -> tuple[int, str] | None:
    size, _, digest = line.decode("ascii", "replace").partition(" ")
    return (int(size), digest) if size.isdigit() else None  # the last may be cut


def _prefixes(path: Path, sizes: list[int]) -> Iterator[tuple[int, _Hash]]:
    """Yield the digests of the first bytes of a file, for each of these sizes that it reaches."""
    digest, read, waiting = sha256(), 0, list(sizes)
    for part in bytes_of(path):
        start = 0
        while waiting and waiting[0] <= read + len(part):
            end = waiting[0] - read
            digest.update(part[start:end])
            start = end
            yield waiting.pop(0), digest.copy()
        digest.update(part[start:])
        read += len(part)


def _locked(path: Path) -> BinaryIO:
    """Open a file that only this process writes. Raises `OSError` where another one does."""
    file = path.open("r+b" if path.exists() else "w+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            raise FileExistsError(path)  # the other one has just finished
    except OSError:
        file.close()
        raise
    return file
