"""How much text the cells of an XLSX file stand for: each text is stored once, and may be meant a million times.

The reader of workbooks copies a text for every cell that means it, so a file of a few kilobytes could ask for all the
memory there is. ECMA-376 part 1, 18.4.9 (shared strings) and 18.18.11 (cells of type "s").
"""

from __future__ import annotations

import re
from array import array

import numpy as np
from numpy.typing import NDArray

from geodata.files.packed import Packed
from geodata.files.sheet import UnreadableTable

#: Bytes of text of all cells together; a million rows of twenty columns have a half.
MOST_TEXT = 1 << 30

_SHARED = re.compile(rb"<(?:\w+:)?si[\s>/]")
_MEANT = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_WHICH = re.compile(rb"\st\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")
_OVERLAP = 256  # bytes of a part looked at again with the next, so that no cell falls between them


def refuse_text() -> UnreadableTable:
    """Return how a workbook with too much text is refused."""
    msg = f"the cells of the workbook stand for more than {MOST_TEXT:,} bytes of text"
    return UnreadableTable(msg, hint="check where it is from; save the table as CSV")


def require_bearable_text(archive: Packed) -> None:
    """Add up the texts that the cells mean. Raises `UnreadableTable` for more than `MOST_TEXT`."""
    lengths = np.concatenate([_lengths(archive, name) for name in archive.names] or [np.zeros(0, np.int64)])
    longest = int(lengths.max(initial=0))
    if not longest:
        return
    meant = sum(_meant(archive, name) for name in archive.names)
    if meant * longest <= MOST_TEXT:
        return
    each = [_which(archive, name) for name in archive.names]
    known = np.concatenate(each)
    known = known[known < len(lengths)]
    if int(lengths[known].sum()) + (meant - len(known)) * longest > MOST_TEXT:
        raise refuse_text()


def _lengths(archive: Packed, name: str) -> NDArray[np.int64]:
    """Return how long each shared text of a part is, with its markup; none for other parts."""
    starts, seen, tail = array("q"), 0, b""
    for chunk in archive.again(name):
        text = tail + chunk
        begin = seen - len(tail)
        starts.extend(begin + found.start() for found in _SHARED.finditer(text) if found.end() > len(tail))
        seen += len(chunk)
        tail = text[-_OVERLAP:]
    edges = np.asarray([*starts, seen] if starts else [], dtype=np.int64)
    return edges[1:] - edges[:-1]


def _meant(archive: Packed, name: str) -> int:
    count, tail = 0, b""
    for chunk in archive.again(name):
        text = tail + chunk
        count += sum(found.end() > len(tail) for found in _MEANT.finditer(text))
        tail = text[-_OVERLAP:]
    return count


def _which(archive: Packed, name: str) -> NDArray[np.int64]:
    numbers, tail = array("q"), b""
    for chunk in archive.again(name):
        text = tail + chunk
        numbers.extend(int(found[1]) for found in _WHICH.finditer(text) if found.end() > len(tail))
        tail = text[-_OVERLAP:]
    return np.asarray(numbers, dtype=np.int64)
