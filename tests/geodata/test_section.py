"""One section of a manifest, read strictly."""

from datetime import date
from enum import StrEnum

import pytest

from geodata.section import Section, said


class Refused(ValueError):
    """The error of the section under test."""


class Colour(StrEnum):
    """Terms of the section under test."""

    RED = "red"
    BLUE = "blue"


SECTION = Section("paints", Refused)

REFUSALS = {
    "a table that is a list": (lambda: SECTION.table([], "tin", {"size"}), "tin is to be a table with size"),
    "a key nobody knows": (
        lambda: SECTION.table({"siz": 1}, "tin", {"size"}),
        "siz is not known in tin; known are size",
    ),
    "a list that is a text": (lambda: SECTION.list("red", "colours"), "colours is to be a list"),
    "an empty text": (lambda: SECTION.text("  ", "title"), "title is to be a text"),
    "a list with a number in it": (lambda: SECTION.texts(["a", 1], "titles"), "titles is to be a text"),
    "a flag that is a number": (lambda: SECTION.flag(1, "dry"), "dry is to be true or false"),
    "a term nobody knows": (
        lambda: SECTION.term(Colour, "green", "colour"),
        "'green' is not known; give one of red, blue",
    ),
    "a term that is a list": (lambda: SECTION.term(Colour, ["red"], "colour"), "is not known; give one of red, blue"),
    "a number that is true": (lambda: SECTION.real(value=True, key="size"), "True cannot be read; give a number"),
    "a number that is too large": (lambda: SECTION.positive({"size": 3}, "size", most=2), "above 0, at most 2"),
    "zero of what must be there": (lambda: SECTION.positive({"size": 0}, "size"), "size = 0 cannot be right"),
    "half of a whole number": (lambda: SECTION.whole({"tins": 1.5}, "tins", 1), "give a whole number from 1"),
    "a day that is none": (lambda: SECTION.day("2009-13-01", "made"), "made = '2009-13-01' is to be a date"),
    "no day": (lambda: SECTION.day(None, "made"), "made = None is to be a date"),
}


@pytest.mark.parametrize(("read", "told"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_read_is_refused_with_section_and_key(read, told):
    """The error is the section's own and says which section, which key, and how to mend it."""
    with pytest.raises(Refused) as refusal:
        read()
    assert str(refusal.value).startswith("paints: ")
    assert told in str(refusal.value)


def test_what_can_be_read_comes_back_in_its_type():
    """Texts lose the space around them, terms and days become what they name, what is not said stays None."""
    assert SECTION.texts([" a ", "b"], "titles") == ("a", "b")
    assert SECTION.term(Colour, "red", "colour") is Colour.RED
    assert SECTION.day("2009-08-24", "made") == date(2009, 8, 24)
    assert SECTION.positive({"size": 2}, "size") == 2.0
    assert (SECTION.optional({}, "title"), SECTION.positive({}, "size"), SECTION.whole({}, "tins", 1)) == (None,) * 3


def test_plain_values_say_only_what_is_said():
    """Terms become their texts and what is None is left out."""
    assert said({"colour": Colour.RED, "title": None, "tins": 0}) == {"colour": "red", "tins": 0}
