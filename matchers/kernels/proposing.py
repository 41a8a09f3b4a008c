"""The candidates of one record, each once: places in its own radius, and those that anything else proposes.

Functions that are called for every band or candidate take few columns: handing one over costs as much as a distance.
"""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M
from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled
from geodata.kernels.walking import first_east_of, half_width, reached, spot, stretches
from matchers.kernels.apart import Turn, metres_apart
from matchers.kernels.tables import Accounts, Columns, Sites
from matchers.pairs import Floats

_WIDER, _FLOOR = 1e-9, 1e-12  # more than rounding takes away
_SURELY = 1 + 1e-6


@compiled
def candidates_of(
    record: int, accounts: Accounts, official: tuple[Sites, float], candidates: NDArray[Any]
) -> tuple[NDArray[Any], int]:
    """Write the candidates of a record with their distances, and return the room, wider where need be, and how many.

    A place within the radius is found by walking there; so what else is proposed needs to be taken only beyond.
    """
    sites, lost = official
    radius, count, site, bands = accounts.radius[record], 0, sites.site, sites.bands
    turn = (accounts.turn[0][record], accounts.turn[1][record], accounts.turn[2][record])
    if math.isfinite(radius) and len(bands.row):
        chord = 2 * math.sin(min(radius / (2 * EARTH_RADIUS_M), math.pi / 2)) * (1 + _WIDER) + _FLOOR
        here = spot(accounts.spots, record, chord)
        lon, begin, (first, last) = bands.lon, bands.start, reached(bands, here)
        ends = stretches(here.lon, half_width(here))
        for band in range(first, last + 1):
            for west, east in ((ends[0], ends[1]), (ends[2], ends[3])):
                if west > east or begin[band] == begin[band + 1]:
                    continue
                start = first_east_of(lon, west, begin[band], begin[band + 1])
                end = _end_of(lon, east, start, begin[band + 1])
                while len(candidates) < count + end - start:
                    candidates = doubled(candidates)
                count = _take((start, end), (turn, radius), site, (candidates, count))
    proposed = accounts.proposed
    while len(candidates) < count + proposed.begin[record + 1] - proposed.begin[record]:
        candidates = doubled(candidates)
    far = 2 * lost, accounts.sigma[record] ** 2
    return candidates, _take_beyond((record, proposed, sites.at), (turn, radius, far), site, (candidates, count))


@compiled
def _end_of(lon: Floats, east: float, start: int, end: int) -> int:
    """Return where the places of a band end that are not east of a longitude."""
    while start < end and lon[start] <= east:
        start += 1
    return start


@compiled
def _take(
    run: tuple[int, int], within: tuple[Turn, float], sites: NDArray[Any], found: tuple[NDArray[Any], int]
) -> int:
    """Add those places of a run that are within the radius."""
    (turn, radius), (candidates, count) = within, found
    for at in range(run[0], run[1]):
        site = sites[at]
        distance = metres_apart(turn, (site.phi, site.lam, site.across))
        if distance <= radius:
            candidates[count].site, candidates[count].distance = at, distance
            count += 1
    return count


@compiled
def _take_beyond(
    proposed: tuple[int, Columns, Any],
    within: tuple[Turn, float, tuple[float, float]],
    sites: NDArray[Any],
    found: tuple[NDArray[Any], int],
) -> int:
    """Add those places that other than distance proposes and that are not within the radius.

    Of places so far north or south that their distance says nothing more, it is not calculated to the metre.
    """
    (record, rows, position), (turn, radius, (lost, sigma)), (candidates, count) = proposed, within, found
    for cell in range(rows.begin[record], rows.begin[record + 1]):
        at = position[rows.cell[cell]]
        site = sites[at]
        distance = abs(turn[0] - site.phi) * EARTH_RADIUS_M
        lost_at = lost * max(sigma + site.sigma * site.sigma, 1.0)
        if not (distance * distance > lost_at * _SURELY and distance > radius * _SURELY):
            distance = metres_apart(turn, (site.phi, site.lam, site.across))
        if not distance <= radius:
            candidates[count].site, candidates[count].distance = at, distance
            count += 1
    return count
