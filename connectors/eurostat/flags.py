"""Flags: letters beside a figure, several at once, that say how far it is one.

Their meanings: https://ec.europa.eu/eurostat/data/database/information, "available flags".
"""

from __future__ import annotations

from decimal import Decimal

from geodata.cells import Cell, CellStatus

FLAGS = {
    "b": "break in time series",
    "c": "confidential",
    "d": "definition differs",
    "e": "estimated",
    "f": "forecast",
    "i": "see metadata",
    "n": "not significant",
    "p": "provisional",
    "r": "revised",
    "s": "Eurostat estimate",
    "u": "low reliability",
    "z": "not applicable",
    ":": "not available",
}

#: What a flag makes of a cell, the gravest first; the others leave a figure observed.
_WITHHELD = (("c", CellStatus.SUPPRESSED), ("z", CellStatus.NOT_APPLICABLE), (":", CellStatus.NOT_AVAILABLE))
_QUALIFIED = (
    ("u", CellStatus.UNRELIABLE),
    ("n", CellStatus.UNRELIABLE),
    ("e", CellStatus.ESTIMATED),
    ("s", CellStatus.ESTIMATED),
    ("f", CellStatus.ESTIMATED),
    ("p", CellStatus.PROVISIONAL),
    ("r", CellStatus.REVISED),
)


def read_cell(value: int | Decimal | None, flags: str, *, there: bool) -> Cell:
    """Return a cell; one that is not there is absent, one with a flag nobody explained is unreliable.

    A figure that is confidential or not applicable by its flag is none, whatever number comes with it.
    """
    if not there:
        return Cell(None, CellStatus.ABSENT_CELL, "")
    raw = f"{'' if value is None else value} {flags}".strip() or "null"
    withheld = next((status for flag, status in _WITHHELD if flag in flags), None)
    if withheld is not None:
        return Cell(None, withheld, raw)
    if value is None:
        return Cell(None, CellStatus.NOT_AVAILABLE, raw)
    if unexplained(flags):
        return Cell(Decimal(value), CellStatus.UNRELIABLE, raw)
    plain = CellStatus.OBSERVED if value else CellStatus.TRUE_ZERO
    return Cell(Decimal(value), next((status for flag, status in _QUALIFIED if flag in flags), plain), raw)


def unexplained(flags: str) -> str:
    """Return the flags that have no meaning here."""
    return "".join(flag for flag in flags if flag not in FLAGS and not flag.isspace())
