"""ZIP archives from strangers, opened safely: names checked first, bytes counted as they are unpacked, nothing written.

Whoever reads a file out of an archive reads it here. An archive may announce less than it unpacks to, hold itself, or
point outside of itself; each of these is refused before it costs anything.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from geodata.files.sheet import UnreadableTable

#: First bytes of a ZIP archive.
ZIP = b"PK\x03\x04"

_CHUNK = 1 << 20  # bytes unpacked at a time
_ENTRY = b"PK\x01\x02"  # begins each entry of the list of contents
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that can be unpacked a little at a time

#: What programs leave in archives beside the files.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)

_ARCHIVES = (".zip", ".kmz", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".7z", ".rar")
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")  # are archives too, and are opened by this module in their turn

_ODD = re.compile(r"[\x00-\x1f\x7f]|^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)

_AGAIN = "fetch it again, save it again, or pack it again as a plain ZIP"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold."""

    entries: int = 5_000
    each: int = 1 << 30  # bytes of one file, unpacked
    total: int = 1 << 30  # bytes of all files that are read, unpacked
    ratio: int = 200  # bytes unpacked for each byte packed; tables of blanks reach 100, zeros 1,000
    spared: int = 64 << 20  # bytes unpacked below which the ratio does not matter


class Packed:
    """The files of an archive whose names were checked; their contents are counted while they are unpacked."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        """Check the list of contents. Raises `UnreadableTable`."""
        self._archive = archive
        self._limits = limits
        self._unpacked = 0
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            self._take(entry)

    def _take(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename.replace("\\", "/")  # as some programs of Windows write it
        if not name or _ODD.search(name) or _ODD.search(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
            msg = f"the archive holds a name that points elsewhere, or nowhere: {name[:100]!r}"
            raise UnreadableTable(msg, hint="pack the files again, without links and without paths outside")
        if entry.is_dir() or _LITTER.search(name):
            return
        if name in self._entries:
            msg = f"the archive holds {name} twice"
            raise UnreadableTable(msg, hint=_AGAIN)
        if name.casefold().endswith(_ARCHIVES):
            msg = f"the archive holds another archive, {name}"
            raise UnreadableTable(msg, hint="unpack it and give the inner file itself")
        self._entries[name] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """The files, in the order of the archive; parts of a path are divided by "/"."""
        return tuple(self._entries)

    def size(self, name: str) -> int:
        """Return how many bytes a file announces to have; more are never unpacked."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """Return one file whole. Raises `UnreadableTable` for too much, for a damaged file and for another archive."""
        content = b"".join(self.chunks(name))
        if content.startswith(ZIP) and not name.casefold().endswith(_WORKBOOKS):
            msg = f"the archive holds another archive, {name}"
            raise UnreadableTable(msg, hint="unpack it and give the inner file itself")
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield one file in parts of at most a megabyte. Raises `UnreadableTable` for too much, or damage."""
        self._require_bearable(name, self._entries[name])
        yield from self.again(name)

    def again(self, name: str) -> Iterator[bytes]:
        """Yield as `chunks` does a file that was read before, whose bytes are not added up a second time."""
        entry = self._entries[name]
        left = entry.file_size
        whole = copy(entry)  # lets the file run on behind its announced end, where a bomb would wait
        whole.file_size = left + 2 * _CHUNK
        try:
            with self._archive.open(whole) as file:
                while chunk := file.read(min(_CHUNK, left + 1)):
                    left -= len(chunk)
                    if left < 0:
                        break
                    yield chunk
        except _BROKEN as error:
            msg = f"{name} in the archive is damaged: {error}"
            raise UnreadableTable(msg, hint=_AGAIN) from error
        if left:
            msg = f"{name} in the archive is not as long as announced ({entry.file_size:,} bytes)"
            raise UnreadableTable(msg, hint=_AGAIN)

    def _require_bearable(self, name: str, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & _ENCRYPTED:
            msg = f"{name} in the archive is locked with a password"
            raise UnreadableTable(msg, hint="pack it again without a password")
        if entry.compress_type not in _METHODS:
            msg = f"{name} is packed by a method that is not read here (number {entry.compress_type})"
            raise UnreadableTable(msg, hint="pack it again as a plain ZIP (deflate)")
        size, limits = entry.file_size, self._limits
        self._unpacked += size
        if size > limits.each or self._unpacked > limits.total:
            msg = f"the archive unpacks to more than {min(limits.each, limits.total):,} bytes"
            raise UnreadableTable(msg, hint="give a smaller part of it, such as one country or one layer")
        if self._unpacked > limits.spared and size > limits.ratio * max(entry.compress_size, 1):
            msg = f"{name} unpacks to {size:,} bytes out of {entry.compress_size:,}: no table does"
            raise UnreadableTable(msg, hint="check where the archive is from; give the table itself")


@contextmanager
def opened(source: bytes | Path, limits: Limits | None = None) -> Iterator[Packed]:
    """Open an archive for reading, from its bytes or from a path; nothing is unpacked yet, and never to a disk.

    Raises `UnreadableTable` when it is no archive, is cut or damaged, holds too many files, a name that points outside,
    a link, a name twice, or another archive; reading a file raises it as `Packed` says.
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        try:
            file = stack.enter_context(source.open("rb") if isinstance(source, Path) else io.BytesIO(source))
            _require_few(file, limits.entries)
            archive = stack.enter_context(zipfile.ZipFile(file))
        except _BROKEN as error:
            msg = f"the file, a workbook or an archive, is damaged or cut: {error}"
            raise UnreadableTable(msg, hint=_AGAIN) from error
        yield Packed(archive, limits)


def _require_few(file: io.BufferedIOBase, most: int) -> None:
    """Count the entries before anything builds an object for each of them."""
    count, tail = 0, b""
    while count <= most and (chunk := file.read(_CHUNK)):
        count += (tail + chunk).count(_ENTRY)
        tail = chunk[1 - len(_ENTRY) :]
    if count > most:
        msg = f"the archive holds more than {most:,} files"
        raise UnreadableTable(msg, hint="give a smaller archive, with the table and what belongs to it")
