"""One code for however a country was written, with a suggestion where nothing fits."""

from __future__ import annotations

import pycountry
import pytest

from geodata.countries import UnknownCountry, country_code, country_name, extent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KEN", "KEN"),
        ("ke", "KEN"),
        ("Kenya", "KEN"),
        (" KENYA ", "KEN"),
        ("404", "KEN"),
        ("24", "AGO"),
        ("024", "AGO"),
        ("Côte d'Ivoire", "CIV"),
        ("cote d\u2019ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Republic of Korea", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("DR Congo", "COD"),
        ("United Republic of Tanzania", "TZA"),
        ("Trinidad & Tobago", "TTO"),
        ("Kosovo", "XKX"),
        ("NA", "NAM"),
    ],
)
def test_codes_numbers_and_names_are_understood(text: str, code: str):
    """Alpha-2, alpha-3, M49 with and without zeros, official, everyday and turned names, in any case."""
    assert country_code(text) == code


def test_every_country_of_the_standard_is_known_by_each_of_its_codes():
    """No code of ISO 3166-1 is lost to an everyday name."""
    for country in pycountry.countries:
        found = {country_code(text) for text in (country.alpha_2, country.alpha_3, country.numeric)}
        assert found == {country.alpha_3}


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Kenia", "Kenya"),
        ("Tanzanya", "Tanzania"),
        ("Columbia", "Colombia"),
        ("Atlantis", None),
        ("QQ", None),
        ("", None),
    ],
)
def test_an_unknown_country_comes_with_the_nearest(text: str, suggestion: str | None):
    """The suggestion is a name that would have been understood, or none at all."""
    with pytest.raises(UnknownCountry) as caught:
        country_code(text)
    assert caught.value.suggestion == suggestion
    assert (suggestion or "ISO 3166") in caught.value.hint


def test_a_name_of_two_countries_is_no_answer():
    """Congo alone may mean either; it is not decided for the sender."""
    with pytest.raises(UnknownCountry):
        country_code("Congo")


def test_codes_have_names():
    """The usual name is for messages; a code without one stands for itself."""
    assert [country_name(code) for code in ("TZA", "XKX", "ZZZ")] == ["Tanzania", "Kosovo", "ZZZ"]


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        ("KEN", -1.3133, 36.7876),
        ("KEN", 4.3, 35.9),  # Turkana
        ("USA", 21.3, -157.8),
        ("USA", 51.9, -176.6),  # Adak
        ("CHL", -27.15, -109.43),  # Rapa Nui
        ("IND", 7.0, 93.8),  # Great Nicobar
    ],
)
def test_extents_hold_the_far_corners(code: str, lat: float, lon: float):
    """Islands and borderlands with towns are inside."""
    west, south, east, north = extent(code) or (0, 0, 0, 0)
    assert west <= lon <= east or (west > east and (lon >= west or lon <= east))
    assert south <= lat <= north


def test_a_country_across_the_180th_meridian_has_its_west_in_the_east():
    """Fiji is a narrow box, not the whole world."""
    west, _, east, _ = extent("FJI") or (0, 0, 0, 0)
    assert west > 170
    assert east < -170
    assert extent("ATA") is None
