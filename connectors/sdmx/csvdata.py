"""SDMX-CSV 1.0 and 2.0: codes parted by commas. Labels, other separators and decimal commas were not asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

_FIRST = ("DATAFLOW", "STRUCTURE")  # of version 1.0, of version 2.0


def read_csv(content: str) -> tuple[tuple[str, ...], Iterator[dict[str, str | None]]]:
    """Return the columns, and the rows as they are asked for; an empty cell is None.

    Raises `ValueError` for a header that is not that of SDMX-CSV with codes, and, from the rows, for one of another
    length.
    """
    rows = csv.reader(io.StringIO(content), strict=True)
    try:
        header = tuple(name.strip() for name in next(rows, ()))
    except csv.Error as error:
        msg = f"the header cannot be read: {error}"
        raise ValueError(msg) from error
    first = header[0] if header else ""
    parted = next((what for what, sign in (("semicolons", ";"), ("tabs", "\t")) if first.count(sign) > 1), None)
    if parted:
        msg = f"columns are parted by {parted}, and commas were agreed"
        raise ValueError(msg)
    if labelled := next((name for name in header if ":" in name or "[" in name), None):
        msg = f"the column {labelled!r} has a label, and codes were agreed"
        raise ValueError(msg)
    if first not in _FIRST:
        msg = f"the first column is {first[:60]!r}, and SDMX-CSV begins with {' or '.join(_FIRST)}"
        raise ValueError(msg)
    if twice := next((name for name in header if header.count(name) > 1), None):
        msg = f"there are two columns {twice}"
        raise ValueError(msg)
    return header, _rows(header, rows)


def _rows(header: tuple[str, ...], rows: Iterator[list[str]]) -> Iterator[dict[str, str | None]]:
    number = 1
    try:
        for number, row in enumerate(rows, start=2):
            if not row:
                continue
            if len(row) != len(header):
                msg = f"line {number} has {len(row)} cells where the header has {len(header)}"
                raise ValueError(msg)
            yield {name: cell or None for name, cell in zip(header, row, strict=True)}
    except csv.Error as error:
        msg = f"line {number + 1} cannot be read: {error}"
        raise ValueError(msg) from error
