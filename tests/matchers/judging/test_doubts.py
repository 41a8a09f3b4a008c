"""What speaks against a pair, and how a matched pair differs."""

import pytest

from geodata.names import form
from matchers.judging.doubts import Levels, Names, differences_of, doubts_of, names_of

CLEAR = Levels("exact", "within", "same", "same", "not_available")


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"name": "number_conflict"}, "the numbers in the names differ"),
        ({"name": "unlike"}, "no name agrees"),
        ({"name": "near_80", "place": "beyond"}, "the names alone are not alike enough"),
        ({"name": "one_sided", "place": "beyond"}, "only one of the names carries a number or direction"),
        ({"place": "far"}, "the locations are far apart"),
        ({"place": "beyond", "admin": "sibling"}, "the administrative units differ"),
        ({"kind": "different"}, "the kinds of place differ"),
        ({"qualifier": "different"}, "the list means a place of that name elsewhere"),
    ],
)
def test_each_level_that_speaks_against_a_pair(changed, doubt):
    """A level that does not fit calls for a person, with its clause; where all fit nothing does."""
    assert doubts_of(CLEAR) == ()
    assert doubts_of(CLEAR._replace(**changed)) == (doubt,)


def test_names_are_read_only_where_locations_do_not_agree():
    """A name that is a mere kind, or several words longer, matters without a location nearby alone."""
    apart = CLEAR._replace(name="near_88", place="beyond", admin="not_available")
    camp, longer = form("Camp"), form("Nambale Sikoma Bukiri")
    assert names_of(CLEAR, camp, longer) == Names()
    assert names_of(apart, camp, longer) == Names(only_a_kind=True, longer=True)
    assert doubts_of(apart, Names(only_a_kind=True, longer=True)) == (
        "one of the names has several words that the other lacks",
        "the name says only what kind of place it is",
    )


def test_how_a_matched_pair_differs():
    """Attributes name what is not the same about a pair that is one place."""
    assert differences_of(CLEAR) == ()
    assert differences_of(CLEAR._replace(name="near_95", place="far", admin="different")) == (
        "name_variant",
        "location_discrepancy",
        "boundary_mismatch",
    )
