"""How far matching looks from a cell: which entries of a list the records of a cell may be, and which records it takes.

A record and an entry can only be one place within `Geography.reach_sigmas` combined standard deviations of their
locations. So a cell holds, beside its own entries, a halo of those near it; how wide it is says how uncertain a record
may be that is looked for there.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.distance import R95_PER_SIGMA
from geodata.index.areas import Areas
from geodata.places import Places
from matchers.candidates import sigma_of
from matchers.pairs import Floats
from matchers.parameters import Geography


class Looked(IntEnum):
    """Where a record is looked for."""

    NEAR = 0  # in its cell and the halo of that
    WIDE = 1  # in its cell and a halo four times as wide, because its location is uncertain
    TOO_UNCERTAIN = 2  # nowhere: its location would have to be looked for in most of the list
    NO_LOCATION = 3  # nowhere: a list too long to be held is searched near a location only


WIDER = 4.0  # the second halo, in widths of the first


def looked(records: Places, halo_m: float, geography: Geography) -> NDArray[np.int64]:
    """Return for each record where it is looked for, a `Looked`, given the width of the halo in metres."""
    reach = geography.reach_sigmas * sigma_of(records, geography.r95_citizen_m)
    how = np.full(len(records), Looked.TOO_UNCERTAIN, np.int64)
    how[reach <= WIDER * halo_m] = Looked.WIDE
    how[reach <= halo_m] = Looked.NEAR
    how[~(np.isfinite(records.lat) & np.isfinite(records.lon))] = Looked.NO_LOCATION
    return how


def entry_reach_m(official: Places, usual_r95_m: float, halo_m: float, geography: Geography) -> Floats:
    """Return for each entry how far from it in metres a record may lie that is it or lies in its boundary.

    The records are the most uncertain that a halo of this width in metres takes; `usual_r95_m` is the uncertainty of
    entries that do not say theirs.
    """
    reach = np.hypot(halo_m, geography.reach_sigmas * sigma_of(official, usual_r95_m))
    areas = Areas.of(official)
    if len(areas.rows):
        margin = halo_m / geography.reach_sigmas * R95_PER_SIGMA
        reach[areas.rows] = np.fmax(reach[areas.rows], areas.radius_m(*middles(official)) + margin)
    return np.asarray(reach)


def middles(official: Places) -> tuple[Floats, Floats]:
    """Return where each entry is (degrees): its point, else the middle of its boundary's box; NaN where neither."""
    lat, lon = official.lat.copy(), official.lon.copy()
    areas = Areas.of(official)
    bare = np.flatnonzero(~(np.isfinite(lat[areas.rows]) & np.isfinite(lon[areas.rows])))
    if len(bare):
        west, south, east, north = shapely.bounds(areas.polygons[bare]).T
        lat[areas.rows[bare]], lon[areas.rows[bare]] = (south + north) / 2, (west + east) / 2
    return lat, lon
