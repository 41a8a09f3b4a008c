"""Counts are read as people write them, and unknown is never zero."""

from __future__ import annotations

import pytest

from geodata.cells import CellStatus
from geodata.files.cellwise import Refusal
from geodata.files.quantities import Quantity, read_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("356.0", 356),
        ("1.5", 1.5),
        ("12,5", 12.5),
        ("1,234", 1234),
        ("1 234 567", 1234567),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1.234.567", 1234567),
        ("12,34,567", 1234567),
        ("1,234.50", 1234.5),
        ("1.234,5", 1234.5),
        ("0.125", 0.125),
    ],
)
def test_numbers_of_many_habits(text: str, value: float):
    """Thousands are parted by comma, point, blank or apostrophe, decimals by point or comma."""
    assert read_quantity(text) == Quantity(value, None, None, CellStatus.OBSERVED)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("0", Quantity(0.0, None, None, CellStatus.TRUE_ZERO)),
        ("50-60", Quantity(None, 50.0, 60.0, CellStatus.ESTIMATED)),
        ("199959\u2013205108", Quantity(None, 199959.0, 205108.0, CellStatus.ESTIMATED)),
        ("1,200 to 1,300", Quantity(None, 1200.0, 1300.0, CellStatus.ESTIMATED)),
        ("~500", Quantity(500.0, None, None, CellStatus.ESTIMATED)),
        ("About 1,200", Quantity(1200.0, None, None, CellStatus.ESTIMATED)),
        ("500+", Quantity(None, 500.0, None, CellStatus.OPEN_ENDED_BOUND)),
        ("more than 20", Quantity(None, 20.0, None, CellStatus.OPEN_ENDED_BOUND)),
        ("<5", Quantity(None, 0.0, 4.0, CellStatus.OPEN_ENDED_BOUND)),
        ("fewer than 10", Quantity(None, 0.0, 9.0, CellStatus.OPEN_ENDED_BOUND)),
        ("<=5", Quantity(None, 0.0, 5.0, CellStatus.OPEN_ENDED_BOUND)),
        ("at most 5", Quantity(None, 0.0, 5.0, CellStatus.OPEN_ENDED_BOUND)),
        ("Unknown", Quantity(None, None, None, CellStatus.NOT_AVAILABLE)),
        ("desconocido", Quantity(None, None, None, CellStatus.NOT_AVAILABLE)),
        ("n/a", Quantity(None, None, None, CellStatus.NOT_AVAILABLE)),
        ("-", Quantity(None, None, None, CellStatus.NOT_AVAILABLE)),
        ("*", Quantity(None, None, None, CellStatus.SUPPRESSED)),
        ("(X)", Quantity(None, None, None, CellStatus.SUPPRESSED)),
    ],
)
def test_ranges_bounds_and_reasons(text: str, quantity: Quantity):
    """What is not one exact number keeps what it says."""
    assert read_quantity(text) == quantity


@pytest.mark.parametrize("text", ["many", "none", "12 people", "60-50", "1.234", "1.234,567", "-3", "1,2,3", "12%"])
def test_what_may_mean_two_things_is_refused(text: str):
    """Nothing is guessed: the answer says why, and how to write it."""
    refusal = read_quantity(text)
    assert isinstance(refusal, Refusal)
    assert refusal.message
    assert refusal.hint
