"""How far is looked: nothing that a record may be is missing from the part that answers for it."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.distance import haversine_m
from geodata.partition import Partition
from geodata.places import Places
from matchers.bulk.reach import WIDER, Looked, entry_reach_m, looked, middles
from matchers.candidates import sigma_of
from matchers.parameters import Geography

GEOGRAPHY = Geography()
HALO_M = 50_000.0
MIDDLES = st.sampled_from([(0.3, 34.2), (89.8, 0.0), (-89.8, 20.0), (-17.0, 179.95), (60.0, -180.0)])


def around(random: np.random.Generator, middle: tuple[float, float], count: int) -> dict[str, np.ndarray]:
    """Return points within some hundred kilometres of a middle, however near to a pole."""
    lat = middle[0] + random.normal(0, 1.0, count)
    over = np.abs(lat) > 90
    lat = np.where(over, np.sign(lat) * 180 - lat, lat)
    spread = 1.0 / max(np.cos(np.radians(middle[0])), 0.01)
    lon = middle[1] + random.normal(0, spread, count) + np.where(over, 180.0, 0.0)
    return {"lat": lat, "lon": (lon + 180) % 360 - 180}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), middle=MIDDLES, cells=st.integers(2, 9))
def test_no_entry_that_a_record_may_be_is_missing_from_its_part(seed, middle, cells):
    """All within the combined reach of record and entry are there, also of entries that are very uncertain."""
    random = np.random.default_rng(seed)
    n, m = 60, 40
    official = Places.from_columns(
        {
            "id": [f"O{i}" for i in range(n)],
            "names": [[] for _ in range(n)],
            **around(random, middle, n),
            "r95_m": random.choice([np.nan, 50.0, 30_000.0], n),
        }
    )
    records = Places.from_columns(
        {
            "id": [f"R{i}" for i in range(m)],
            "names": [[] for _ in range(m)],
            **around(random, middle, m),
            "r95_m": random.choice([np.nan, 50.0, 9_000.0, 35_000.0, 80_000.0], m),
        }
    )
    usual = GEOGRAPHY.r95_official_m
    partition = Partition.of(official.lat, official.lon, cells)
    how, home = looked(records, HALO_M, GEOGRAPHY), partition.home(records.lat, records.lon)
    mine, theirs = sigma_of(records, GEOGRAPHY.r95_citizen_m), sigma_of(official, usual)
    apart = haversine_m(records.lat[:, None], records.lon[:, None], official.lat[None, :], official.lon[None, :])
    maybe = apart <= GEOGRAPHY.reach_sigmas * np.hypot(mine[:, None], theirs[None, :])
    for looked_for, halo_m in ((Looked.NEAR, HALO_M), (Looked.WIDE, WIDER * HALO_M)):
        reach_m = entry_reach_m(official, usual, halo_m, GEOGRAPHY)
        held = set(zip(*(side.tolist() for side in partition.reached(*middles(official), reach_m)), strict=True))
        for record, entry in np.argwhere(maybe & (how == looked_for)[:, None]).tolist():
            assert (entry, int(home[record])) in held


def test_a_boundary_is_held_wherever_it_may_hold_a_record():
    """An entry that is an area is in every part that it touches, with a point of its own or without."""
    square = shapely.to_wkb(shapely.box(34.0, -1.0, 38.0, 3.0))
    villages = [{"id": f"O{i}", "lat": 0.0, "lon": 30.0 + 0.1 * i} for i in range(100)]
    places = Places.from_rows(
        [*villages, {"id": "bare", "area": square}, {"id": "A", "area": square, "lat": 1, "lon": 36}]
    )
    lat, lon = middles(places)
    assert (lat[100], lon[100]) == (1.0, 36.0)
    partition = Partition.of(places.lat, places.lon, 20)
    reach_m = entry_reach_m(places, 1000.0, HALO_M, GEOGRAPHY)
    row, cell = partition.reached(lat, lon, reach_m)
    inside = np.unique(partition.home(np.full(60, 0.5), np.linspace(34.0, 38.0, 60)))
    for entry in (100, 101):
        assert set(inside.tolist()) <= set(cell[row == entry].tolist())


def test_how_a_record_is_looked_for_follows_its_own_uncertainty():
    """Near, wide, not at all; a coordinate in whole degrees is as uncertain as it looks."""
    records = Places.from_columns(
        {
            "id": ["a", "b", "c", "d", "e"],
            "names": [[]] * 5,
            "lat": [0.12345, 0.12345, 0.12345, 1.0, None],
            "lon": [34.12345, 34.12345, 34.12345, 34.0, 34.0],
            "r95_m": [500.0, 20_000.0, 60_000.0, 10.0, 10.0],
        }
    )
    found = [Looked(how) for how in looked(records, HALO_M, GEOGRAPHY).tolist()]
    assert found == [Looked.NEAR, Looked.WIDE, Looked.TOO_UNCERTAIN, Looked.TOO_UNCERTAIN, Looked.NO_LOCATION]
