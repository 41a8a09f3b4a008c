"""How the counts of a list are to be read, as its manifest says it."""

import math
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.counts.coverage import Basis, Boundary, CountCoverage, SizeBasis, Treatment, Universe
from geodata.counts.growthrates import Part, Rate, between_counts, of_year
from geodata.coverage import InvalidCoverage, from_dict, to_dict

WHOLE = """
basis = "census"
relative_standard_error = 0.015
universe = "de_facto"
leaves_out = ["Seasonal workers", "institutions"]
boundary = "same"
disclosure = { treatment = "suppressed", below = 10, zeros = "withheld" }
household_size = { persons = 4.8, from = "own_sample", n = 120, sd = 2.1 }

[[growth]]
unit = { county = "Nairobi" }
from = 2009-08-24
to = 2019-08-24
persons = [3138369, 4397073]
source = "KNBS, censuses of 2009 and 2019"

[[growth]]
country = "Kenya"
part = "urban"
from = 2019-07-01
to = 2020-07-01
percent_per_year = 3.7
"""


def read(text):
    """Return what a manifest says under `[coverage.counts]`."""
    return from_dict({"counts": tomllib.loads(text)}).counts


def test_everything_a_list_can_say_is_read():
    """Basis, universe, boundaries, treatment, household size and growth all have their place."""
    found = read(WHOLE)
    assert (found.basis, found.universe, found.boundary) == (Basis.CENSUS, Universe.DE_FACTO, Boundary.SAME)
    assert found.relative_standard_error == 0.015
    assert found.leaves_out == {"Seasonal workers", "institutions"}
    assert (found.disclosure.treatment, found.disclosure.below) == (Treatment.SUPPRESSED, 10)
    assert not found.disclosure.zeros_shown
    assert (found.household_size.persons, found.household_size.basis) == (4.8, SizeBasis.OWN_SAMPLE)
    nairobi, towns = found.growth
    assert nairobi.unit == ("county", "Nairobi")
    assert nairobi.per_year == pytest.approx(math.log(4397073 / 3138369) / 10, rel=1e-3)
    assert (towns.country, towns.part, towns.per_year) == ("KEN", Part.URBAN, pytest.approx(0.037))


def test_what_is_written_is_read_again():
    """A snapshot's manifest says the same after any number of readings."""
    once = to_dict(from_dict({"counts": tomllib.loads(WHOLE)}))
    assert to_dict(from_dict(once)) == once
    assert to_dict(from_dict({"counts": {}})) == to_dict(from_dict({"counts": {}}))


@given(st.floats(-20, 20))
def test_a_rate_survives_being_written(percent):
    """A rate of growth is the same after it was written and read, to ten decimals of a per cent."""
    said = {"growth": [{"from": "2009-07-01", "to": "2010-07-01", "percent_per_year": percent}]}
    once = to_dict(from_dict({"counts": said}))
    assert to_dict(from_dict(once)) == once


def test_the_example_of_the_documentation_is_read():
    """What the page shows to write is understood, every key of it."""
    page = (Path(__file__).parents[3] / "docs" / "counts.md").read_text(encoding="utf-8")
    example = tomllib.loads("\n".join(block.partition("```")[0] for block in page.split("```toml\n")[1:]))
    found = from_dict(example["coverage"]).counts
    assert set(example["coverage"]["counts"]) == set(CountCoverage.__dataclass_fields__)
    assert found.growth[0].unit == ("county", "Nairobi")


def test_a_silent_list_says_nothing():
    """Without the table nothing is declared."""
    assert from_dict({}).counts is None
    assert read("") == CountCoverage()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('basis = "hearsay"', "give one of census, register, projection, survey"),
        ('colour = "red"', "colour is not known in counts"),
        ("relative_standard_error = 2", "above 0, at most 1"),
        ('relative_standard_error = "2"', "give a number"),
        ('leaves_out = "institutions"', "leaves_out is to be a list"),
        ("leaves_out = [3]", "leaves_out is to be a text"),
        ("disclosure = 5", "disclosure is to be a table"),
        ("disclosure = { base = 5 }", "needs its treatment"),
        ('disclosure = { treatment = "random_rounded" }', "needs base"),
        ('disclosure = { treatment = "rounded", base = 1 }', "a whole number from 2"),
        ('disclosure = { treatment = "random_rounded", base = 5000 }', "to a base from 2 to 1000"),
        ('disclosure = { treatment = "rounded", base = 5, epsilon = 0.2 }', "epsilon says nothing beside"),
        ('disclosure = { treatment = "suppressed", below = 10, zeros = "maybe" }', "shown or withheld"),
        ('disclosure = { treatment = "margin", margin = 12, level = 80 }', "give 90 or 95"),
        ('disclosure = { treatment = "geometric", epsilon = 0 }', "above 0"),
        ("household_size = { persons = 0.5 }", "from 1 to 100 per household"),
        ('household_size = { from = "area" }', "needs persons"),
        ("growth = [{ percent_per_year = 2 }]", "growth, from = None is to be a date"),
        ("growth = [{ from = 2009-08-24, to = 2019-08-24 }]", "either persons"),
        ("growth = [{ from = 2009-08-24, to = 2019-08-24, persons = [5] }]", "not 1"),
        ("growth = [{ from = 2009-08-24, to = 2019-08-24, persons = [0, 5] }]", "no growth lies between"),
        ("growth = [{ from = 2019-08-24, to = 2009-08-24, percent_per_year = 2 }]", "needs a span of time"),
        ("growth = [{ from = 2009-08-24, to = 2019-08-24, percent_per_year = 220 }]", "no growth rate per year"),
        ('growth = [{ country = "Ruritania", from = 2009-08-24, to = 2019-08-24, percent_per_year = 2 }]', "Ruritania"),
        ('growth = [{ unit = "Nairobi", from = 2009-08-24, to = 2019-08-24, percent_per_year = 2 }]', "county"),
    ],
)
def test_what_cannot_be_read_is_told(said, told):
    """A wrong value is refused with the key, what is wrong, and what to write instead."""
    with pytest.raises(InvalidCoverage, match=told):
        read(said)


def test_a_rate_between_two_counts_is_exponential():
    """Two counts ten years apart give ln(P2/P1)/10 a year."""
    found = between_counts((date(2009, 8, 24), 100.0), (date(2019, 8, 24), 125.0))
    assert found == pytest.approx(math.log(1.25) / 10, rel=1e-3)


def test_the_rate_of_a_year_ends_in_its_middle():
    """An annual rate speaks of the time from one midyear to the next."""
    assert of_year(2010) == (date(2009, 7, 1), date(2010, 7, 1))


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), 2.2])
def test_no_rate(rate):
    """What is not finite, or more than doubles a population in a year, is no rate."""
    with pytest.raises(ValueError, match="no growth rate"):
        Rate(date(2009, 1, 1), date(2010, 1, 1), rate)
