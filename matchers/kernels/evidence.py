"""What distance and administrative units of pairs say, in compiled code: a pair is looked at once.

The values are those of the plain ways beside them (`matchers.features.distance`, `matchers.features.admin`).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.pairs import Floats, Rows

_SAME, _SIBLING, _DIFFERENT, _SILENT = 1, 2, 3, -1  # as in `matchers.features.admin`

Pair = tuple[Rows, Rows, Floats]  # record, row, distance in metres


class Errors(NamedTuple):
    """How uncertain locations are, and what errors are taken to be like."""

    citizen_m: Floats  # by record: standard deviation of its location
    official_m: Floats  # by row
    crowd: Floats  # by record: share of the list's places on a km² around it
    tail_share: float
    tail_scale: float
    gross_error: float
    within: float  # in combined standard deviations
    beyond: float


@compiled
def weigh_distance(pairs: Pair, errors: Errors) -> tuple[Rows, Floats]:
    """Return level and likelihood ratio of each pair's distance; 0 and 1 where either side has no point."""
    record, row, distance = pairs
    citizen, official, crowd = errors.citizen_m, errors.official_m, errors.crowd
    level, ratio = np.zeros(len(record), np.int64), np.ones(len(record))
    for pair in range(len(record)):
        apart = distance[pair]
        if not math.isfinite(apart):
            continue
        sigma = math.hypot(citizen[record[pair]], official[row[pair]])
        sigma_km, squared_km = max(sigma, 1.0) / 1000, (apart / 1000) ** 2
        density = (1 - errors.tail_share) * _normal(squared_km, sigma_km) + errors.tail_share * _normal(
            squared_km, errors.tail_scale * sigma_km
        )
        ratio[pair] = (1 - errors.gross_error) * (density / crowd[record[pair]]) + errors.gross_error
        level[pair] = 3 if apart > errors.beyond * sigma else (1 if apart <= errors.within * sigma else 2)
    return level, ratio


@compiled
def _normal(squared_km: float, sigma_km: float) -> float:
    """Return the density on a km² of a normal error in both directions."""
    variance = sigma_km**2
    return math.exp(-squared_km / (2 * variance)) / (2 * math.pi * variance)


class Unit(NamedTuple):
    """One administrative column: what records say in it, what the list says, and what agreement is worth."""

    said: Rows  # by record (`matchers.features.admin.said_units`)
    value: NDArray[np.integer[Any]]  # by row; -1 where the row does not say
    share: Floats  # by value: of the list
    worth: tuple[float, float, float]  # share of true pairs where it is the same, a sibling, another
    least: float  # share of the list taken at least to have another value
    telling: bool  # whether the list has more than one value


@compiled
def weigh_unit(record: Rows, row: Rows, unit: Unit, found: tuple[Rows, Floats]) -> None:
    """Bring a coarser unit into the level and likelihood ratio that finer ones came to."""
    (level, ratio), said, value, share = found, unit.said, unit.value, unit.share
    same, sibling, different = unit.worth
    for pair in range(len(record)):
        mine = said[record[pair]]
        if mine == _SILENT or level[pair] == _SAME or level[pair] == _SIBLING:
            continue
        theirs = value[row[pair]]
        if theirs < 0:
            continue
        if level[pair] == 0:
            if mine == theirs:
                level[pair], ratio[pair] = _SAME, same / share[mine]
            else:
                of_list = share[mine] if mine >= 0 else 0.0
                level[pair], ratio[pair] = _DIFFERENT, different / max(1 - of_list, unit.least)
        elif mine == theirs and unit.telling:
            level[pair], ratio[pair] = _SIBLING, sibling / share[mine]
