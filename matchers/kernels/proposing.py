"""The candidates of one record, each once: places in its own radius, and those that anything else proposes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M
from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled
from geodata.kernels.walking import Spot, first_east_of, half_width, reached, spot, stretches
from matchers.kernels.apart import Turn, metres_apart
from matchers.kernels.tables import Accounts, Sites

_WIDER, _FLOOR = 1e-9, 1e-12  # more than rounding takes away


class Room(NamedTuple):
    """Candidates of a record, and names that may have something in common; written over for the next."""

    candidates: NDArray[Any]
    entries: NDArray[Any]


@compiled
def candidates_of(record: int, accounts: Accounts, sites: Sites, room: Room) -> tuple[Room, int]:
    """Write the candidates of a record with their distances, and return the room, wider where need be, and how many.

    A place within the radius is found by walking there; so what else is proposed needs to be taken only beyond.
    """
    radius, count = accounts.radius[record], 0
    turn = (accounts.turn[0][record], accounts.turn[1][record], accounts.turn[2][record])
    if math.isfinite(radius) and len(sites.bands.row):
        chord = 2 * math.sin(min(radius / (2 * EARTH_RADIUS_M), math.pi / 2)) * (1 + _WIDER) + _FLOOR
        here = spot(accounts.spots, record, chord)
        first, last = reached(sites.bands, here)
        ends = stretches(here.lon, half_width(here))
        for band in range(first, last + 1):
            for west, east in ((ends[0], ends[1]), (ends[2], ends[3])):
                if west <= east:
                    room, count = _walk((sites, here), (band, west, east), (turn, radius), (room, count))
    first_cell, last_cell = accounts.proposed.begin[record], accounts.proposed.begin[record + 1]
    while len(room.candidates) < count + last_cell - first_cell:
        room = Room(doubled(room.candidates), room.entries)
    for cell in range(first_cell, last_cell):
        at = sites.at[accounts.proposed.cell[cell]]
        site = sites.site[at]
        distance = metres_apart(turn, (site.phi, site.lam, site.across))
        if not distance <= radius:
            room.candidates[count].site, room.candidates[count].distance = at, distance
            count += 1
    return room, count


@compiled
def _walk(
    walked: tuple[Sites, Spot], stretch: tuple[int, float, float], within: tuple[Turn, float], found: tuple[Room, int]
) -> tuple[Room, int]:
    """Add the places of a stretch of a band that are within the radius."""
    (sites, here), (band, west, east), (turn, radius), (room, count) = walked, stretch, within, found
    bands, site, limit = sites.bands, sites.site, here.chord * here.chord
    start, end = bands.start[band], bands.start[band + 1]
    start = first_east_of(bands.lon, west, start, end)
    while start < end and bands.lon[start] <= east:
        x, y, z = bands.x[start] - here.x, bands.y[start] - here.y, bands.z[start] - here.z
        if x * x + y * y + z * z <= limit:
            distance = metres_apart(turn, (site[start].phi, site[start].lam, site[start].across))
            if distance <= radius:
                if count == len(room.candidates):
                    room = Room(doubled(room.candidates), room.entries)
                room.candidates[count].site, room.candidates[count].distance = start, distance
                count += 1
        start += 1
    return room, count
