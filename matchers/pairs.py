"""Pairs of a record and an official place, and what one feature says about them, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs, ordered by record, then by official row; each pair once."""

    record: Rows
    row: Rows
    distance_m: Floats  # NaN where either side has no point

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.record)

    def of(self, kept: Rows) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.record[kept], self.row[kept], self.distance_m[kept])


@dataclass(frozen=True)
class Feature:
    """One feature of every pair: its level by number, and the evidence in bits (0 where nothing is known)."""

    name: str
    levels: tuple[str, ...]
    level: Rows  # position in `levels`, of each pair
    bits: Floats  # log2 likelihood ratio, of each pair

    def of(self, kept: Rows) -> Feature:
        """Return the feature of some of the pairs."""
        return Feature(self.name, self.levels, self.level[kept], self.bits[kept])

    def labels(self, pairs: Rows) -> list[str]:
        """Return the levels of some pairs by name."""
        return [self.levels[level] for level in self.level[pairs].tolist()]


def log2(ratio: Floats) -> Floats:
    """Return binary logarithms, with nothing taken for less likely than 2 to the -60."""
    return np.log2(np.maximum(ratio, 2.0**-60))
