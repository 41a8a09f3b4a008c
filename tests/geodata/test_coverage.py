"""A coverage manifest goes to plain values and back, and nonsense in it is named."""

from __future__ import annotations

import json
from datetime import date

import pytest

from geodata.coverage import Completeness, CoverageManifest, InvalidCoverage, from_dict, to_dict

FULL = CoverageManifest(
    completeness=Completeness.EXHAUSTIVE,
    lowest_level="sub-location",
    kinds=frozenset({"village", "town"}),
    excludes=frozenset({"camp"}),
    countries=frozenset({"KEN"}),
    admin=(("county", frozenset({"Nairobi", "Kiambu"})), ("ward", frozenset({"Laini Saba"}))),
    bbox=(36.0, -2.0, 37.0, -1.0),
    reference_date=date(2009, 8, 24),
    minimum_persons=0,
    universe="usual residents",
    location_r95_m=500.0,
    notes=("points are medians",),
)


@pytest.mark.parametrize("manifest", [FULL, CoverageManifest()])
def test_plain_values_and_back(manifest: CoverageManifest):
    """Nothing is lost on the way through JSON; a declared zero is not an undeclared one."""
    assert from_dict(json.loads(json.dumps(to_dict(manifest)))) == manifest


def test_plain_values_are_always_the_same():
    """Sets are sorted and undeclared parts left out, so that equal manifests have equal text."""
    assert to_dict(CoverageManifest()) == {"completeness": "unknown"}
    assert to_dict(FULL)["kinds"] == ["town", "village"]
    assert to_dict(FULL)["admin"] == {"county": ["Kiambu", "Nairobi"], "ward": ["Laini Saba"]}


def test_countries_may_be_written_as_people_do():
    """Names and codes of any kind become alpha-3."""
    assert from_dict({"countries": ["Kenya", "TZ"]}).countries == {"KEN", "TZA"}


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"completness": "exhaustive"}, "completness is not known"),
        ({"completeness": "all"}, "one of exhaustive, register, partial, unknown"),
        ({"kinds": "village"}, "a list of kinds"),
        ({"countries": ["Kenia"]}, "country codes or names"),
        ({"bbox": [1, 2, 3]}, "west, south, east, north"),
        ({"bbox": [0, 50, 10, 40]}, "west, south, east, north"),
        ({"reference_date": "2009"}, "a date such as 2009-08-24"),
        ({"minimum_persons": -1}, "a number of persons"),
        ({"minimum_persons": True}, "a number of persons"),
        ({"location_r95_m": "near"}, "metres"),
        ({"admin": ["Nairobi"]}, "a table such as"),
        ({"lowest_level": " "}, "the publisher's word"),
    ],
)
def test_nonsense_is_named_with_what_is_expected(plain: dict[str, object], said: str):
    """Each key says what it wants."""
    with pytest.raises(InvalidCoverage, match=said):
        from_dict(plain)
