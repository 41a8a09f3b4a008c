"""Ages and genders: many ways to write them, one way to count them, and no exact age kept."""

from __future__ import annotations

import pytest

from service.consultations.demography import NOT_STATED, added, age_of, age_order, gender_of, gender_order


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("20-40", "20-40"),
        ("20 to 40 years", "20-40"),
        ("40\u201360", "40-60"),
        ("18 à 24 ans", "18-24"),
        ("under 20", "under 20"),
        ("<18", "under 18"),
        ("menos de 18 años", "under 18"),
        ("moins de 20", "under 20"),
        ("over 80", "over 80"),
        ("mayor de 60", "over 60"),
        ("60 and over", "60 and over"),
        ("80+", "80 and over"),
        ("Prefer not to say", NOT_STATED),
    ],
)
def test_a_band_is_read_however_it_is_written(text, band):
    """Bands of English, French, Spanish and Portuguese come to one spelling, and stay as their survey cut them."""
    assert age_of(text) == band
    assert age_of(band) == band


@pytest.mark.parametrize(
    ("text", "band"), [("34", "30-39"), ("7", "0-9"), ("85", "80 and over"), ("34 years old", "30-39")]
)
def test_a_year_of_life_becomes_its_band(text, band):
    """An exact age, which may tell who it is, is never kept."""
    assert age_of(text) == band


@pytest.mark.parametrize("text", ["", "old", "150", "40-20", "12/03/1990"])
def test_what_is_no_age_is_not_guessed(text):
    """A word, a birthday or a range upside down is set aside."""
    assert age_of(text) is None


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("F", "women"),
        ("Mujer", "women"),
        ("homme", "men"),
        ("Masculino", "men"),
        ("non-binary", "another"),
        ("أنثى", "women"),
    ],
)
def test_a_gender_is_read_in_several_languages(text, gender):
    """One word counts like another for the same."""
    assert gender_of(text) == gender
    assert gender_of("somebody") is None


def test_bands_and_genders_stand_in_their_order():
    """The youngest first, who did not say last; synonyms are added up, zeros left out."""
    bands = ["over 80", "20-40", NOT_STATED, "under 20", "40-60"]
    assert sorted(bands, key=age_order) == ["under 20", "20-40", "40-60", "over 80", NOT_STATED]
    assert sorted([NOT_STATED, "men", "women"], key=gender_order) == ["women", "men", NOT_STATED]
    assert added({"F": 3, "femmes": 4, "men": 0}, gender_of) == (("women", 7),)
