"""A slip of the pen in a kind word or a direction makes no other name."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.names import forms
from geodata.names.resemblance import resemblance
from matchers.features.wholes import as_whole
from matchers.features.words import compare_marks


def read(one, other):
    """Return the resemblance by core, that by whole or core, and whether it is the whole."""
    mine, theirs = forms([one]), forms([other])
    at = np.array([0]), np.array([0])
    core = resemblance(mine.readings.take(at[0]), theirs.readings.take(at[1]))
    best, whole = as_whole((mine, theirs), at, core, compare_marks(mine.marks, theirs.marks, at))
    return core[0], best[0], bool(whole[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Oupper Pangi", "Upper Pangi"), ("Baguio Vilalge", "Baguio Village"), ("Souht Lindi", "South Lindi")],
)
def test_a_misspelt_kind_word_or_direction_is_read_over(one, other):
    """Read as a whole the two names are near; both ways round."""
    core, best, whole = read(one, other)
    assert whole
    assert best > max(core, 0.84)
    assert read(other, one)[1] == pytest.approx(best)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Camp 4", "Camp 14"),
        ("Barangay 1", "Barangay 11"),
        ("Upper Kibera", "Lower Kibera"),
        ("Kibera", "Upper Kibera"),
        ("Alpha Primary School", "Omega Primary School"),
        ("San Isidro", "San Isidro Norte"),
    ],
)
def test_numbers_directions_and_shared_kind_words_keep_two_names_apart(one, other):
    """What is another place by its number, its direction or its name proper stays one."""
    core, best, whole = read(one, other)
    assert not whole
    assert best == core
