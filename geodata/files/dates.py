"""Dates as people write them. A year alone stands for its middle, the first of July; a month for its fifteenth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from geodata.files.cellwise import Refusal

_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_MONTH_NAMED = re.compile(
    r"(?:(\d{1,2})[-/. ]+)?([a-z]{3,9})\.?(?:[-/. ]+(\d{1,2})(?:st|nd|rd|th)?,)?[-/. ,]+(\d{4})", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_HINT = "write it as 2019-08-24, or 2019-08, or 2019"
_UNREADABLE = Refusal("is not a date", _HINT)
_IMPOSSIBLE = Refusal("is not a day of the calendar", _HINT)
_AMBIGUOUS = Refusal("may be day/month or month/day", _HINT)


def date_reader(texts: Iterable[str | None]) -> Callable[[str], date | Refusal]:
    """Return a reader for the cells of one column.

    Whether 03/04/2019 is in March or in April is decided by the other cells of the column (13/04/2019 settles it);
    where none does, the cell is refused.
    """
    numbers = [(int(found[1]), int(found[2])) for text in texts if text and (found := _YEAR_LAST.fullmatch(text))]
    day_first = any(first > len(_MONTHS) for first, _ in numbers)
    month_first = any(second > len(_MONTHS) for _, second in numbers)
    order = "dm" if day_first and not month_first else "md" if month_first and not day_first else None
    return lambda text: _read(text, order)


def _read(text: str, order: str | None) -> date | Refusal:
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(*found.groups())
    if found := _MONTH_NAMED.fullmatch(text):
        before, name, after, year = found.groups()
        month = name[:3].lower()
        return _date(year, str(_MONTHS.index(month) + 1), before or after) if month in _MONTHS else _UNREADABLE
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = found.groups()
        if order is None and int(first) != int(second):
            return _AMBIGUOUS
        return _date(year, first, second) if order == "md" else _date(year, second, first)
    return _UNREADABLE


def _date(year: str, month: str | None, day: str | None) -> date | Refusal:
    try:
        return date(int(year), int(month or 7), int(day or (15 if month else 1)))
    except ValueError:
        return _IMPOSSIBLE
