"""Whether lists count a group: from declarations and published counts, by country, province and municipality."""

from __future__ import annotations

import pytest

from service.consultations.official import Asked, lists_of
from service.disclosure.consultations.tally import COUNTRY, Area

TURKANA, KISUMU, NAIROBI = (Area(name) for name in ("turkana", "kisumu", "nairobi"))


def answers(counted):
    """Return the three answers and the reason code."""
    return counted.collected, counted.category, counted.published, counted.because


@pytest.mark.parametrize(
    ("group", "where", "expected"),
    [
        ("maasai", (COUNTRY, ""), (True, True, True, None)),
        ("maasai", (TURKANA, "Turkana"), (True, True, False, "not_published_at_level")),
        ("maasai", (Area("turkana", "lodwar"), "Lodwar"), (True, True, False, "not_published_at_level")),
        ("rendille", (COUNTRY, ""), (True, False, False, "no_category")),
        ("transgender", (COUNTRY, ""), (False, False, False, "variable_not_collected")),
        ("dalit", (TURKANA, "Turkana"), (False, False, False, "variable_not_collected")),
        ("persons-with-disabilities", (TURKANA, "Turkana"), (True, True, True, None)),
        ("persons-with-disabilities", (KISUMU, "KISUMU"), (True, True, False, "suppressed")),
        (
            "persons-with-disabilities",
            (Area("turkana", "lodwar"), "Lodwar"),
            (True, True, False, "not_published_at_level"),
        ),
        ("fishers", (COUNTRY, ""), (None, None, None, None)),
        ("women", (COUNTRY, ""), (None, None, None, None)),
    ],
)
def test_each_step_is_answered_for_each_area(census, group, where, expected):
    """Asked for, a category, published here: yes, no with the reason, or that the list does not say."""
    counted = Asked(census(), "KEN").about(group, *where)
    assert answers(counted) == expected
    assert (counted.title, counted.vintage) == ("Census", "2019")
    assert counted.reason.endswith(".")


def test_people_left_out_by_rule_are_not_counted(census):
    """What a list excludes is a fact of the list."""
    counted = Asked(census(excludes=["refugees"]), "KEN").about("refugees", COUNTRY, "")
    assert (counted.category, counted.published, counted.because) == (False, False, "universe_excludes")


def test_declared_people_are_found_by_the_words_of_the_list(census):
    """Women are counted where a list publishes a number under any word for them."""
    rows = (("Turkana", [{"value": 900.0, "unit": "persons", "group": "Females", "status": "observed"}]),)
    assert Asked(census(rows=rows), "KEN").about("women", COUNTRY, "").published is True
    assert Asked(census(rows=rows), "KEN").about("women", TURKANA, "Turkana").published is True
    assert Asked(census(rows=rows), "KEN").about("women", NAIROBI, "Nairobi").published is None


def test_a_list_whose_rows_are_groups_says_nothing_of_areas(census):
    """It counts them for the whole country; for a province it publishes no number."""
    rows = (("Maasai", [{"value": 1_189_522.0, "unit": "persons", "status": "observed"}]), ("Turkana", []))
    listed = Asked(census(declared={"rows": "ethnic"}, rows=rows), "KEN")
    assert answers(listed.about("maasai", COUNTRY, "")) == (True, True, True, None)
    assert answers(listed.about("maasai", TURKANA, "Turkana")) == (True, True, False, "not_published_at_level")
    assert answers(listed.about("rendille", COUNTRY, "")) == (True, False, False, "no_category")


def test_lists_of_other_countries_are_not_asked(census):
    """A list that names its countries speaks of these only; one that declares nothing of groups does not speak."""
    kenyan = census()
    assert [one.official for one in lists_of("KEN", [kenyan])] == [kenyan]
    assert lists_of("UGA", [kenyan]) == ()
    assert Asked(kenyan, "KEN").speaks
    silent = {"declared": {}, "rows": (("Turkana", []),)}
    assert not Asked(census(**silent), "KEN").speaks
    assert not Asked(census(**silent, excludes=["camp"]), "KEN").speaks
    assert Asked(census(**silent, excludes=["refugees"]), "KEN").speaks
