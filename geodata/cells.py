"""A published cell is a number or a reason; a null, a suppressed cell, a missing row and a zero never collapse."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CellStatus(StrEnum):
    """Why a cell holds the number it holds, or none."""

    OBSERVED = "observed"
    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    REVISED = "revised"
    ROUNDED_ZERO = "rounded_zero"
    TRUE_ZERO = "true_zero"
    CONTROLLED = "controlled"
    UNRELIABLE = "unreliable"
    OPEN_ENDED_BOUND = "open_ended_bound"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    ABSENT_CELL = "absent_cell"


#: Statuses under which a cell must not carry a number.
WITHOUT_VALUE = frozenset(
    {CellStatus.SUPPRESSED, CellStatus.NOT_APPLICABLE, CellStatus.NOT_AVAILABLE, CellStatus.ABSENT_CELL}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value or a reason, with the text the publisher printed.

    Raises `ValueError` when a status that forbids a number comes with one, or a number is missing without a reason.
    """

    value: Decimal | None
    status: CellStatus
    raw: str

    def __post_init__(self) -> None:
        """Keep the two halves of the cell from contradicting one another."""
        if self.value is not None and self.status in WITHOUT_VALUE:
            msg = f"a {self.status} cell cannot carry the number {self.value}"
            raise ValueError(msg)
        if self.value is None and self.status in {CellStatus.OBSERVED, CellStatus.TRUE_ZERO, CellStatus.ROUNDED_ZERO}:
            msg = f"a cell without a number needs a reason, not {self.status}"
            raise ValueError(msg)
