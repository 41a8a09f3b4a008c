"""Searching all names by length finds what RapidFuzz finds by comparing with each of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel
from rapidfuzz.process import extract

from geodata.index.lengths import ByLength
from geodata.texts import Texts

NAMES = st.lists(
    st.one_of(st.text("abc", max_size=6), st.text("abcdefg12 ", max_size=30), st.text("ab", min_size=60, max_size=80)),
    max_size=30,
)


@given(NAMES, NAMES, st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]), st.integers(1, 12))
@settings(max_examples=300)
def test_the_most_alike_are_those_of_every_comparison(names, wanted, least, limit):
    """Both ways find the same entries with the same likeness, in the same order, and no empty name."""
    listed = ByLength.build(Texts.of(names))
    expected = [
        (query, entry, likeness)
        for query, name in enumerate(wanted)
        if name
        for entry, likeness in _all(name, names)
        if likeness >= least
    ]
    kept = [one for at, one in enumerate(expected) if sum(before[0] == one[0] for before in expected[:at]) < limit]
    for found in (listed.alike(Texts.of(wanted), least, limit), listed.plain_alike(Texts.of(wanted), least, limit)):
        assert list(zip(*(column.tolist() for column in found), strict=True)) == kept


def _all(name, names):
    """Return every entry with its likeness, the most alike first."""
    likeness = [(entry, Indel.normalized_similarity(name, other)) for entry, other in enumerate(names) if other]
    return sorted(likeness, key=lambda one: (-one[1], one[0]))


def test_of_many_names_the_same_come_out_as_by_extract():
    """Among fifty thousand names, the likenesses of the best twenty are those of `process.extract`."""
    random = np.random.default_rng(9)
    letters = np.array(list("aeioubdgkmnrst"))
    names = ["".join(random.choice(letters, size)) for size in random.integers(2, 16, 50_000)]
    listed = ByLength.build(Texts.of(names))
    for name in ("sundon", "x", "kiberamoto", names[7] + "e"):
        found = listed.alike(Texts.of([name]), 0.0, 20)
        assert found.likeness.tolist() == [
            score for _, score, _ in extract(name, names, scorer=Indel.normalized_similarity, limit=20)
        ]


def test_an_equal_likeness_at_another_length_comes_by_its_entry():
    """Two of six letters missing are as alike as one of three, though floats reach the one number by two ways."""
    listed = ByLength.build(Texts.of(["aaaa", "a"]))
    for found in (listed.alike(Texts.of(["aa"]), 0.0, 1), listed.plain_alike(Texts.of(["aa"]), 0.0, 1)):
        assert found.entry.tolist() == [0]
