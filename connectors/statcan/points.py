"""Data points as cells: status, symbol and security level are three codes, and each can turn a number into a reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from geodata.cells import Cell, CellStatus

_ROUNDED, _CAUTION = 2, 7

#: `statusCode`: why there is no number.
_NO_NUMBER = {
    1: (CellStatus.NOT_AVAILABLE, ".."),
    8: (CellStatus.SUPPRESSED, "F"),  # too unreliable to be published
    9: (CellStatus.NOT_APPLICABLE, "..."),
    10: (CellStatus.OPEN_ENDED_BOUND, "<LOD"),  # less than the limit of detection
}
_STATUSES = {0, _ROUNDED, 3, 4, 5, 6, _CAUTION, *_NO_NUMBER}  # 3 to 6 are qualities A to D, all good enough
_SYMBOLS = {0: CellStatus.OBSERVED, 1: CellStatus.PROVISIONAL, 3: CellStatus.REVISED}

_ANNUAL, _MONTHLY = 12, 6


def read_cell(point: Mapping[str, Any]) -> Cell:
    """Return the number of a point, in units, or the reason there is none. Raises `ValueError` for an unknown code."""
    status, symbol = int(point["statusCode"]), int(point["symbolCode"])
    if status not in _STATUSES or symbol not in _SYMBOLS:
        msg = f"statusCode {status} or symbolCode {symbol} is not known"
        raise ValueError(msg)
    if int(point["securityLevelCode"]) != 0:
        return Cell(None, CellStatus.SUPPRESSED, "x")
    if status in _NO_NUMBER:
        reason, raw = _NO_NUMBER[status]
        return Cell(None, reason, raw)
    if point["value"] is None:
        return Cell(None, CellStatus.NOT_AVAILABLE, "null")
    raw = str(point["value"])
    value = _exact(Decimal(raw), int(point["decimals"])).scaleb(int(point["scalarFactorCode"]))
    return Cell(value, _status(value, status, symbol), raw)


def rounded_at_random(cell: Cell) -> Cell:
    """Return a cell of a census table, whose counts are rounded at random to 0 or 5: a zero there may be a few."""
    return Cell(cell.value, CellStatus.ROUNDED_ZERO, cell.raw) if cell.status is CellStatus.TRUE_ZERO else cell


def read_period(point: Mapping[str, Any], frequency: int) -> str:
    """Return a reference period as tables print it: 2021, 2023-12, 2020/2021, or the day."""
    first, second = str(point["refPer"]), str(point.get("refPer2") or "")
    if second and second[:4] != first[:4]:
        return f"{first[:4]}/{second[:4]}"
    return first[: {_ANNUAL: 4, _MONTHLY: 7}.get(frequency, len(first))]


def _status(value: Decimal, status: int, symbol: int) -> CellStatus:
    if status == _ROUNDED:
        return CellStatus.ROUNDED_ZERO
    if status == _CAUTION:
        return CellStatus.UNRELIABLE
    if symbol == 0 and not value:
        return CellStatus.TRUE_ZERO
    return _SYMBOLS[symbol]


def _exact(value: Decimal, decimals: int) -> Decimal:
    """Return the number with the decimals it is published with: 293326.0 with none is 293326."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals))
    return rounded if rounded == value else value
