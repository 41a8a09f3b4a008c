"""How a count was made, told by its description."""

import pytest

from matchers.counting.methods import UNKNOWN, method_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unknown (widely quoted)", "unknown"),
        ("extrapolation from a door-to-door survey of Kianda", "extrapolation"),
        ("structures from imagery, sampled occupancy", "structures"),
        ("door-to-door", "full_enumeration"),
        ("full_enumeration", "full_enumeration"),
        ("household listing", "household_listing"),
        ("key informants", "key_informant"),
        ("membership list", "membership"),
        ("T-square", "t_square"),
        ("something else", "unknown"),
        (None, "unknown"),
    ],
)
def test_methods_are_recognised(text, code):
    """A description of a method is brought to its code; what is not known stays unknown."""
    assert method_of(text).code == code


def test_the_unknown_method_is_the_default():
    """A count that does not say how it was made is taken for hearsay."""
    assert method_of("") is UNKNOWN
