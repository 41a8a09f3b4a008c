"""Write an XLS file by hand: BIFF8 records in the one stream of a compound file. For tests only.

[MS-XLS] 2.4 and [MS-CFB] 2; a table of texts and numbers needs six kinds of record and four sectors of housekeeping.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST = 4_096  # bytes of a stream that has sectors of its own
_BOF, _EOF, _BOUNDSHEET, _DIMENSIONS, _LABEL, _NUMBER = 0x0809, 0x000A, 0x0085, 0x0200, 0x0204, 0x0203


def old_workbook(rows: Sequence[Sequence[str | float]], sheet: str = "Data") -> bytes:
    """Return an XLS file of one sheet."""
    return _compound(_biff(rows, sheet))


def scattered_workbook(cells: Sequence[tuple[int, int]], claimed: tuple[int, int] = (1, 1)) -> bytes:
    """Return an XLS file of one sheet with a number in some cells (row, column), which claims so many rows, columns."""
    told = _record(_DIMENSIONS, struct.pack("<IIHHH", 0, claimed[0], 0, claimed[1], 0))
    told += b"".join(_record(_NUMBER, struct.pack("<HHHd", *cell, 0, 7.5)) for cell in cells)
    return _compound(_sheet(told, "Data"))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _biff(rows: Sequence[Sequence[str | float]], sheet: str) -> bytes:
    told = _record(_DIMENSIONS, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                text = cell.encode("latin-1")
                told += _record(_LABEL, place + struct.pack("<HB", len(text), 0) + text)
            else:
                told += _record(_NUMBER, place + struct.pack("<d", cell))
    return _sheet(told, sheet)


def _sheet(told: bytes, sheet: str) -> bytes:
    """Return the stream of a workbook with one sheet, of which these records tell."""
    name = struct.pack("<BB", len(sheet), 0) + sheet.encode("latin-1")
    begins = _record(_BOF, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    ends = _record(_EOF, b"")
    listed = len(_record(_BOUNDSHEET, struct.pack("<IH", 0, 0) + name))
    at = len(begins) + listed + len(ends)
    whole = begins + _record(_BOUNDSHEET, struct.pack("<IH", at, 0) + name) + ends
    return whole + _record(_BOF, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)) + told + ends


def _entry(name: str, kind: int, child: int, sectors: tuple[int, int]) -> bytes:
    """Return an entry of the directory; `sectors` are the first of its stream and the bytes of it."""
    text = name.encode("utf-16-le")
    told = struct.pack("<HBBIII", len(text) + 2 if name else 0, kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + told + bytes(36) + struct.pack("<IQ", *sectors)


def _compound(stream: bytes) -> bytes:
    content = stream.ljust(max(_LEAST, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(content) // _SECTOR  # behind the table of sectors (0) and the directory (1)
    table = [_FAT, _END, *range(3, sectors + 2), _END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    head += struct.pack("<IIIII", _LEAST, _END, 0, _END, 0) + struct.pack("<I", 0) + b"\xff" * (4 * 108)
    listed = b"".join(struct.pack("<I", one) for one in table).ljust(_SECTOR, b"\xff")
    root = _entry("Root Entry", 5, 1, (_END, 0)) + _entry("Workbook", 2, _FREE, (2, len(content)))
    return head + listed + root + _entry("", 0, _FREE, (0, 0)) * 2 + content
