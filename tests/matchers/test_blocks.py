"""A table weighed in blocks: in order, and alike on any number of threads."""

from __future__ import annotations

from threading import current_thread, main_thread

import numpy as np
import pytest

from bench.lists import SEED, official, record
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers import profile
from matchers.base import OfficialList
from matchers.blocks import weigh_blocks
from matchers.model import Task
from matchers.parameters import DEFAULTS


@pytest.fixture(scope="module")
def world():
    """Make a list up, and records of some of its places."""
    random = np.random.default_rng(SEED)
    places = official(random, 500)
    rows = [record(random, places, int(row)) | {"id": f"R{at}"} for at, row in enumerate(random.integers(0, 500, 25))]
    listed = OfficialList("list", "List", "0" * 64, "2025", None, CoverageManifest(), PlaceIndex.build(places))
    return Places.from_rows(rows), listed


def _weighed(world, threads, block):
    records, listed = world
    return list(weigh_blocks(records, lambda part: Task.of(part, listed, DEFAULTS), threads, block))


def test_blocks_come_in_the_order_of_the_table(world):
    """Blocks are returned in order, whatever thread weighed them."""
    ids = [id_ for task, _ in _weighed(world, 3, 4) for id_ in task.records.places.ids]
    assert ids == list(world[0].ids)


@pytest.mark.parametrize(("threads", "block"), [(3, 4), (1, 7), (2, 25)])
def test_threads_and_blocks_change_no_probability(world, threads, block):
    """Pairs and probabilities are those of one thread and one block."""
    [(_, whole)] = _weighed(world, 1, 1_000)
    parts = [weighed for _, weighed in _weighed(world, threads, block)]
    np.testing.assert_array_equal(np.concatenate([part.pairs.row for part in parts]), whole.pairs.row)
    np.testing.assert_allclose(np.concatenate([part.alone for part in parts]), whole.alone, rtol=1e-12)
    np.testing.assert_allclose(
        np.concatenate([part.posterior.pair for part in parts]), whole.posterior.pair, rtol=1e-12
    )


def test_threads_measure_a_list_only_once(world, monkeypatch):
    """What a list is measured for is there before several threads ask for it."""
    records, listed = world
    measured, asked_by = profile._measured, []

    def watched(*arguments):
        asked_by.append(current_thread())
        return measured(*arguments)

    monkeypatch.setattr(profile, "_measured", watched)
    fresh = OfficialList(
        "list", "List", "0" * 64, "2025", None, CoverageManifest(), PlaceIndex.build(listed.index.places)
    )
    _weighed((records, fresh), 3, 4)
    assert asked_by == [main_thread()]
