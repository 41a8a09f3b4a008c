"""A table as the engine sees it: counts, and the sums that hold between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Unsolvable(RuntimeError):
    """The solver gave no answer about a table. Whoever gets this tells nothing of it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell, and the cells that add up to it, by their places."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Counts that hang together, one cell each place.

    `least` is K of each cell: no number from 1 to K-1 may be told or worked out. `fixed` cells are known to everybody
    whatever we do, e.g. from official tables; `unlisted` ones are never told and ask for no protection. Of cells with
    `zeros` a zero is as sensitive as a small number (“none of them live here”). `held` is the part of each cell that
    one organisation sent and can take off. Raises `ValueError` where lengths differ or a sum does not add up.
    """

    values: Ints
    least: Ints
    sums: Sequence[Sum] = ()
    fixed: frozenset[int] = frozenset()
    unlisted: frozenset[int] = frozenset()
    zeros: frozenset[int] = frozenset()
    sensitive: frozenset[int] = (
        frozenset()
    )  # withheld and protected whatever their value, e.g. because they moved by few
    held: Mapping[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be: an attack on a table that does not add up proves nothing."""
        if len(self.least) != len(self.values) or any(len(own) != len(self.values) for own in self.held.values()):
            msg = "values, thresholds and held parts of a table are of one length"
            raise ValueError(msg)
        if (self.values < 0).any():
            msg = "a count is not negative"
            raise ValueError(msg)
        if len(self.sums) and (self.matrix @ self.values).any():
            msg = "a sum of this table does not add up"
            raise ValueError(msg)

    @cached_property
    def matrix(self) -> csr_array:
        """The sums as rows: 1 for each part, -1 for the whole; times the values it is zero."""
        rows = [at for at, one in enumerate(self.sums) for _ in range(len(one.parts) + 1)]
        columns = [place for one in self.sums for place in (*one.parts, one.whole)]
        signs = [sign for one in self.sums for sign in (*(1.0,) * len(one.parts), -1.0)]
        return csr_array((signs, (rows, columns)), shape=(len(self.sums), len(self.values)))

    @cached_property
    def changes(self) -> list[Floats]:
        """By what other possible tables differ that the solver found; remembered, because they serve every reader."""
        return []

    @cached_property
    def limits(self) -> tuple[Floats, Floats]:
        """Between which numbers each cell lies for whoever knows no more than everybody, as far as the solver said.

        Whoever knows more bounds no cell more loosely, so these too serve every reader.
        """
        return np.full(len(self.values), -np.inf), np.full(len(self.values), np.inf)

    def mask(self, places: frozenset[int]) -> Flags:
        """Return places as flags."""
        found = np.zeros(len(self.values), np.bool_)
        found[list(places)] = True
        return found

    @cached_property
    def closed(self) -> Flags:
        """Cells of which it is not ours to decide: those that everybody knows."""
        return self.mask(self.fixed)
