"""Which official places may be the same as a record: its own radius, or its name, or its administrative unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.distance import R95_PER_SIGMA, haversine_m
from geodata.index import PlaceIndex
from geodata.index.areas import Areas, Holding
from geodata.index.groups import distinct
from geodata.places import Places
from matchers.pairs import Floats, Pairs, Rows
from matchers.parameters import Geography
from matchers.records import Records

SPELLINGS = 100  # most similar spellings proposed for each name
UNIT_ROWS = 500  # a larger unit singles nobody out; its places must also be near or alike in name


@dataclass(frozen=True)
class Reach:
    """How uncertain both sides' locations are, as standard deviations in metres."""

    citizen_m: Floats  # by record
    official_m: Floats  # by row
    widest_m: float  # of `official_m`

    @classmethod
    def of(cls, places: Places, official_m: Floats, widest_m: float, geography: Geography) -> Reach:
        """Return the reach of records towards a list."""
        return cls(sigma_of(places, geography.r95_citizen_m), official_m, widest_m)

    def combined_m(self, pairs: Pairs) -> Floats:
        """Return the standard deviation per axis of the difference of a pair's locations."""
        return np.asarray(np.hypot(self.citizen_m[pairs.record], self.official_m[pairs.row]))

    def radius_m(self, geography: Geography) -> Floats:
        """Return each record's own search radius."""
        return np.asarray(geography.reach_sigmas * np.hypot(self.citizen_m, self.widest_m))


def sigma_of(places: Places, usual_r95_m: float) -> Floats:
    """Return the standard deviation in metres of each location.

    From its radius, where it says none from its polygon, else from the usual radius; and from its decimals.
    """
    usual = np.full(len(places), usual_r95_m)
    areas = Areas.of(places)
    if len(areas.rows):
        usual[areas.rows] = np.fmax(areas.radius_m(places.lat, places.lon), 1.0)
    r95 = np.where(np.isfinite(places.r95_m), places.r95_m, usual)
    return np.asarray(np.hypot(r95 / R95_PER_SIGMA, _rounding_m(places.lat, places.lon)))


def propose(records: Records, index: PlaceIndex, radius_m: Floats, holding: Holding) -> Pairs:
    """Return every pair that place, name, unit or boundary suggests."""
    near = index.points.within(records.places.lat, records.places.lon, radius_m)
    record, row = suggested(records, index, holding)
    return paired(np.concatenate((near.query, record)), np.concatenate((near.row, row)), (records.places, index.places))


def suggested(records: Records, index: PlaceIndex, holding: Holding) -> tuple[Rows, Rows]:
    """Return (record, row) for what name, unit or boundary suggests, some more than once."""
    name, row = index.called(records.names, SPELLINGS)
    unit, member = index.admin.rows_of(index.admin.numbers(records.admin), UNIT_ROWS)
    record = np.concatenate((records.name_rows[name], records.admin_rows[unit], holding.query))
    return record, np.concatenate((row, member, holding.row))


def paired(record: Rows, row: Rows, sides: tuple[Places, Places]) -> Pairs:
    """Return the distinct pairs in order, with their distances."""
    places, official = sides
    span = max(len(official), 1)
    both = distinct(record * span + row)
    record, row = both // span, both % span
    distance = haversine_m(places.lat[record], places.lon[record], official.lat[row], official.lon[row])
    return Pairs(record, row, distance)


def _rounding_m(lat: Floats, lon: Floats) -> Floats:
    """Return the standard deviation in metres that coordinates rounded to few decimals carry."""
    per_degree = np.array([[1.0], [10.0], [100.0], [1000.0]])
    rest = [np.abs(degrees - np.rint(degrees * per_degree) / per_degree) for degrees in (lat, lon)]
    rounded = np.maximum(*rest) < 1e-9  # noqa: PLR2004 - what floats leave of zero
    return np.asarray(np.where(rounded, 111_000 / per_degree / np.sqrt(12), 0.0).max(axis=0))
