"""How one column of counts parts its thousands, told by all of its cells together: "1.234" may mean two things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import decimal

_DIGITS = re.compile(r"\d[\d.,]*\d|\d")
_POINT_PARTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d{1,2})?|\d{1,3}(?:\.\d{3})+,\d{1,2}")  # 1.234.567 or 1.234,5
_POINT_DECIDES = re.compile(r"[\d,]*\.(?:\d{1,2}|\d{4,})")  # 12.5
_COMMA_DECIDES = re.compile(r"[\d.]*,(?:\d{1,2}|\d{4,})")  # 12,5
_ONE_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.234

#: So many different numbers with three digits behind the point are thousands: no count has thousandths of a person.
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Habit:
    """What a mark before three digits means in a column: None where the column does not tell."""

    point_parts: bool | None = None  # whether a point parts thousands
    comma_parts: bool | None = True  # whether a comma does, as it mostly does
    sample: str | None = None  # a number that was read by what the others tell


def habit_of(texts: Iterable[str | None]) -> Habit:
    """Return the habit that the cells of a column show."""
    numbers = {number for text in texts if text for number in _DIGITS.findall(plain_digits(text))}
    parted = any(_POINT_PARTS.fullmatch(number) for number in numbers)
    comma_decides = any(_COMMA_DECIDES.fullmatch(number) for number in numbers)
    point_decides = any(_POINT_DECIDES.fullmatch(number) for number in numbers)
    doubtful = sorted(number for number in numbers if _ONE_POINT.fullmatch(number))
    if point_decides:
        return Habit(point_parts=None, comma_parts=None if comma_decides else True)
    if parted or len(doubtful) >= _ENOUGH:
        return Habit(point_parts=True, comma_parts=None, sample=doubtful[0] if doubtful else None)
    return Habit(comma_parts=None if comma_decides else True)


def plain_digits(text: str) -> str:
    """Return the text with the digits of every script as 0 to 9, and the marks of Arabic numbers as point and comma."""
    if text.isascii():
        return text
    marks = {"\u066b": ".", "\u066c": ",", "\u060c": ","}
    return "".join(
        marks.get(letter, letter if (digit := decimal(letter, None)) is None else str(digit)) for letter in text
    )
