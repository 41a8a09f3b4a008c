"""Growth between two dates, by the finest rates that are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.counts.growthrates import Part, Rate, of_year
from matchers.counting.growth import Growth, Population, part_of, project
from matchers.parameters import DEFAULTS

COUNTING = DEFAULTS.counting
KENYA = Population("KEN", (("county", "nairobi"), ("ward", "sarangombe")), Part.URBAN)
FIRST, LAST = date(2009, 8, 24), date(2019, 8, 24)


def rate(per_year, **said):
    """Return a rate between the two censuses."""
    return Rate(FIRST, LAST, per_year, **{"country": "KEN", **said})


def test_ten_years_at_a_rate():
    """Ten years at 2.2 % a year are a growth of 0.22 on the log scale, uncertain by 0.015 a year (methods C3)."""
    found = project(KENYA, (FIRST, LAST), [rate(0.022)], COUNTING)
    assert (found.log, found.sigma) == pytest.approx((0.22, 0.15), abs=1e-3)
    assert found.per_year == pytest.approx(0.022)


def test_backwards_is_the_same_with_the_other_sign():
    """A record older than the list is brought to the list's date the other way round."""
    there = project(KENYA, (FIRST, LAST), [rate(0.022)], COUNTING)
    back = project(KENYA, (LAST, FIRST), [rate(0.022)], COUNTING)
    assert (back.log, back.sigma) == (-there.log, there.sigma)


def test_the_finest_population_is_taken():
    """A unit's own censuses go before the towns of the country, these before the whole country."""
    nation, towns = rate(0.01), rate(0.02, part=Part.URBAN)
    county, ward = rate(0.03, unit=("county", "Nairobi")), rate(0.04, unit=("Ward", "Sarang'ombe"))
    everything = [nation, towns, county, ward, rate(0.09, country="UGA"), rate(0.08, part=Part.RURAL)]
    for rates, expected, whose in (
        (everything, 0.04, "ward Sarang'ombe"),
        ([nation, towns, county], 0.03, "county Nairobi"),
        ([nation, towns], 0.02, "the country's towns"),
        ([nation], 0.01, "the country"),
    ):
        found = project(KENYA, (FIRST, LAST), rates, COUNTING)
        assert (found.per_year, found.whose) == (pytest.approx(expected), whose)


def test_fractions_of_years_at_the_ends_count():
    """Of a year that is entered in its middle, half its rate is taken."""
    rates = [Rate(*of_year(year), per_year / 100, "KEN") for year, per_year in ((2010, 2), (2011, 4))]
    found = project(Population("KEN"), (date(2009, 12, 31), date(2010, 12, 31)), rates, COUNTING)
    assert found.log == pytest.approx(0.5 * 0.02 + 0.5 * 0.04, abs=2e-4)


def test_a_year_without_a_rate_borrows_the_nearest_one():
    """Within five years the nearest rate stands in and is trusted less; beyond, none is applied."""
    rates = [Rate(*of_year(2010), 0.02, "KEN")]
    near = project(Population("KEN"), (date(2009, 7, 1), date(2013, 7, 1)), rates, COUNTING)
    assert near.log == pytest.approx(0.08, abs=1e-3)
    assert near.sigma == pytest.approx(0.015 + 3 * 0.03, abs=1e-3)
    far = project(Population("KEN"), (date(2009, 7, 1), date(2020, 7, 1)), rates, COUNTING)
    assert (far.log, far.per_year) == (0.0, None)
    assert far.sigma == pytest.approx(11 * 0.03, abs=1e-2)


def test_without_a_rate_nothing_is_projected():
    """No growth is invented; the uncertainty is that of not knowing it."""
    found = project(KENYA, (FIRST, LAST), [], COUNTING)
    assert (found.log, found.per_year) == (0.0, None)
    assert found.sigma == pytest.approx(0.3, abs=1e-3)


@given(st.dates(date(2010, 7, 1), date(2019, 7, 1)), st.lists(st.floats(-5, 5), min_size=10, max_size=10))
def test_growth_adds_up(middle, per_cent):
    """The way by a day between is as long as the whole way."""
    rates = [Rate(*of_year(2010 + at), percent / 100, "KEN") for at, percent in enumerate(per_cent)]
    ends = date(2009, 7, 1), date(2019, 7, 1)

    def log(first, last):
        return project(Population("KEN"), (first, last), rates, COUNTING).log

    assert log(ends[0], middle) + log(middle, ends[1]) == pytest.approx(log(*ends), abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "part"),
    [("village", Part.RURAL), ("informal_settlement", Part.URBAN), ("city", Part.URBAN), ("camp", None), (None, None)],
)
def test_a_kind_of_place_says_whose_growth_is_its(kind, part):
    """Villages grow as the countryside does, informal settlements as the towns do; a camp may be either."""
    assert part_of(kind) is part


def test_rates_are_kept_by_country():
    """Rates of a snapshot are sorted by country; one that names none belongs to a list."""
    growth = Growth.of([rate(0.01), rate(0.02, country=None)], "digest")
    assert (set(growth.rates), growth.digest) == ({"KEN"}, "digest")
