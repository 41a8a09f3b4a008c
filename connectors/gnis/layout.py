"""The header of a GNIS file, in capitals before 2021 and in small letters since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class UnknownLayout(ValueError):
    """The header is not that of a GNIS file; the message names what is missing."""


def known_columns(header: Sequence[str], required: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of either layout under the names of the present one. Raises `UnknownLayout`."""
    columns = tuple(cell.casefold() for cell in header)
    if missing := [name for name in required if name not in columns]:
        msg = f"{', '.join(missing)} missing in its header"
        raise UnknownLayout(msg)
    if len(set(columns)) < len(columns):
        msg = "a column stands twice in its header"
        raise UnknownLayout(msg)
    return columns
