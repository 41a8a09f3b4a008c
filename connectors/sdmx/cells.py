"""A value of SDMX with its status: a number or the reason why there is none.

Statuses are those of the cross-domain code list CL_OBS_STATUS (https://sdmx.org/?page_id=3215), which most services
use; what a service means otherwise stands in its description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from geodata.cells import WITHOUT_VALUE, Cell, CellStatus

STATUSES: Mapping[str, CellStatus] = {
    "A": CellStatus.OBSERVED,
    "B": CellStatus.OBSERVED,  # break in the series
    "D": CellStatus.OBSERVED,  # the definition differs
    "E": CellStatus.ESTIMATED,
    "F": CellStatus.ESTIMATED,  # forecast
    "G": CellStatus.ESTIMATED,  # experimental
    "H": CellStatus.NOT_AVAILABLE,  # nothing was measured on the day
    "I": CellStatus.ESTIMATED,  # imputed
    "J": CellStatus.NOT_AVAILABLE,  # derogation
    "K": CellStatus.NOT_AVAILABLE,  # counted within another category
    "L": CellStatus.NOT_AVAILABLE,  # exists and was not collected
    "M": CellStatus.NOT_APPLICABLE,  # cannot exist
    "N": CellStatus.UNRELIABLE,  # not significant
    "O": CellStatus.NOT_AVAILABLE,
    "P": CellStatus.PROVISIONAL,
    "Q": CellStatus.SUPPRESSED,
    "S": CellStatus.OBSERVED,  # strike or another special event
    "U": CellStatus.UNRELIABLE,
    "V": CellStatus.PROVISIONAL,  # not validated
    "W": CellStatus.OBSERVED,  # holds another category too
}

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_NOTHING = frozenset({"", "nan", ":", "..", "null", "na", "n/a", "-"})
_FREE = frozenset({"", "F", "A"})  # confidentiality: free for publication


class UnknownValue(ValueError):
    """A value that is neither a number nor a sign for none."""


def status_of(code: str, own: Mapping[str, CellStatus]) -> CellStatus | None:
    """Return what a status means, by the service's own list before the common one; None when neither knows it."""
    return own.get(code) or STATUSES.get(code.upper()) if code else CellStatus.OBSERVED


def read_cell(value: str | None, status: CellStatus, confidentiality: str | None = None) -> Cell:
    """Return the cell of an observation. Raises `UnknownValue`.

    A status that says there is no figure outweighs a figure beside it; a missing one that is confidential is
    suppressed.
    """
    raw = "null" if value is None else value
    text = raw.strip()
    if status in WITHOUT_VALUE:
        return Cell(None, status, raw)
    if text.casefold() in _NOTHING:
        withheld = (confidentiality or "").strip().upper() not in _FREE
        return Cell(None, CellStatus.SUPPRESSED if withheld else CellStatus.NOT_AVAILABLE, raw)
    if not _NUMBER.fullmatch(text):
        msg = f"{raw!r} is no number"
        raise UnknownValue(msg)
    number = Decimal(text)
    return Cell(number, CellStatus.TRUE_ZERO if status is CellStatus.OBSERVED and not number else status, raw)
