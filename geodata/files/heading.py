"""Where the header of a sheet stands: under titles, and sometimes in two rows, of which the upper one groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.files.headers import assign

#: Titles and notes above a header are few.
_MOST_TITLES = 12

_NUMBER = re.compile(r"[\s+\u2212-]*\d[\d\s.,:/\u00b0'-]*%?")


@dataclass(frozen=True, slots=True)
class Heading:
    """The header, and the place (from 0) of the first row below it."""

    cells: list[str]
    below: int


def find_heading(rows: Sequence[Sequence[str]]) -> Heading:
    """Find the header among the first rows of a sheet, none of them blank.

    Lines of title fill one cell (or two) where the table fills several. A header in two rows, such as "Population" over
    "Women" and "Men", becomes "Population/Women"; it is one when the upper row has gaps that the lower one fills, the
    lower one holds no number, and together they are understood better than the upper one alone.
    """
    at = _below_the_titles(rows)
    upper = [cell.strip() for cell in rows[at]]
    if at + 1 < len(rows):
        lower = [cell.strip() for cell in rows[at + 1]]
        lower += [""] * (len(upper) - len(lower))
        if _groups(upper, lower) and _understood(joined := _joined(upper, lower)) > _understood(upper):
            return Heading(joined, at + 2)
    return Heading(upper, at + 1)


def _below_the_titles(rows: Sequence[Sequence[str]]) -> int:
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = sorted(filled)[len(filled) // 2]
    first = next((place for place, cells in enumerate(filled) if cells > 1), 0)
    if usual <= 1:
        return first if first == 1 else 0  # a list of one column may hold a longer row by mistake, but not at once
    for place in range(first, min(_MOST_TITLES, len(rows))):
        if 2 * filled[place] >= usual or _understood([cell.strip() for cell in rows[place]]) > 1:
            return place
    return first


def _groups(upper: Sequence[str], lower: Sequence[str]) -> bool:
    gaps = [place for place, cell in enumerate(upper) if not cell]
    texts = [cell for cell in lower if cell]
    return (
        bool(gaps)
        and any(lower[place] for place in gaps)
        and len(lower) == len(upper)
        and not any(_NUMBER.fullmatch(cell) for cell in texts)
    )


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    cells, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        cells.append(f"{group}/{below}" if below and group else below or above)
    return cells


def _understood(cells: Sequence[str]) -> int:
    parts = assign([cell for cell in dict.fromkeys(cells) if cell]).parts().values()
    return sum(part != "attributes" for part in parts)
