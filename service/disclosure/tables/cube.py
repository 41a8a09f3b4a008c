"""A table of any number of dimensions, each a hierarchy, with every margin: country above province above district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from service.disclosure.tables.table import Ints, Sum

#: The top of every dimension.
ALL = ""

Coordinates = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """The terms of one dimension, each with the term above it; those that name none stand under `ALL`."""

    above: Mapping[str, str] = field(default_factory=dict)

    def upwards(self, term: str) -> list[str]:
        """Return a term and all above it, up to the top. Raises `ValueError` where they go in a circle."""
        found = [term]
        while found[-1] != ALL:
            if (following := self.above.get(found[-1], ALL)) in found:
                msg = f"the term {term!r} stands above itself"
                raise ValueError(msg)
            found.append(following)
        return found


@dataclass(frozen=True, eq=False)
class Cube:
    """Cells of every level, their values, and the sums between them."""

    cells: tuple[Coordinates, ...]
    values: Ints
    sums: tuple[Sum, ...]
    held: Mapping[str, Ints]

    def at(self, cell: Coordinates) -> int | None:
        """Return the place of a cell, None where there is none."""
        return self._places().get(cell)

    def _places(self) -> dict[Coordinates, int]:
        return {cell: place for place, cell in enumerate(self.cells)}


def cube(counted: Mapping[Coordinates, Mapping[str, int]], dimensions: Sequence[Dimension]) -> Cube:
    """Return every cell and margin of what was counted at the lowest level, by the organisation that sent it.

    Cells that nobody is in and no sum needs are left away; a sum of one part only says that both are the same.
    """
    summed: dict[Coordinates, defaultdict[str, int]] = {}
    for cell, by in counted.items():
        for above in product(*(one.upwards(term) for one, term in zip(dimensions, cell, strict=True))):
            into = summed.setdefault(above, defaultdict(int))
            for organisation, number in by.items():
                into[organisation] += number
    cells = tuple(sorted(summed))
    places = {cell: place for place, cell in enumerate(cells)}
    organisations = sorted({name for by in summed.values() for name in by})
    return Cube(
        cells=cells,
        values=np.array([sum(summed[cell].values()) for cell in cells], np.int64),
        sums=tuple(_sums(places, dimensions)),
        held={name: np.array([summed[cell].get(name, 0) for cell in cells], np.int64) for name in organisations},
    )


def _sums(places: Mapping[Coordinates, int], dimensions: Sequence[Dimension]) -> Iterable[Sum]:
    for at, dimension in enumerate(dimensions):
        below: defaultdict[Coordinates, list[int]] = defaultdict(list)
        for cell, place in places.items():
            if cell[at] != ALL:
                below[*cell[:at], dimension.above.get(cell[at], ALL), *cell[at + 1 :]].append(place)
        yield from (Sum(places[whole], tuple(parts)) for whole, parts in sorted(below.items()))
