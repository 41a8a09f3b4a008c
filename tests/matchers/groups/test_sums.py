"""How many of a group a list counts, at least and at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.taxonomy.declared import Relation
from matchers.groups.sums import Part, Rest, Sums, sums

EXACT, NARROWER, BROADER, OVERLAP = (
    Relation.EXACT,
    Relation.NARROWER,
    Relation.BROADER,
    Relation.OVERLAP,
)


@pytest.mark.parametrize(
    ("parts", "rest", "low", "high"),
    [
        ([], Rest(), 0, 0),
        ([Part(100, EXACT)], Rest(other=50), 100, 100),
        ([Part(100, NARROWER), Part(20, NARROWER)], Rest(other=50), 120, 170),
        ([Part(120, NARROWER), Part(360, OVERLAP)], Rest(), 120, 480),
        ([Part(400, OVERLAP, share=0.25)], Rest(), 100, 100),
        ([Part(100, EXACT), Part(900, BROADER)], Rest(), 100, 100),
        ([Part(900, BROADER)], Rest(other=40), 0, 940),
        ([Part(100, EXACT)], Rest(not_stated=60, stated=300), 100, 120),
        ([Part(100, EXACT)], Rest(not_stated=60), 100, 160),
    ],
)
def test_bounds(parts, rest, low, high):
    """Categories of the group count for sure, others at most; who did not answer is shared out in proportion."""
    assert sums(parts, rest) == Sums(low, pytest.approx(high))


@given(
    st.lists(st.builds(Part, st.integers(0, 10_000), st.sampled_from(Relation), st.none() | st.floats(0, 1))),
    st.builds(Rest, st.none() | st.integers(0, 999), st.none() | st.integers(0, 999), st.integers(0, 99_999)),
)
def test_the_least_is_never_above_the_most(parts, rest):
    """Whatever is published, the bounds keep their order, and nobody is counted a negative number of times."""
    found = sums(parts, rest)
    assert 0 <= found.low <= found.high
