"""Columns rounded as Python rounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.rounding import rounded


@given(st.lists(st.floats(0, 1), max_size=40), st.integers(0, 9))
def test_probabilities_are_rounded_as_python_rounds(values, digits):
    """A column comes to the very floats that rounding one by one does, few or many."""
    assert rounded(np.array(values, np.float64), digits).tolist() == [round(value, digits) for value in values]


@pytest.mark.parametrize("digits", [1, 4, 6, 9])
def test_halves_lie_as_their_binary_value_does(digits):
    """Numbers next to the middle between two decimals go the way Python takes them."""
    middles = (np.arange(100) + 0.5) / 10.0**digits
    values = np.concatenate((np.nextafter(middles, 0), middles, np.nextafter(middles, 1)))
    assert rounded(values, digits).tolist() == [round(value, digits) for value in values.tolist()]


def test_what_is_unknown_stays_unknown():
    """NaN has no digits."""
    assert np.isnan(rounded(np.full(40, np.nan), 3)).all()
