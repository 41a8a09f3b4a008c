"""Points in the order in which tiles divide the world, so that all that lies in one tile stands together.

The order is that of Morton's curve: the bits of x and y by turns. The points of a tile are one stretch of it, found by
bisection, however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geodata.tiles.mercator import BITS, Floats, Places, Tile, on_the_square, world

#: Units along each side of a tile, and how far beyond its sides it holds points, for those that draw them larger.
EXTENT, BUFFER = 4096, 64

Rows = NDArray[np.int64]

_SPREAD = (  # shift, and which bits stay: each step halves the groups of bits that stand together
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What lies in a tile: rows, and where they are in units of the tile, from its north-western corner."""

    rows: Rows
    x: NDArray[np.int64]
    y: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Pyramid:
    """The points of a table that have a place on the square world."""

    rows: Rows  # of the table, in the order of the curve
    x: Places
    y: Places
    curve: Places

    @classmethod
    def of(cls, lat: Floats, lon: Floats) -> Self:
        """Put points (degrees, NaN where unknown) in order."""
        rows = np.flatnonzero(on_the_square(lat, lon))
        x, y = world(lat[rows], lon[rows])
        curve = _interleaved(x, y)
        order = np.argsort(curve, kind="stable")
        return cls(rows[order].astype(np.int64), x[order], y[order], curve[order])

    def cut(self, tile: Tile, buffer: int = BUFFER) -> Cut:
        """Return what lies in a tile and up to `buffer` units beyond its sides; the world goes on past its edges."""
        parts = [
            self._part(tile, (across, down))
            for down in (-1, 0, 1)
            for across in (-1, 0, 1)
            if buffer or across == down == 0
        ]
        at, x, y = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        near = (x >= -buffer) & (x < EXTENT + buffer) & (y >= -buffer) & (y < EXTENT + buffer)
        return Cut(self.rows[at[near]], x[near], y[near])

    def _part(self, tile: Tile, beside: tuple[int, int]) -> tuple[Rows, NDArray[np.int64], NDArray[np.int64]]:
        """Return what lies in a neighbour of a tile: positions on the curve, and units of the tile."""
        side, bits = 1 << tile.z, BITS - tile.z
        column, row = (tile.x + beside[0]) % side, tile.y + beside[1]
        if not 0 <= row < side:
            return (np.zeros(0, np.int64),) * 3
        first = int(_interleaved(*(np.array([place << bits], np.uint64) for place in (column, row)))[0])
        last = first + (1 << 2 * bits) - 1
        start = int(np.searchsorted(self.curve, np.uint64(first), "left"))
        end = int(np.searchsorted(self.curve, np.uint64(last), "right"))
        inside = [
            _units(places[start:end], bits) + EXTENT * step
            for places, step in ((self.x, beside[0]), (self.y, beside[1]))
        ]
        return np.arange(start, end, dtype=np.int64), inside[0], inside[1]


def _units(places: Places, bits: int) -> NDArray[np.int64]:
    within = places & np.uint64((1 << bits) - 1)
    return (within >> np.uint64(bits - (EXTENT.bit_length() - 1))).astype(np.int64)


def _interleaved(x: Places, y: Places) -> Places:
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(places: Places) -> Places:
    for shift, kept in _SPREAD:
        places = (places | (places << np.uint64(shift))) & np.uint64(kept)
    return places
