"""How a class is handled: what of a community whoever does not work with it may read. Stricter is always comparable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum


class LocationMethod(StrEnum):
    """How a place is shown, from most to least exact."""

    DONUT = "donut"  # a point moved once, among some dozens of people
    H3 = "h3"  # the centre of a cell in which enough people live
    ADMIN = "admin"  # the middle of its district, by official places
    HOLD = "hold"  # not at all: counted, without a place


_METHODS = tuple(LocationMethod)

#: Numbers that are stricter the larger they are; of the other, the finest cell, a smaller one is stricter.
_LARGER = (
    *("smallest_count", "round_to", "least_population", "least_settlements"),
    *("least_around", "most_around", "embargo_days"),
)


@dataclass(frozen=True, slots=True)
class Handling:
    """What holds for one class."""

    smallest_count: int  # no smaller number is published
    round_to: int  # published numbers are multiples of it; 1 where they stay as they are
    location: LocationMethod
    finest_cell: int  # H3 resolution, 0 (largest) to 15
    least_population: int  # residents of the cell a place is shown by
    least_settlements: int  # official settlements in it
    least_around: int  # people among whom a point is moved at least
    most_around: int  # and at most
    embargo_days: int  # before an absence or undercount is told to the public

    def lowers(self, before: Handling) -> tuple[str, ...]:
        """Return the names of what this would handle less strictly than another."""
        smaller = tuple(name for name in _LARGER if getattr(self, name) < getattr(before, name))
        finer = ("finest_cell",) if self.finest_cell > before.finest_cell else ()
        nearer = ("location",) if _METHODS.index(self.location) < _METHODS.index(before.location) else ()
        return (*smaller, *finer, *nearer)


def strictest(handlings: Iterable[Handling]) -> Handling:
    """Return what is strictest in each respect, so that nothing is shown more exactly than by any of them."""
    every = tuple(handlings)
    said = {field.name: [getattr(one, field.name) for one in every] for field in fields(Handling)}
    return Handling(
        **{name: max(said[name]) for name in _LARGER},
        finest_cell=min(said["finest_cell"]),
        location=max(said["location"], key=_METHODS.index),
    )
