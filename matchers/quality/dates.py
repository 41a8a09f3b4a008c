"""Dates as a passport states them: a year, a month or a day, and how uncertain that leaves the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_YEAR = 365.25


class Middle(NamedTuple):
    """A day, and how many years the true one may lie to either side of it."""

    day: date
    spread_years: float


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as written: 2019, 2019-08 or 2019-08-24. Raises `ValueError` for any other text, and for no such day."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is no date."""
        if not _FORM.fullmatch(self.text):
            msg = f"{self.text!r} is not a date"
            raise ValueError(msg)
        _ = self.middle

    @property
    def middle(self) -> Middle:
        """The middle of what was stated: the first of July of a year, half a year to either side."""
        year, month, day = (int(part) if part else None for part in _parts(self.text))
        assert year is not None  # noqa: S101 - the form demands it
        if month is None:
            return Middle(date(year, 7, 1), 0.5)
        if day is None:
            return Middle(date(year, month, 15), 0.5 / 12)
        return Middle(date(year, month, day), 0.0)

    @property
    def first(self) -> date:
        """The first day it may be."""
        year, month, day = _parts(self.text)
        return date(int(year), int(month or 1), int(day or 1))


def between(start: Stated | None, end: Stated | None) -> Middle | None:
    """Return the middle of a period, either end of which may be unknown, and how far it reaches to either side."""
    known = [stated.middle for stated in (start, end) if stated is not None]
    if not known:
        return None
    early, late = known[0], known[-1]
    middle = date.fromordinal((early.day.toordinal() + late.day.toordinal()) // 2)
    half = (late.day - early.day).days / 2 / _YEAR
    return Middle(middle, round(half + max(early.spread_years, late.spread_years), 6))


def _parts(text: str) -> tuple[str, str | None, str | None]:
    found = _FORM.fullmatch(text)
    assert found is not None  # noqa: S101 - checked when it was made
    return found[1], found[2], found[3]
