"""What must be true before a place is called absent from a list: its claim, and what of it lies around the place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.coverage import Completeness
from geodata.distance import R95_PER_SIGMA
from matchers.base import OfficialList
from matchers.model import Ground, Task, Weighed
from matchers.pairs import Flags, Floats

_FEW_METRES = 1000.0  # no record is asked to be placed more exactly, and a listed place this near is nearby anywhere
_SPACINGS_AWAY = 3.0


@dataclass(frozen=True)
class Neighbourhood:
    """What of the list lies around each record; columns by record."""

    unit_listed: Flags  # the list names other places in the same administrative unit
    parent_listed: Flags  # a unit the record lies in is a parent of listed places
    silent: Flags  # list and record share no geography at all
    nearest_m: Floats  # to the nearest listed point; NaN where unknown
    spacing_m: Floats  # usual distance between listed points there; NaN where unknown
    enclosed: Flags  # an official polygon holds the record
    sigma_m: Floats  # of the record's location
    stated: Flags  # the record says how uncertain its location is

    @classmethod
    def of(cls, task: Task, weighed: Weighed | Ground) -> Neighbourhood:
        """Look around every record."""
        places, around = task.records.places, weighed.around
        unit_listed, compared = _units(task)
        enclosed = np.zeros(len(places), np.bool_)
        enclosed[weighed.holding.query[weighed.holding.outside_m == 0]] = True
        return cls(
            unit_listed=unit_listed,
            parent_listed=_parents(task),
            silent=~np.isfinite(around.nearest_m) & ~compared & ~enclosed,
            nearest_m=around.nearest_m,
            spacing_m=around.spacing_m,
            enclosed=enclosed,
            sigma_m=weighed.reach.citizen_m,
            stated=np.isfinite(places.r95_m),
        )

    @cached_property
    def near(self) -> Flags:
        """Whether a listed place lies nearby, as listed places lie there."""
        return np.asarray(self.nearest_m <= np.maximum(_SPACINGS_AWAY * self.spacing_m, _FEW_METRES))

    @cached_property
    def vague(self) -> Flags:
        """Whether the location is stated less exactly than listed places lie apart."""
        limit = np.where(np.isfinite(self.spacing_m), np.fmax(2 * self.spacing_m, _FEW_METRES), np.inf)
        return np.asarray(self.stated & (self.sigma_m * R95_PER_SIGMA > limit))

    @property
    def enumerated(self) -> Flags:
        """Whether the list covers the ground the record lies on: a unit holds it or its neighbours are named."""
        return self.enclosed | self.unit_listed | self.parent_listed

    @property
    def covered(self) -> Flags:
        """Whether the list names something around the record, so that it may be asked about it."""
        return self.unit_listed | self.enclosed | self.near


def _units(task: Task) -> tuple[Flags, Flags]:
    """Return whether the list names places in each record's finest shared unit, and whether any unit is shared.

    A country is too large a unit to say that the list covers the ground.
    """
    listed = np.zeros(len(task.records.places), np.bool_)
    compared = listed.copy()
    for unit, value in zip(task.profile.units, task.said, strict=True):
        if unit.column == "country":
            continue
        first = ~compared & (value != -1)
        listed |= first & (value >= 0)
        compared |= value != -1
    return listed, compared


def _parents(task: Task) -> Flags:
    listed, parents = np.zeros(len(task.records.places), np.bool_), task.profile.parents
    if not len(parents):
        return listed
    values = [key.value for key in task.records.admin]
    distinct = list(dict.fromkeys(values))
    known = dict(zip(distinct, (parents.numbers(distinct) >= 0).tolist(), strict=True))
    listed[task.records.admin_rows[[known[value] for value in values]]] = True
    return listed


@dataclass(frozen=True, slots=True)
class Findable:
    """What records must be for a list to name them; columns by record."""

    named: Flags
    settled: Flags  # their people do not move


def unmet(around: Neighbourhood, official: OfficialList, findable: Findable) -> dict[str, Flags]:
    """Return what must hold before a record is called absent, each with the records for which it does not hold.

    A list that says nothing about its completeness counts as one that should name the place: whoever compares with it
    asks exactly that. A list that calls itself partial does not. Where list and record share no geography, nothing can
    be asked about the ground.
    """
    partial = official.coverage.completeness == Completeness.PARTIAL
    return {
        "complete_list": np.full(len(findable.named), partial),
        "named": ~findable.named,
        "settled": ~findable.settled,
        "covered_ground": ~around.silent & ~around.covered,
        "exact_location": ~around.silent & around.vague,
    }


_OF_GROUND = frozenset({"covered_ground", "exact_location"})
AGAINST = {
    "complete_list": "the list says itself that it is partial",
    "named": "the record gives no name to look for",
    "settled": "its people move, and a list names them at one place or at none",
    "covered_ground": "the list names no place nearby, so it may not cover this area",
    "exact_location": "the location is uncertain by {:.1f} km, listed places lie closer together than that",
}


def preconditions(record: int, around: Neighbourhood, failing: dict[str, Flags]) -> dict[str, str | None]:
    """Return what must hold before a record is called absent, each with what speaks against it; None where it holds.

    `failing` is what `unmet` returns. Nothing of the ground is asked where list and record share no geography.
    """
    km = around.sigma_m[record] * R95_PER_SIGMA / 1000
    return {
        name: AGAINST[name].format(km) if flags[record] else None
        for name, flags in failing.items()
        if name not in _OF_GROUND or not around.silent[record]
    }
