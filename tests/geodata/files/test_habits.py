"""What a mark before three digits means is told by the column, or asked."""

from __future__ import annotations

import pytest

from geodata.files.columns import Reading, read_places
from geodata.files.habits import Habit, habit_of, plain_digits
from geodata.files.tables import read_table


def read(*cells: str) -> Reading:
    """Read a column of counts."""
    lines = [f"p{at};{cell}" for at, cell in enumerate(cells)]
    return read_places(read_table("\n".join(["name;people", *lines]).encode(), "list.csv"))


def values(reading: Reading) -> list[float | None]:
    """Return the number of each row, None where there is none."""
    return [row["counts"][0]["value"] if row["counts"] else None for row in reading.places.table.to_pylist()]


def test_one_number_may_mean_two_things():
    """With nothing beside it, 1.234 is asked about, and 1.000 too."""
    reading = read("1.234", "1.000", "70")
    assert values(reading) == [None, None, 70]
    assert [problem.message for problem in reading.problems] == ["may be a decimal fraction or thousands"] * 2


@pytest.mark.parametrize("others", [["2.500", "12.000"], ["1.234.567"], ["1.234,5"]])
def test_a_column_that_parts_thousands_by_points_is_read_so(others: list[str]):
    """Three different numbers of that form, or one that can mean nothing else, settle it; that is told once."""
    reading = read("1.234", *others, "70")
    assert values(reading)[0] == 1234
    assert values(reading)[-1] == 70
    assert [(problem.row, problem.value) for problem in reading.problems] == [(None, "1.234")]


def test_a_column_with_decimals_keeps_its_doubt():
    """Where 12.5 stands, 1.234 is still asked about; where 12,5 stands, 1,234 is."""
    assert values(read("1.234", "12.5", "2.345", "3.456")) == [None, 12.5, None, None]
    assert values(read("1,234", "12,5")) == [None, 12.5]
    assert values(read("1,234", "12")) == [1234, 12]


def test_decimals_that_a_spreadsheet_wrote():
    """Zeros behind a whole number are nothing, except three of them."""
    assert values(read("12.0", "12.00", "12.0000000")) == [12, 12, 12]


def test_ranges_and_numbers_of_other_scripts_belong_to_the_column():
    """A range is read by the same habit, and digits of Arabic, Persian and Devanagari are digits."""
    reading = read("1.234 - 1.500", "2.345", "٣٠٠", "۴۵", "१२")
    counts = [row["counts"][0] for row in reading.places.table.to_pylist()]
    assert (counts[0]["low"], counts[0]["high"]) == (1234, 1500)
    assert [count["value"] for count in counts[1:]] == [2345, 300, 45, 12]
    assert plain_digits("\u0661\u066c\u0662\u0663\u0664\u066b\u0665") == "1,234.5"


def test_nothing_to_tell():
    """An empty column has the usual habit."""
    assert habit_of([None, "", "no"]) == Habit()
