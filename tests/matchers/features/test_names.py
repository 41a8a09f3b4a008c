"""Names of pairs: compiled code and the plain way say the same, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.base import OfficialList
from matchers.features.names import compare_names
from matchers.features.plain_names import best_names
from matchers.pairs import Pairs
from matchers.parameters import DEFAULTS
from matchers.profile import profile_of
from matchers.records import Records

compiled = pytest.mark.skipif(not COMPILED, reason="numba is not installed, or UNCOUNTED_PLAIN asks for the plain way")

CORES = (
    "Ngare", "Ngarre", "Mgare", "Santa Cruz", "Cruz Santa", "Bari", "Barí", "Gatwekera", "Gatuikira", "Kibera",
    "جباليا", "خان يونس", "Jabaliya", "Khan Younis", "ล่าง", "Laini Saba", "Red Rose", "Redrose", "Oru", "",
    "Llanfairpwllgwyngyll gogerychwyrndrobwll llantysiliogogogoch and its many neighbours",
    "Llanfairpwllgwyngyl gogerychwyrndrobwll llantysiliogogogoch and its many neighbors",
)  # fmt: skip
PARTS = ("{}", "{}", "{}", "New {}", "Upper {}", "Lower {} Village", "{} 4", "{} Camp 14", "Oupper {}", "{} (Kenya)")
NAMES = st.builds(str.format, st.sampled_from(PARTS), st.sampled_from(CORES)) | st.text("abens ", max_size=6)
PLACES = st.lists(st.tuples(st.lists(NAMES, min_size=0, max_size=3), st.sampled_from([None, *CORES[:6]])), max_size=8)


def world(entries):
    """Return a table of places of these names and operators."""
    return Places.from_rows(
        {
            "id": f"P{at}",
            "names": names,
            "kind": "school" if at % 2 else "village",
            "attributes": [("operator", operator)] if operator else [],
        }
        for at, (names, operator) in enumerate(entries)
    )


@compiled
@settings(max_examples=80, deadline=None)
@given(PLACES.filter(len), PLACES.filter(len))
@example(
    [([CORES[-2]], None)], [(["", " (Kenya)"], None)]
)  # more letters than a word of the machine has bits, and none
def test_compiled_names_are_the_plain_ones(accounts, listed):
    """Level, ratio, similarity and both names of every pair are the same, whatever names, marks and roles they have."""
    records, index = Records.of(world(accounts)), PlaceIndex.build(world(listed))
    official = OfficialList("list", "List", "0" * 64, "2025", None, CoverageManifest(), index)
    record, row = (side.ravel() for side in np.indices((len(accounts), len(listed))))
    pairs = Pairs(record, row, np.full(len(record), np.nan))
    sides = index, profile_of(official, DEFAULTS).rarity
    plain = best_names(pairs, records, sides, DEFAULTS.names)
    found = compare_names(pairs, records, sides, DEFAULTS.names).read(pairs)
    np.testing.assert_array_equal(found.feature.level, plain.level)
    np.testing.assert_array_equal(found.feature.bits, np.log2(np.maximum(plain.ratio, 2.0**-60)))
    np.testing.assert_array_equal(found.similarity, plain.similarity)
    np.testing.assert_array_equal(found.citizen_name, plain.mine)
    np.testing.assert_array_equal(found.official_name, plain.theirs)


def test_a_name_weighs_the_same_whoever_else_is_compared():
    """Of two records of one name, one has no pair with the entry written as it is, and is not weighed as if it had."""
    records = Records.of(world([(["Sikoma 2"], None), (["Sikoma 2"], None)]))
    index = PlaceIndex.build(world([(["Sikoma"], None), (["Sikoma 2"], None)]))
    official = OfficialList("list", "List", "0" * 64, "2025", None, CoverageManifest(), index)
    sides = index, profile_of(official, DEFAULTS).rarity
    record, row = np.array([0, 0, 1]), np.array([0, 1, 0])
    together = Pairs(record, row, np.full(3, np.nan))
    found = compare_names(together, records, sides, DEFAULTS.names).feature.bits
    for one in (np.array([0, 1]), np.array([2])):
        alone = compare_names(together.of(one), records, sides, DEFAULTS.names).feature.bits
        np.testing.assert_array_equal(found[one], alone)
    assert found[2] > found[0]  # nothing tells it apart from "Sikoma" among what it is held against


@compiled
def test_unlike_names_are_read_to_the_letter_only_when_asked():
    """Evidence of names that share nothing stands before they are read; their similarity is told afterwards."""
    records, index = Records.of(world([(["Ngare"], None)])), PlaceIndex.build(world([(["Gatwekera"], None)]))
    official = OfficialList("list", "List", "0" * 64, "2025", None, CoverageManifest(), index)
    pairs = Pairs(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1))
    unread = compare_names(pairs, records, (index, profile_of(official, DEFAULTS).rarity), DEFAULTS.names)
    read = unread.read(pairs)
    assert unread.feature.labels(np.zeros(1, np.int64)) == ["unlike"]
    assert unread.similarity[0] < 0 < read.similarity[0] < 0.7
    assert read.feature.bits[0] == unread.feature.bits[0]
