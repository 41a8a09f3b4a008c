"""Drawing: from what is known about the surroundings to one place that may be shown. The policy says how."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from math import ceil

from geodata.distance import haversine_m
from geodata.donut import displaced, ring
from geodata.hexagons import density, finest
from geodata.sensitivity import Handling, LocationMethod
from service.accounts.account import Account, Sensitivity
from service.disclosure.policy import may_stay
from service.placing.surroundings import Surroundings
from service.store.values import Placed

_METHODS = tuple(LocationMethod)
_CHANCE = secrets.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Asked:
    """Which account is to be shown, of which class, and how that class is handled."""

    account: Account
    sensitivity: Sensitivity
    handling: Handling


def draw(asked: Asked, known: Surroundings, before: Placed | None = None) -> Placed:
    """Return where an account is shown: where it was shown before, as long as that holds it and may stay so exact.

    What the method of the class cannot give, for want of anything it takes, the next coarser one gives.
    """
    if before is not None and _stands(asked, before):
        return before
    for method in _METHODS[_METHODS.index(asked.handling.location) :]:
        if method is LocationMethod.DONUT:
            drawn = _moved(asked, known)
        elif method is LocationMethod.H3:
            drawn = _in_cell(asked, known)
        else:
            drawn = _in_district(asked, known) if method is LocationMethod.ADMIN else None
        if drawn is not None:
            return drawn
    return Placed(LocationMethod.HOLD.value, asked.sensitivity.value)


def _stands(asked: Asked, before: Placed) -> bool:
    """Return whether a point drawn before still holds the place: a small correction brings no second one."""
    point = asked.account.point()
    drawn = before.method in {LocationMethod.DONUT.value, LocationMethod.H3.value}
    if not drawn or point is None or not may_stay(before, asked.sensitivity, asked.handling):
        return False
    if before.lat is None or before.lon is None or before.radius_m is None:
        return False
    return float(haversine_m(before.lat, before.lon, *point)) <= before.radius_m


def _moved(asked: Asked, known: Surroundings) -> Placed | None:
    point = asked.account.point()
    if point is None or known.border is None:
        return None
    people, variation = density(point, known.settlements)
    if people <= 0:
        return None
    around = ring(people, variation, (asked.handling.least_around, asked.handling.most_around))
    moved = displaced(point, known.border, around, _CHANCE)
    if moved is None:
        return None
    return _placed(asked, LocationMethod.DONUT, moved, around.most_m)


def _in_cell(asked: Asked, known: Surroundings) -> Placed | None:
    point, handling = asked.account.point(), asked.handling
    if point is None:
        return None
    need = (handling.least_population, handling.least_settlements)
    cell = finest(point, known.settlements, need, handling.finest_cell)
    if cell is None:
        return None
    return replace(_placed(asked, LocationMethod.H3, (cell.lat, cell.lon), cell.radius_m), cell=cell.id)


def _in_district(asked: Asked, known: Surroundings) -> Placed | None:
    """Return the middle of the district that the account states. All of it follows from official places alone."""
    if known.district is None:
        return None
    return Placed(
        LocationMethod.ADMIN.value,
        asked.sensitivity.value,
        known.district.lat,
        known.district.lon,
        known.district.radius_m,
        unit=known.district.name,
    )


def _placed(asked: Asked, method: LocationMethod, centre: tuple[float, float], radius_m: float) -> Placed:
    radius = float(ceil(radius_m + (asked.account.r95_m or 0.0)))
    return Placed(method.value, asked.sensitivity.value, *centre, radius)
