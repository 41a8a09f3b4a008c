"""How far the sheets of an old workbook (XLS) reach, found out before anything makes room for them.

The reader makes room for every cell between the first and the last of a sheet, several times over, and for as many as
the sheet itself claims to have. A file of three kilobytes would take gigabytes. Formats: [MS-CFB] for the container,
[MS-XLS] for the records in it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from geodata.files.sheet import UnreadableTable

#: What every compound file begins with.
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")

#: Cells between the first and the last, of all sheets together: 65,536 rows, which is all that a sheet may have, of
#: eighty columns. For each, the reader takes a hundred bytes.
MOST_CELLS = 5_242_880
#: Records of all sheets together; more than a file of 100 MB has in earnest.
_MOST_RECORDS = 10_000_000

_FREE = 0xFFFFFFFA  # from here on a number of a sector says something else
_SHIFTS = frozenset({(9, 6), (12, 6)})  # sectors and small sectors: 512 or 4,096 bytes, and 64
_ENTRY = 128  # bytes of an entry of the directory
_BOUNDSHEET, _DIMENSIONS, _EOF = 0x0085, 0x0200, 0x000A
_SEVERAL = frozenset({0x00BD, 0x00BE})  # numbers or blanks of several columns: the last one stands at the end
_CELLS = _SEVERAL | {0x0006, 0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E}
_OLD_DIMENSIONS = 10  # bytes, where rows are numbered in two bytes


def require_bearable_sheets(content: bytes) -> None:
    """Walk all sheets of an XLS file, counting. Raises `UnreadableTable` for what no reader should be given."""
    try:
        stream = _workbook(content)
        _require_spans(stream)
    except (struct.error, IndexError, ValueError) as error:
        raise _damaged() from error


def _require_spans(stream: bytes) -> None:
    cells = records = 0
    for begin in [_begin(body) for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]:
        rows, columns = [], []
        for kind, body in _records(stream, begin):
            records += 1
            if kind == _DIMENSIONS:
                row, below, column, right = struct.unpack_from(
                    "<HHHH" if len(body) <= _OLD_DIMENSIONS else "<IIHH", body
                )
                rows += [row, max(below - 1, row)]
                columns += [column, max(right - 1, column)]
            elif kind in _CELLS:
                row, column = struct.unpack_from("<HH", body)
                rows.append(row)
                columns += [column, *struct.unpack("<H", body[-2:])] if kind in _SEVERAL else [column]
            if records > _MOST_RECORDS:
                raise _too_far(records, "records")
        if rows:
            cells += (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
        if cells > MOST_CELLS:
            raise _too_far(cells, "cells")


def _begin(body: bytes) -> int:
    (begin,) = struct.unpack_from("<I", body)
    return int(begin)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each record up to the end of a part; one that is cut off is none."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _EOF or at + 4 + size > len(stream):
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _workbook(content: bytes) -> bytes:
    """Return the stream of the workbook."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if (shift, small_shift) not in _SHIFTS:
        raise _damaged()
    sector = 1 << shift
    first_entry, least, first_small = struct.unpack_from("<I4xII", content, 48)
    table = _table(content, sector)
    directory = _joined(content[sector:], table, first_entry, sector)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    named = {entry[:64].decode("utf-16-le", "replace").partition("\0")[0]: entry for entry in reversed(entries)}
    entry = named.get("Workbook") or named.get("Book")
    if entry is None:
        raise _damaged()
    begin, size = struct.unpack_from("<II", entry, 116)
    if size >= least:
        return _joined(content[sector:], table, begin, sector)[:size]
    small = _joined(content[sector:], table, struct.unpack_from("<I", entries[0], 116)[0], sector)
    small_table = _numbers(_joined(content[sector:], table, first_small, sector))
    return _joined(small, small_table, begin, 1 << small_shift)[:size]


def _table(content: bytes, sector: int) -> list[int]:
    """Return which sector follows each: the sectors that hold this are listed in the head, further ones in a chain."""
    listed = [one for one in struct.unpack_from("<109I", content, 76) if one < _FREE]
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // sector):
        if more >= _FREE:
            break
        *several, more = _numbers(content[(more + 1) * sector : (more + 2) * sector])
        listed += [one for one in several if one < _FREE]
        if len(listed) > len(content) // sector:
            raise _damaged()  # a sector that is listed again and again
    return _numbers(b"".join(content[(one + 1) * sector : (one + 2) * sector] for one in listed))


def _numbers(packed: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<I", packed[: len(packed) // 4 * 4])]


def _joined(body: bytes, table: list[int], at: int, sector: int) -> bytes:
    """Return the sectors of a chain as one; no chain is longer than all sectors there are."""
    parts: list[bytes] = []
    while at < _FREE and len(parts) <= len(body) // sector:
        parts.append(body[at * sector : (at + 1) * sector])
        at = table[at]
    return b"".join(parts)


def _too_far(number: int, what: str) -> UnreadableTable:
    msg = f"the sheets reach over {number:,} {what} or more"
    return UnreadableTable(msg, hint="delete what stands far outside the table, or save the sheet as XLSX or CSV")


def _damaged() -> UnreadableTable:
    msg = "the workbook cannot be opened: its parts contradict one another"
    return UnreadableTable(msg, hint="open it in a spreadsheet program and save it again as XLSX or CSV")
