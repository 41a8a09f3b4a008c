"""One table through its editions: what changed by few people waits, and no two editions together give anybody away.

Every cell has versions: a new one where its number moved, in a later edition. All versions, the sums that held between
them, and what each differs by from the one before are one table to `tables.protect`: what was told once everybody
knows, and what was withheld once stays protected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from itertools import pairwise, product

import numpy as np

from service.disclosure.policy import SMALLEST_COUNT
from service.disclosure.tables import Dimension, Sum, Table, cube, protect
from service.disclosure.tables.cube import Coordinates
from service.disclosure.tables.table import Ints

#: Editions that a new one is held against; what only older ones told is taken to be forgotten.
REMEMBERED = 12

#: Between the names of organisations that know of the same community.
TOGETHER = "\n"

#: Any term, in a cell that everybody knows.
ANY = "*"

Counted = Mapping[Coordinates, Mapping[str, int]]  # people or communities of each cell, by who sent them
Amounts = Mapping[Coordinates, Mapping[str, int]]  # what these hold together, by what it is of, e.g. heads


@dataclass(frozen=True, slots=True)
class Version:
    """A cell as it stood from one edition on."""

    since: int
    value: int
    by: Mapping[str, int]
    parts: tuple[tuple[tuple[Coordinates, int], ...], ...] = ()  # what adds up to it, along each dimension
    told: bool = False
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A table: its dimensions, K, and every version of each cell."""

    dimensions: tuple[Dimension, ...]
    least: int = SMALLEST_COUNT
    countries: bool = True  # whether the first dimension is of countries
    untold: frozenset[str] = frozenset()  # terms of the last dimension that no reader asks for
    public: frozenset[Coordinates] = frozenset()  # cells of which everybody may know the number; `ANY` fits any term
    cells: Mapping[Coordinates, tuple[Version, ...]] = field(default_factory=dict)  # the latest last
    kept: Mapping[Coordinates, Mapping[str, int] | None] = field(default_factory=dict)  # amounts of the lowest cells
    failed: str | None = None  # why nothing of the latest edition is told

    def told(self) -> dict[Coordinates, Version]:
        """Return the cells that may be told, with their exact numbers: they are still to be rounded."""
        latest = {cell: versions[-1] for cell, versions in self.cells.items()}
        return {cell: one for cell, one in latest.items() if one.told and not self.unasked(cell)}

    def amounts(self) -> dict[Coordinates, dict[str, int]]:
        """Return what the communities of the told cells hold together, exactly as well."""
        found = {cell: [self.kept.get(inner) for inner in self._inside(cell)] for cell in self.told()}
        return {
            cell: {name: sum(one.get(name, 0) for one in below if one) for one in below if one for name in one}
            for cell, below in found.items()
            if all(one is not None for one in below)
        }

    def _inside(self, cell: Coordinates) -> list[Coordinates]:
        """Return the lowest cells that a cell is the sum of."""
        parts = self.cells[cell][-1].parts
        return [inner for part, _ in parts[0] for inner in self._inside(part)] if parts else [cell]

    def known(self, cell: Coordinates) -> bool:
        """Return whether everybody may know the number of a cell, whatever is told here."""
        return any(all(term in {ANY, own} for term, own in zip(one, cell, strict=True)) for one in self.public)

    def unasked(self, cell: Coordinates) -> bool:
        """Return whether a cell is only there because others add up with it."""
        return cell[-1] in self.untold or self.known(cell)


@dataclass(frozen=True, slots=True)
class World:
    """What there is to count at this moment. `afresh`: somebody was withdrawn, and nothing told may hold who left."""

    counted: Counted
    amounts: Amounts = field(default_factory=dict)
    afresh: bool = False
    only: frozenset[str] = frozenset()  # terms of the first dimension in which; none: in all

    def anew(self, cell: Coordinates) -> bool:
        """Return whether a cell is to be counted afresh."""
        return self.afresh and (not self.only or cell[0] in self.only)


def advanced(before: Block, world: World, edition: int) -> Block:
    """Return a block as it stands in the next edition; itself where nothing moves.

    A cell of which something was told, by itself or in a sum, moves once K people or more came or went, and what these
    hold together only with it. Afresh every cell is as it is now, but those that moved by fewer are not told.
    """
    now = _moved(before, world)
    inner = _inner(before)
    still = before.cells and all(now.get(cell, {}) == by for cell, by in inner.items()) and now.keys() <= inner.keys()
    block = before if still else _checked(_grown(before, now, edition))
    kept = _amounts(block, world, edition)
    return block if kept == before.kept else replace(block, kept=kept)


def _amounts(block: Block, world: World, edition: int) -> dict[Coordinates, Mapping[str, int] | None]:
    """Return what the lowest cells hold: anew where a cell moved; none where it did not and somebody may have left."""
    found: dict[Coordinates, Mapping[str, int] | None] = {}
    for cell in _inner(block):
        now, moved = dict(world.amounts.get(cell, {})), block.cells[cell][-1].since == edition
        before = block.kept.get(cell)
        found[cell] = now if moved else None if world.anew(cell) and now != before else before
    return found


def _inner(block: Block) -> dict[Coordinates, Mapping[str, int]]:
    """Return the latest contents of the cells that nothing adds up to."""
    return {cell: versions[-1].by for cell, versions in block.cells.items() if not versions[-1].parts}


def _moved(before: Block, world: World) -> dict[Coordinates, Mapping[str, int]]:
    """Return what each lowest cell is taken to hold now."""
    held, counted = _inner(before), world.counted
    known = {cell for cell, versions in before.cells.items() if any(one.told for one in versions)}
    found: dict[Coordinates, Mapping[str, int]] = {}
    for cell in {*held, *counted}:
        old, new = held.get(cell, {}), {name: number for name, number in counted.get(cell, {}).items() if number}
        few = abs(sum(new.values()) - sum(old.values())) < before.least
        if world.anew(cell) or not few or known.isdisjoint(_above(cell, before.dimensions)):
            found[cell] = new
        elif cell in held:
            found[cell] = old
    return found


def _above(cell: Coordinates, dimensions: Sequence[Dimension]) -> Iterator[Coordinates]:
    """Return a cell and all that it is a part of."""
    return product(*(one.upwards(term) for one, term in zip(dimensions, cell, strict=True)))


def _grown(before: Block, now: Counted, edition: int) -> Block:
    """Return the block with a new version of every cell that holds something else than before."""
    made = cube(now, before.dimensions)
    wholes: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for one in made.sums:
        wholes[one.whole].append(one.parts)
    cells: dict[Coordinates, tuple[Version, ...]] = {}
    for place in _parts_first(wholes, len(made.cells)):
        cell, versions = made.cells[place], before.cells.get(made.cells[place], ())
        by = {name: int(held[place]) for name, held in made.held.items() if held[place]}
        parts = tuple(
            tuple((made.cells[part], cells[made.cells[part]][-1].since) for part in together)
            for together in wholes.get(place, ())
        )
        if not versions or (versions[-1].by, versions[-1].parts) != (by, parts):
            versions = (*versions, Version(edition, int(made.values[place]), by, parts))
        cells[cell] = tuple(one for one in versions if one is versions[-1] or one.since > edition - REMEMBERED)
    return replace(before, cells=cells)


def _parts_first(wholes: Mapping[int, Sequence[tuple[int, ...]]], cells: int) -> Iterator[int]:
    """Yield all places, each after those that add up to it."""
    below = {at: {part for together in wholes.get(at, ()) for part in together} for at in range(cells)}
    return iter(TopologicalSorter(below).static_order())


def _checked(block: Block) -> Block:
    """Return the block with what may be told of its new versions."""
    order = [(cell, one) for cell, versions in sorted(block.cells.items()) for one in versions]
    places = {(cell, one.since): at for at, (cell, one) in enumerate(order)}
    latest = {(cell, versions[-1].since) for cell, versions in block.cells.items()}
    steps = list(_steps(block, places))
    values = [one.value for _, one in order] + [abs(order[to][1].value - order[at][1].value) for at, to in steps]
    sums = list(_sums(order, places)) + [_step(order, at, pair) for at, pair in enumerate(steps, start=len(order))]
    fixed = {at for at, (cell, one) in enumerate(order) if one.told or block.known(cell)}
    past = {at for at, (cell, one) in enumerate(order) if (cell, one.since) not in latest and at not in fixed}
    small = {at for at, (_, one) in enumerate(order) if one.sensitive}
    moved = {to for at, to in _last_told(block, places) if 0 < abs(values[to] - values[at]) < block.least}
    unasked = {at for at, (cell, _) in enumerate(order) if block.unasked(cell)}
    table = Table(
        np.array(values, np.int64),
        np.full(len(values), block.least, np.int64),
        sums,
        fixed=frozenset(fixed),
        unlisted=frozenset((past | unasked) - small - fixed),
        sensitive=frozenset((small | moved) - fixed),
        held=_held(order, len(steps)),
    )
    found = protect(table)
    told = found.told & ~table.mask(frozenset(past | unasked)) if found.failed is None else table.closed
    cells = {
        cell: tuple(
            replace(
                one,
                told=one.told or bool(told[places[cell, one.since]] and one.since == versions[-1].since),
                sensitive=bool(found.primary[places[cell, one.since]]),
            )
            for one in versions
        )
        for cell, versions in block.cells.items()
    }
    return replace(block, cells=cells, failed=found.failed)


def _sums(order: Sequence[tuple[Coordinates, Version]], places: Mapping[tuple[Coordinates, int], int]) -> Iterator[Sum]:
    """Yield the sums between versions, but for those of which a part is forgotten."""
    for at, (_, one) in enumerate(order):
        for parts in one.parts:
            if all(part in places for part in parts):
                yield Sum(at, tuple(places[part] for part in parts))


def _steps(block: Block, places: Mapping[tuple[Coordinates, int], int]) -> Iterator[tuple[int, int]]:
    """Yield the places of versions that follow one another and differ by few: that few is nobody's business either."""
    for cell, versions in sorted(block.cells.items()):
        for one, other in pairwise(versions):
            if 0 < abs(other.value - one.value) < block.least:
                yield places[cell, one.since], places[cell, other.since]


def _step(order: Sequence[tuple[Coordinates, Version]], at: int, pair: tuple[int, int]) -> Sum:
    less, more = sorted(pair, key=lambda place: order[place][1].value)
    return Sum(more, (less, at))


def _last_told(block: Block, places: Mapping[tuple[Coordinates, int], int]) -> Iterable[tuple[int, int]]:
    """Return, of each cell that was told before, the places of that version and of the latest."""
    for cell, versions in block.cells.items():
        before = [one for one in versions[:-1] if one.told]
        if before:
            yield places[cell, before[-1].since], places[cell, versions[-1].since]


def _held(order: Sequence[tuple[Coordinates, Version]], steps: int) -> dict[str, Ints]:
    """Return what each organisation knows of every cell: all in which it has a part."""
    names = {name for _, one in order for key in one.by for name in key.split(TOGETHER)}
    return {
        name: np.array(
            [*(sum(n for key, n in one.by.items() if name in key.split(TOGETHER)) for _, one in order), *[0] * steps],
            np.int64,
        )
        for name in sorted(names)
    }
