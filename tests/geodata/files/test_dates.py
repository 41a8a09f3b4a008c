"""Dates are read as people write them; an ambiguous one is refused unless its column settles it."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.files.cellwise import Refusal
from geodata.files.dates import date_reader


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2009-08-24", date(2009, 8, 24)),
        ("2009/8/24", date(2009, 8, 24)),
        ("2009-08-24T10:30:00+03:00", date(2009, 8, 24)),
        ("24/08/2009", date(2009, 8, 24)),
        ("24.8.2009", date(2009, 8, 24)),
        ("08/24/2009", date(2009, 8, 24)),
        ("05/05/2009", date(2009, 5, 5)),
        ("24 August 2009", date(2009, 8, 24)),
        ("24-Aug-2009", date(2009, 8, 24)),
        ("Aug 24, 2009", date(2009, 8, 24)),
        ("2009-08", date(2009, 8, 15)),
        ("August 2009", date(2009, 8, 15)),
        ("2009", date(2009, 7, 1)),
    ],
)
def test_usual_ways_of_writing(text: str, day: date):
    """A year stands for its middle, a month too; a time of day is left off."""
    assert date_reader([text])(text) == day


@pytest.mark.parametrize("text", ["03/04/2019", "2009-13-01", "2009-02-30", "soon", "24 Foo 2009", "9", "20090"])
def test_what_is_no_date_is_refused(text: str):
    """Ambiguous, impossible and other texts come back with a reason."""
    refusal = date_reader([text])(text)
    assert isinstance(refusal, Refusal)
    assert "2019-08-24" in refusal.hint


def test_a_column_settles_its_order():
    """One day above twelve decides for the whole column; contradictory columns decide nothing."""
    assert date_reader(["25/12/2019", None])("03/04/2019") == date(2019, 4, 3)
    assert date_reader(["12/25/2019"])("03/04/2019") == date(2019, 3, 4)
    assert isinstance(date_reader(["25/12/2019", "12/25/2019"])("03/04/2019"), Refusal)
