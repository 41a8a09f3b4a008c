"""Names with their points, one after the other in memory: what a walk asks about a name stands in one cache line.

A name of at most twenty letters stands there itself; those of longer names follow after the last line.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.arrays import fixed
from geodata.kernels.bands import Bands
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes, Text, mask

Rows = NDArray[np.int64]

LINE = 64  # bytes that the processor fetches at once
_HERE = 20  # letters of a name that has room in its line

#: One name: its point on the unit sphere, its letters (`geodata.kernels.letters.mask`), and where it stands.
_ENTRY = np.dtype(
    [
        ("x", np.float64),
        ("y", np.float64),
        ("z", np.float64),
        ("mask", np.uint64),
        ("start", np.int64),  # in `Located.data`
        ("size", np.int32),  # in letters
        ("name", np.uint8, _HERE),
    ]
)


class Located(NamedTuple):
    """Names in the order of bands, their lines and their letters in one stretch of memory."""

    entry: NDArray[Any]  # one line each
    data: Bytes  # the same memory as bytes, and the longer names


def located(bands: Bands, texts: tuple[Rows, Bytes]) -> Located:
    """Put the names of the points in bands, given in their order as (offsets, data), into lines."""
    offsets, data = texts
    sizes = np.diff(offsets)
    longer = np.where(sizes > _HERE, sizes, 0)
    lines = LINE * len(sizes)
    whole = np.empty(lines + int(longer.sum()) + LINE, np.uint8)
    first = -whole.ctypes.data % LINE
    room = whole[first : len(whole) - LINE + first]
    entry = room[:lines].view(_ENTRY)
    for axis in ("x", "y", "z"):
        entry[axis] = getattr(bands, axis)
    entry["x"][sizes == 0] = np.inf  # an empty name is near nothing
    entry["size"] = sizes
    own = LINE * np.arange(len(sizes)) + (LINE - _HERE)
    entry["start"] = np.where(sizes > _HERE, lines + np.cumsum(longer) - longer, own)
    _copy(entry, room, (offsets, data))
    return Located(fixed(entry), fixed(room))


@compiled
def gathered(texts: tuple[Rows, Bytes], rows: Rows) -> tuple[Rows, Bytes]:
    """Return some texts of a column one after the other, as (offsets, data)."""
    offsets, data = texts
    starts = np.zeros(len(rows) + 1, np.int64)
    for at in range(len(rows)):
        starts[at + 1] = starts[at] + offsets[rows[at] + 1] - offsets[rows[at]]
    letters = np.empty(starts[-1], np.uint8)
    for at in range(len(rows)):
        begin = offsets[rows[at]]
        for letter in range(starts[at], starts[at + 1]):
            letters[letter] = data[begin + letter - starts[at]]
    return starts, letters


@compiled
def _copy(entry: NDArray[Any], room: Bytes, texts: tuple[Rows, Bytes]) -> None:
    """Write each name where its line says, and its letters into its line."""
    offsets, data = texts
    for at in range(len(entry)):
        entry[at].mask = mask(Text(data, offsets[at], offsets[at + 1]))
        start = entry[at].start
        for letter in range(offsets[at + 1] - offsets[at]):
            room[start + letter] = data[offsets[at] + letter]
