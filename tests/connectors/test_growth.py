"""Growth rates out of World Bank observations and out of tables of one's own."""

import io
import math
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from connectors.growth import UnreadableGrowth, rates_of, read_rates
from connectors.observations import Observation, observation_table
from geodata.cells import Cell, CellStatus
from geodata.counts.growthrates import Part


def observation(indicator, year, value, **changed):
    """Return one figure about Kenya."""
    cell = Cell(None, CellStatus.NOT_AVAILABLE, "null") if value is None else Cell(value, CellStatus.OBSERVED, "x")
    said = {"area": "KEN", "area_scheme": "iso3166-1-a3", "area_name": "Kenya", **changed}
    return Observation(**said, indicator=indicator, period=year, cell=cell)


OBSERVED = observation_table(
    [
        observation("SP.POP.GROW", "2015", Decimal("2.45")),
        observation("SP.POP.GROW", "2016", None),
        observation("SP.URB.GROW", "2015", Decimal("3.9")),
        observation("SP.RUR.TOTL.ZG", "2015", Decimal("-0.5")),
        observation("SP.POP.TOTL", "2015", Decimal(46_000_000)),
        observation("SP.POP.GROW", "2015", Decimal("1.1"), area="ARB", area_scheme="wb", aggregate=True),
    ]
)


def test_the_banks_rates_are_read_by_part():
    """Of all observations the three rates of countries are taken, each with whose growth it is."""
    found = {rate.part: rate for rate in rates_of(OBSERVED, "World Bank")}
    assert {part: rate.per_year for part, rate in found.items()} == {
        Part.ALL: 0.0245,
        Part.URBAN: 0.039,
        Part.RURAL: -0.005,
    }
    assert {(rate.country, rate.start, rate.end) for rate in found.values()} == {
        ("KEN", date(2014, 7, 1), date(2015, 7, 1))
    }


def test_a_snapshots_observations_are_a_file_of_rates():
    """The Parquet of an archived World Bank snapshot is read as it lies there."""
    sink = io.BytesIO()
    pq.write_table(OBSERVED, sink)
    assert {rate.part for rate in read_rates(sink.getvalue(), "observations.parquet")} == set(Part)


def test_a_table_of_ones_own_is_read():
    """A CSV gives annual rates in per cent, or two censuses of a unit; a country may be written as people do."""
    text = (
        "Country,Year,Rate,Unit,Value,Part,From,To,Persons from,Persons to\n"
        "Kenya,2015,2.2 %,,,urban,,,,\n"
        'KEN,,,county,Nairobi,,2009-08-24,2019-08-24,"3,138,369",4397073\n'
    )
    towns, nairobi = read_rates(text.encode(), "growth.csv")
    assert (towns.country, towns.part, towns.per_year) == ("KEN", Part.URBAN, pytest.approx(0.022))
    assert (nairobi.unit, nairobi.start) == (("county", "Nairobi"), date(2009, 8, 24))
    assert nairobi.per_year == pytest.approx(math.log(4397073 / 3138369) / 10, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,year\nKenya,2015\n", "no columns country and rate"),
        ("country,year,rate\nRuritania,2015,2.2\n", "row 2: there is no country 'Ruritania'"),
        ("country,year,rate\nKenya,soon,2.2\n", "row 2: 'soon' is no year"),
        ("country,year,rate\nKenya,2015,much\n", "row 2"),
        ("country,year,rate\nKenya,2015,220\n", "no growth rate per year"),
        ("country,rate\nKenya,2.2\n", "'year' is missing"),
    ],
)
def test_what_cannot_be_read_is_told(text, told):
    """A table that holds no rates is refused with the row and how to mend it."""
    with pytest.raises(UnreadableGrowth, match=told) as refused:
        read_rates(text.encode(), "growth.csv")
    assert "growth.csv" in str(refused.value)


def test_a_file_without_rates_is_refused():
    """Parquet of another kind, or a snapshot without rates, is no file of growth."""
    with pytest.raises(UnreadableGrowth, match="no observations"):
        read_rates(b"nothing", "observations.parquet")
    sink = io.BytesIO()
    pq.write_table(OBSERVED.slice(0, 0), sink)
    with pytest.raises(UnreadableGrowth, match="no growth rates"):
        read_rates(sink.getvalue(), "observations.parquet")
