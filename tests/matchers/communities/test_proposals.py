"""Accounts whose names are alike are proposed, whichever order the questions are asked in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import partial_ratio

from geodata.names.forms import form
from matchers.communities.proposals import proposals

NAMES = st.lists(
    st.lists(
        st.sampled_from(
            ["kibera", "kibra", "village of kibera", "village", "", "soweto west", "west soweto", "sowetto", "lindi 2"]
        )
        | st.text("abek ", max_size=9).map(lambda text: " ".join(text.split())),
        max_size=3,
    ),
    max_size=6,
)


def alike(one: str, other: str) -> bool:
    """Return whether two names are proposed, asked of them alone."""
    if not one or not other:
        return False
    joined = JaroWinkler.similarity(one.replace(" ", ""), other.replace(" ", "")) >= 0.72
    if not joined and partial_ratio(one, other) < 75:
        return False
    cores = form(one).core, form(other).core
    readings = ([core.replace(" ", "") for core in cores], [" ".join(sorted(core.split())) for core in cores])
    return all(cores) and any(JaroWinkler.similarity(*reading) >= 0.75 for reading in readings)


@given(NAMES, NAMES)
def test_all_pairs_are_those_of_each_two_names(mine, theirs):
    """Whole columns at once propose what two names alone would be proposed for: no more, no fewer."""
    a, b = proposals(mine, theirs)
    expected = [
        (row, column)
        for row, names in enumerate(mine)
        for column, others in enumerate(theirs)
        if any(alike(one, other) for one in names for other in others)
    ]
    assert list(zip(a.tolist(), b.tolist(), strict=True)) == expected
