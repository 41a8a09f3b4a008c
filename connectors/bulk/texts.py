"""Delimited text too large for memory, in parts, out of a zip archive or a plain file; broken rows are told."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from connectors.bulk.problems import Problems
from connectors.errors import SourceChanged, UnreadableFile
from geodata.rows import RowProblem

#: Bytes of text in a part.
_BLOCK = 16 << 20

#: Bytes unpacked; the largest of these files today has a sixth.
_LARGEST = 12_000_000_000

#: Broken rows after which a file is not read to its end only to be refused; more than a part has of good ones.
_ENOUGH = 100_000

#: What stands in the place of bytes that are not UTF-8.
_REPLACED = "\ufffd"

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are written: without quotation marks, each on a line of its own."""

    columns: tuple[str, ...]
    delimiter: str
    first_row: int = 1  # its number in the file


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is being read, and what to call it."""

    file: BinaryIO
    name: str
    source: str


@contextmanager
def opened(path: Path, name: str, source: str) -> Iterator[Text]:
    """Open the one text of an archive, or a plain text.

    Of several texts that is taken which bears the archive's name, else the largest. Raises `UnreadableFile` when the
    archive is damaged, also while it is being read, and `SourceChanged` when it holds no text or too much.
    """
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                _require_plain(file, name, source)
                yield Text(file, name, source)
            return
        with zipfile.ZipFile(path) as archive:
            entry = _entry(archive, name, source)
            with archive.open(entry) as packed:
                yield Text(packed, name, source)  # type: ignore[arg-type]  # an IO of bytes, all that reading asks for
    except _BROKEN as error:
        msg = f"{name} is damaged: {error}"
        raise UnreadableFile(msg, source=source, hint="fetch it again") from error
    except OSError as error:
        msg = f"{name} cannot be read: {error}"
        hint = "check the file, its permissions, and the free space for temporary files (TMPDIR)"
        raise UnreadableFile(msg, source=source, hint=hint) from error


def parts(text: Text, layout: Layout, problems: Problems) -> Iterator[pa.Table]:
    """Yield the rows as tables of text, an empty cell as ""; rows of another width or not in UTF-8 are problems.

    Raises `SourceChanged` as soon as most rows of a large file, or in the end of any, are not as agreed.
    """
    read, before = 0, problems.lost_rows

    def refuse(row: pacsv.InvalidRow) -> str:
        message = f"has {row.actual_columns} values where {row.expected_columns} were agreed"
        number = None if row.number is None else row.number - 1 + layout.first_row
        problems.add(RowProblem(number, None, row.text[:200], message, "the row was left out"))
        return "error" if problems.lost_rows - before > max(_ENOUGH, read) else "skip"

    repaired = _Repaired(text.file)
    try:
        reader = pacsv.open_csv(
            repaired,
            read_options=pacsv.ReadOptions(column_names=layout.columns, block_size=_BLOCK, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.delimiter, quote_char=False, double_quote=False, invalid_row_handler=refuse
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(layout.columns, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            table = pa.Table.from_batches([batch])
            read += table.num_rows
            yield _readable(table, problems) if repaired.was_needed else table
    except pa.ArrowInvalid:
        _require_most(read, problems.lost_rows - before, text)
        raise
    _require_most(read, problems.lost_rows - before, text)


class _Repaired(io.BufferedIOBase):
    """The bytes of a file with U+FFFD for what is not UTF-8: Arrow would give up on the whole file over one of them."""

    def __init__(self, file: BinaryIO) -> None:
        self.was_needed = False
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        text, content = "", b"."
        while content and not text:
            content = self._file.read(-1 if size is None else size)
            text = self._decoder.decode(content, final=not content)
        self.was_needed |= _REPLACED in text
        return text.encode()


def _readable(table: pa.Table, problems: Problems) -> pa.Table:
    """Leave out and tell the rows that had to be repaired: their names are no longer what was meant."""
    lost = np.zeros(table.num_rows, dtype=bool)
    for name in table.column_names:
        broken = np.asarray(pc.match_substring(table.column(name), _REPLACED).combine_chunks())
        lost |= broken
        for cell in table.column(name).filter(pa.array(broken)).to_pylist():
            problems.add(RowProblem(None, name, cell[:200], "is not UTF-8", "the row was left out"))
    return table.filter(pa.array(~lost))


def _entry(archive: zipfile.ZipFile, name: str, source: str) -> zipfile.ZipInfo:
    texts = [entry for entry in archive.infolist() if entry.filename.casefold().endswith(".txt")]
    stem = name.casefold().rpartition("/")[2].removesuffix(".zip")
    named = [entry for entry in texts if Path(entry.filename).stem.casefold() == stem]
    entry = max(named or texts, key=lambda entry: entry.file_size, default=None)
    if entry is None or entry.file_size > _LARGEST:
        what = "holds no text" if entry is None else f"holds {entry.file_size:,} bytes unpacked"
        msg = f"{name} {what}"
        raise SourceChanged(msg, source=source, hint="check the address, or give the file the publisher offers")
    return entry


def _require_plain(file: BinaryIO, name: str, source: str) -> None:
    head = file.read(1_024)
    file.seek(0)
    if head.startswith(b"PK") or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"<", b"{", b"["} or b"\0" in head:
        what = "a cut archive" if head.startswith(b"PK") else "not the list but something else"
        msg = f"{name} is {what}"
        raise SourceChanged(msg, source=source, hint="fetch it again; tell the maintainers if it stays")


def _require_most(read: int, lost: int, text: Text) -> None:
    if lost and read < lost:
        msg = f"{text.name} holds {read:,} rows as agreed and {lost:,} others"
        hint = "the layout has changed; tell the maintainers of the connector"
        raise SourceChanged(msg, source=text.source, hint=hint)


def header_of(text: Text, delimiter: str) -> Sequence[str]:
    """Read the first line as a header, without a byte order mark."""
    line = text.file.readline(65_536).decode("utf-8-sig", errors="replace")
    return [cell.strip() for cell in line.rstrip("\r\n").split(delimiter)]
