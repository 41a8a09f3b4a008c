"""Cells of equal counts: each point in one of them, and nothing within reach of a cell lost, wherever on Earth."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.distance import haversine_m
from geodata.partition import NOWHERE, Partition


def scattered(seed: int, count: int, middle: tuple[float, float], spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Return points about a middle; beyond a pole and over the antimeridian they go on."""
    random = np.random.default_rng(seed)
    lat, lon = middle[0] + random.normal(0, spread, count), middle[1] + random.normal(0, spread, count)
    over = np.abs(lat) > 90
    lat = np.where(over, np.sign(lat) * 180 - lat, lat)
    return lat, (lon + np.where(over, 180.0, 0.0) + 180) % 360 - 180


MIDDLES = st.sampled_from([(0.0, 0.0), (89.9, 10.0), (-89.9, 0.0), (-17.0, 179.9), (52.0, -180.0), (-1.3, 36.8)])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    middle=MIDDLES,
    spread=st.sampled_from([0.01, 0.5, 5.0, 60.0]),
    cells=st.integers(1, 12),
    reach=st.sampled_from([0.0, 50.0, 5_000.0, 300_000.0]),
)
def test_what_lies_within_reach_of_a_cell_is_never_lost(
    *, seed: int, middle: tuple[float, float], spread: float, cells: int, reach: float
) -> None:
    """Every pair of points within reach is found in the first one's cell, at the poles and the antimeridian too."""
    lat, lon = scattered(seed, 80, middle, spread)
    partition = Partition.of(lat, lon, cells)
    home = partition.home(lat, lon)
    assert ((home >= 0) & (home < partition.cells)).all()
    row, cell = partition.reached(lat, lon, np.full(len(lat), reach))
    held = set(zip(row.tolist(), cell.tolist(), strict=True))
    near = haversine_m(lat[:, None], lon[:, None], lat[None, :], lon[None, :]) <= reach
    np.fill_diagonal(near, val=True)
    assert {(int(other), int(home[one])) for one, other in np.argwhere(near)} <= held


def test_cells_hold_equal_shares() -> None:
    """No cell holds much more than another, however the points crowd."""
    lat, lon = scattered(3, 70_000, (10.0, 20.0), 3.0)
    for cells in (2, 3, 7, 16):
        partition = Partition.of(lat, lon, cells)
        held = np.bincount(partition.home(lat, lon), minlength=cells)
        assert partition.cells == cells
        assert held.max() - held.min() <= cells


def test_points_in_one_place_stay_together() -> None:
    """A list of one point has one cell; equal points beside others are never parted."""
    assert Partition.of(np.full(9, 4.0), np.full(9, 5.0), 4).cells == 1
    lat, lon = np.array([1.0] * 7 + [2.0, 3.0]), np.array([1.0] * 7 + [2.0, 3.0])
    partition = Partition.of(lat, lon, 3)
    assert len(set(partition.home(lat, lon)[:7].tolist())) == 1
    assert partition.cells > 1


def test_a_point_that_is_not_known_has_no_cell() -> None:
    """It lies nowhere and reaches nothing; the others keep their rows."""
    partition = Partition.of(np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, np.nan]), 2)
    assert partition.home(np.array([np.nan, 1.0]), np.array([2.0, 1.0])).tolist() == [NOWHERE, 0]
    row, _ = partition.reached(np.array([np.nan, 1.0]), np.array([2.0, 1.0]), np.array([9.0, 9.0]))
    assert set(row.tolist()) == {1}


def test_a_partition_is_the_same_after_it_was_written_down() -> None:
    """Its cuts come back from JSON to the last digit."""
    lat, lon = scattered(5, 4_000, (-17.0, 179.9), 20.0)
    partition = Partition.of(lat, lon, 9)
    again = Partition.from_json(json.loads(json.dumps(partition.to_json())))
    assert again == partition
    assert (again.home(lat, lon) == partition.home(lat, lon)).all()
