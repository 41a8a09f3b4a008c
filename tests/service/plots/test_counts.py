"""The plot of the counts behind a flag: every source, what they come to, and nothing that was withheld."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from service.plots import counts

LIST = {"source": "census", "title": "Census", "vintage": "2009", "snapshot": None}
TEST = {
    "list": LIST,
    "citizen": 217_663.0,
    "official_low": 170_070.0,
    "official_high": 170_070.0,
    "spread": 0.2,
    "growth": 0.0,
    "p_under": 0.364,
    "ratio": 0.94,
    "ratio_low": 0.69,
    "ratio_high": 1.10,
    "noise": 0.0,
}
COMBINED = {
    "unit": "persons",
    "value": 217_663,
    "low": 168_440,
    "high": 281_271,
    "sentence": "Two organisations count; together 217,663.",
}


def claim(organisation, value, part="combined", **parts):
    """Return one source's count."""
    given = {"low": value * 0.7, "high": value * 1.4, "method": "structures", "date": "2009-08-24"}
    return {"organisation": organisation, "value": value, "part": part} | given | parts


def shown(**parts):
    """Return what is drawn."""
    claims = [claim("keyobs", 202_532.0), claim("press", 1_000_000.0, "method_unknown", method="unknown")]
    return {"claims": claims, "combined": COMBINED, "tests": [TEST], **parts}


def texts(svg):
    """Return every text in a picture."""
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return [element.text for element in root.iter() if element.text and element.text.strip()]


def test_every_source_stands_beside_the_official_number():
    """Sources with their method, the common count, the official number, the posterior's interval and the list."""
    told = texts(counts.plot(shown(), "Kibera"))
    assert told[:2] == ["Counts of Kibera", "Two organisations count; together 217,663."]
    for text in (
        "keyobs",
        "structures, 2009",
        "unknown method, left out, 2009",
        "together 217,663",
        "official 170,070",
        "Census: 94% (69% to 110%)",
        "Official: Census, vintage 2009.",
    ):
        assert text in told, text


def test_a_lower_bound_has_no_upper_end():
    """A list of members is drawn as an arrow from its number on."""
    told = texts(counts.plot(shown(claims=[claim("coop", 300.0, "lower_bound", high=None)], combined=None), "X"))
    assert "at least, 2009" in told


@pytest.mark.parametrize("bounds", [(1.0, 9.0), (22.0, 22.0)])
def test_bounds_and_noise_of_the_publisher_are_drawn(bounds):
    """A number withheld behind bounds, or disturbed by noise, has a posterior like any other."""
    low, high = bounds
    test = TEST | {"citizen": 40.0, "official_low": low, "official_high": high, "noise": 7.06, "spread": 0.1}
    assert b"Census: 94%" in counts.plot(shown(claims=[], combined=None, tests=[test]), "X")


def test_what_is_withheld_is_not_drawn():
    """Of a test without numbers only the interval is drawn; without that, nothing; and the picture says so."""
    secret = TEST | dict.fromkeys(("citizen", "official_low", "official_high", "spread", "growth"))
    told = counts.plot(shown(claims=[], combined=None, tests=[secret]), "a community").decode()
    assert "Census: 94%" in told
    assert not re.search(r"170,070|217,663", told)
    blank = secret | dict.fromkeys(("ratio", "ratio_low", "ratio_high"))
    told = counts.plot(shown(claims=[], combined=None, tests=[blank]), "a community").decode()
    assert "No counts that may be shown here." in told
    assert "less than nine tenths with probability 0.36" in told


def test_the_same_counts_are_the_same_picture():
    """Nothing of the moment is in the file."""
    assert counts.plot(shown(), "Kibera") == counts.plot(shown(), "Kibera")
