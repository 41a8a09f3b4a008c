"""Records weighed in one pass come to what weighing all pairs comes to, whatever the list and the records say."""

from __future__ import annotations

from dataclasses import fields
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.lists import SEED, official, record
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.base import OfficialList
from matchers.blocks import weigh_for_judging
from matchers.company.joint import hopeful
from matchers.model import Task, weigh_unread
from matchers.parameters import DEFAULTS
from tests.specimens.worlds import listed, records

pytestmark = pytest.mark.skipif(
    not COMPILED, reason="numba is not installed, or UNCOUNTED_PLAIN asks for the plain way"
)

CORES = ("Ngare", "Ngarre", "Mgare", "Santa Cruz", "Cruz Santa", "Bari", "Barí", "Gatwekera", "Kibera", "جباليا", "")
PARTS = ("{}", "{}", "{}", "New {}", "Upper {}", "Lower {} Village", "{} 4", "{} Camp 14", "Oupper {}", "{} (Kenya)")
NAMES = st.builds(str.format, st.sampled_from(PARTS), st.sampled_from(CORES))
SPOTS = st.sampled_from([None, *((lat, lon) for lat in (0.5, 0.501, 0.53, 89.99) for lon in (34.5, 34.52, 179.999))])
BOXES = st.sampled_from([None, None, None, (0.4, 0.6), (0.4995, 0.505), (0.50, 0.52)])
ROWS = st.fixed_dictionaries(
    {
        "names": st.lists(NAMES, max_size=3),
        "country": st.sampled_from([None, "KEN", "UGA"]),
        "admin": st.lists(
            st.tuples(st.sampled_from(["district", "ward"]), st.sampled_from(["North", "South", "Ward 5"])),
            max_size=2,
            unique_by=lambda unit: unit[0],
        ),
        "kind": st.sampled_from([None, "village", "town", "primary_school", "school"]),
        "attributes": st.sampled_from([[], [("operator", "Ngare")]]),
        "counts": st.sampled_from([[], [{"value": 12, "unit": "pupils"}], [{"value": 900, "unit": "pupils"}]]),
        "r95_m": st.sampled_from([None, 3.0, 500.0, 5_000.0]),
        "spot": SPOTS,
        "box": BOXES,
    }
)


def places(rows):
    """Return a table of these places."""
    return Places.from_rows(_row(at, row) for at, row in enumerate(rows))


def _row(at, row):
    lat, lon = row["spot"] or (None, None)
    area = shapely.to_wkb(shapely.box(34.0 + row["box"][0], *row["box"], 34.0 + row["box"][1])) if row["box"] else None
    told = {name: cell for name, cell in row.items() if name not in {"spot", "box"}}
    return told | {"id": f"P{97 * at % 101}", "lat": lat, "lon": lon, "area": area}


def listing(table):
    """Return a list of these places."""
    return OfficialList("list", "List", "0" * 64, "2025", None, CoverageManifest(), PlaceIndex.build(table))


def assert_same(task):
    """Hold what one pass finds against what weighing every pair finds."""
    one, every = weigh_for_judging(task).read(), hopeful(weigh_unread(task)).read()
    np.testing.assert_array_equal(one.proposed, every.proposed)
    np.testing.assert_array_equal(one.pairs.record, every.pairs.record)
    np.testing.assert_array_equal(one.pairs.row, every.pairs.row)
    for mine, theirs in zip(one.features, every.features, strict=True):
        assert (mine.name, mine.levels) == (theirs.name, theirs.levels)
        np.testing.assert_array_equal(mine.level, theirs.level, mine.name)
        np.testing.assert_array_equal(mine.bits, theirs.bits, mine.name)
    for column in fields(one.name):
        if column.name not in {"feature", "reread"}:
            np.testing.assert_array_equal(getattr(one.name, column.name), getattr(every.name, column.name), column.name)
    np.testing.assert_allclose(one.alone, every.alone, rtol=1e-12)
    np.testing.assert_allclose(one.posterior.pair, every.posterior.pair, rtol=1e-12)
    np.testing.assert_allclose(one.rest, every.rest, rtol=1e-9, atol=1e-13)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), st.lists(ROWS, max_size=14))
def test_one_pass_finds_what_weighing_every_pair_finds(accounts, entries):
    """Pairs, levels, bits and names are the same to the last bit, and probabilities but for the order of sums."""
    assert_same(Task.of(places(accounts), listing(places(entries)), DEFAULTS))


def test_one_pass_drops_what_can_matter_to_nobody():
    """Beside hundreds of candidates most are dropped, and what they come to is still weighed."""
    random = np.random.default_rng(SEED)
    table = official(random, 3_000)
    rows = [record(random, table, int(row)) | {"id": f"R{at}", "r95_m": 9_000.0} for at, row in enumerate(range(40))]
    task = Task.of(Places.from_rows(rows), listing(table), DEFAULTS)
    assert_same(task)
    weighed = weigh_for_judging(task)
    assert len(weighed.pairs) < weighed.proposed.sum() / 4


def test_homonyms_without_points_are_kept_by_identifier():
    """Of more equals than are shown, those whose identifiers come first are kept, whatever the order of the list."""
    entry = {"names": ["Ngare"], "spot": None, "box": None, "attributes": [], "counts": [], "kind": None}
    one = {"admin": [], "country": None, "r95_m": None}
    task = Task.of(places([entry | one]), listing(places([entry | one] * 40)), DEFAULTS)
    assert_same(task)


@pytest.mark.parametrize("seed", range(12, 24))
def test_records_that_say_little_keep_the_same_of_many_equal_entries(seed):
    """Where evidence differs in the last bits of a sum only, identifiers choose, in one pass as in many."""
    random = Random(seed)  # noqa: S311 - a made-up world
    rows = listed(random, 80)
    index = PlaceIndex.build(Places.from_rows(rows))
    register = OfficialList("register", "A register", "0" * 64, "2022", None, CoverageManifest(), index)
    task = Task.of(Places.from_rows(records(random, rows, 70)), register, DEFAULTS)
    one, many = weigh_for_judging(task), hopeful(weigh_unread(task))
    assert one.pairs.record.tolist() == many.pairs.record.tolist()
    assert one.pairs.row.tolist() == many.pairs.row.tolist()
