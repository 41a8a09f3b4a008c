"""A cell is a number or a reason, never both and never neither."""

from __future__ import annotations

from decimal import Decimal

import pytest

from geodata.cells import WITHOUT_VALUE, Cell, CellStatus


@pytest.mark.parametrize("status", sorted(WITHOUT_VALUE))
def test_a_reason_carries_no_number(status: CellStatus):
    """Suppressed, absent and the like cannot hold a value."""
    assert Cell(None, status, "*").value is None
    with pytest.raises(ValueError, match="cannot carry the number 5"):
        Cell(Decimal(5), status, "5")


@pytest.mark.parametrize("status", [CellStatus.OBSERVED, CellStatus.TRUE_ZERO, CellStatus.ROUNDED_ZERO])
def test_a_number_cannot_be_missing_without_a_reason(status: CellStatus):
    """An observation without a value is no observation."""
    with pytest.raises(ValueError, match="needs a reason"):
        Cell(None, status, "")


def test_a_bound_may_come_with_its_number():
    """An open end is a number that is not the value; both readings are kept."""
    assert Cell(Decimal(250000), CellStatus.OPEN_ENDED_BOUND, "250,000+").value == 250000
    assert Cell(None, CellStatus.OPEN_ENDED_BOUND, "-333333333").value is None
