"""Distances and administrative units of pairs: compiled code and the plain way say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.index import PlaceIndex
from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.features import admin, distance
from matchers.pairs import Pairs
from matchers.parameters import DEFAULTS
from matchers.records import Records

compiled = pytest.mark.skipif(not COMPILED, reason="numba is not installed, or UNCOUNTED_PLAIN asks for the plain way")

SAID = st.dictionaries(st.sampled_from(["county", "ward"]), st.sampled_from(["Kwale", "Kilifi", "Lamu", ""]))
TABLES = st.lists(st.tuples(SAID, st.sampled_from([None, "KEN", "UGA"])), min_size=1, max_size=9)
METRES = st.floats(0, 2e7) | st.just(float("nan"))


@compiled
@settings(max_examples=60, deadline=None)
@given(TABLES, TABLES)
def test_compiled_units_are_the_plain_ones(accounts, listed):
    """Level and evidence of administrative units are the same, whatever either side says or leaves out."""
    sides = [
        Places.from_rows(
            {"id": f"P{at}", "names": ["A"], "admin": list(said.items()), "country": country}
            for at, (said, country) in enumerate(side)
        )
        for side in (accounts, listed)
    ]
    units = admin.Units.all_of(PlaceIndex.build(sides[1]))
    said = admin.said_units(Records.of(sides[0]), units)
    record, row = (side.ravel() for side in np.indices((len(accounts), len(listed))))
    pairs = Pairs(record, row, np.zeros(len(record)))
    for found, plain in zip(
        admin._compiled(pairs, said, units, DEFAULTS.geography),
        admin._plain(pairs, said, units, DEFAULTS.geography),
        strict=True,
    ):
        np.testing.assert_array_equal(found, plain)


@compiled
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(METRES, st.floats(1, 1e5), st.floats(0, 1e5), st.floats(1e-9, 1.0)), min_size=1, max_size=9))
def test_compiled_distances_are_the_plain_ones(rows):
    """Level and evidence of distances are the same but for the last bits, whatever is certain or missing."""
    apart, citizen, official, crowd = (np.array(column, float) for column in zip(*rows, strict=True))
    each = np.arange(len(rows))
    pairs = Pairs(each, each, apart)
    found = distance.compare_distance(pairs, crowd, (citizen, official), DEFAULTS.geography)
    level, ratio = distance._weighed(pairs, crowd, np.hypot(citizen, official), DEFAULTS.geography)
    np.testing.assert_array_equal(found.level, level)
    np.testing.assert_allclose(found.bits, np.log2(np.maximum(ratio, 2.0**-60)), rtol=1e-12, atol=1e-12)
