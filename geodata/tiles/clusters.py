"""Clusters: where points lie too close to be told apart, one mark that says how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.tiles.pyramid import EXTENT, Cut

#: Cells along each side of a tile; drawn 512 pixels wide, one is a finger's width.
CELLS = 16

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clustered:
    """A tile in which points of one cell are one mark; those alone in theirs stay as they are."""

    alone: Cut
    x: Whole  # of the clusters, the middle of their points
    y: Whole
    count: Whole


def clustered(cut: Cut) -> Clustered:
    """Return a tile with its clusters. Cells end where tiles do, so that no point is counted in two clusters."""
    side = EXTENT // CELLS
    across = np.floor_divide(cut.x, side) + CELLS  # never below zero: a buffer is narrower than a tile
    cell = across + 3 * CELLS * (np.floor_divide(cut.y, side) + CELLS)
    _, member, count = np.unique(cell, return_inverse=True, return_counts=True)
    several = count > 1
    lone = ~several[member]
    return Clustered(
        Cut(cut.rows[lone], cut.x[lone], cut.y[lone]),
        _middle(cut.x, member, count)[several],
        _middle(cut.y, member, count)[several],
        count[several].astype(np.int64),
    )


def _middle(along: Whole, member: Whole, count: Whole) -> Whole:
    sums = np.bincount(member, weights=along, minlength=len(count))
    return np.rint(sums / np.maximum(count, 1)).astype(np.int64)
