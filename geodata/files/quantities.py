"""Counts as people write them: 12,345; 50-60; about 500; fewer than 5; unknown. Unknown is not zero.

Fewer than five are at most four: counts are whole numbers, and whether a zero hides behind "<5" only its list can say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from geodata.cells import CellStatus
from geodata.files.cellwise import Refusal
from geodata.files.habits import Habit, plain_digits

#: Digits in groups of three parted by comma, point, blank or apostrophe, or as in India 12,34,567; or plain.
_NUMBER = r"(?:\d{1,3}(?:[ ,.'\u2019\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d{1,2}(?:,\d{2})+,\d{3}|\d+(?:[.,]\d+)?)"
_PLAIN = re.compile(_NUMBER)
_RANGE = re.compile(
    rf"(?:(?:between|from|entre|de|kati ya)\s+)?({_NUMBER})\s*"
    rf"(?:-|\u2013|\u2014|to|a|\u00e0|~|\.\.|and|et|y|e|na|hadi|ate|at\u00e9|hasta|\u0625\u0644\u0649)\s*({_NUMBER})"
)
_GIVE_OR_TAKE = re.compile(rf"({_NUMBER})\s*(?:\u00b1|\+\s*/\s*-|\+-)\s*({_NUMBER})")
_ABOUT = re.compile(
    rf"(?:~|\u2248|\u00b1|c\.?|ca\.?|circa|about|approx\.?|approximately|around|roughly|environ|env\.?|unos|unas|"
    rf"aprox\.?|aproximadamente|alrededor de|cerca de|mais ou menos|m\u00e1s o menos|plus ou moins|karibu|kama|"
    rf"\u062d\u0648\u0627\u0644\u064a|\u062a\u0642\u0631\u064a\u0628\u0627)\s*({_NUMBER})|"
    rf"({_NUMBER})\s*(?:approx\.?|approximately|aprox\.?|environ|or so)",
)
_AT_LEAST = re.compile(
    rf"(?:>=?|\u2265|over|more than|at least|plus de|m\u00e1s de|mais de)\s*({_NUMBER})|({_NUMBER})\s*\+"
)
_AT_MOST = re.compile(rf"(?:<=|\u2264|at most|no more than|up to|au plus|como m\u00e1ximo)\s*({_NUMBER})")
_LESS_THAN = re.compile(rf"(?:<|under|less than|fewer than|below|moins de|menos de)\s*({_NUMBER})")

#: As statistical offices print them: https://ec.europa.eu/eurostat "c" confidential, census tables "(X)", "*".
_SUPPRESSED = frozenset({"*", "**", "x", "(x)", "c", "(c)", "[c]", "s", "suppressed", "confidential"})
_NOT_AVAILABLE = frozenset(
    {
        "-", "\u2013", "\u2014", "..", "...", "\u2026", ":", "?", "na", "n/a", "n.a.", "nan", "null", "unknown",
        "not known", "not available", "don't know", "dont know", "dk", "no data", "missing", "inconnu", "inconnue",
        "desconocido", "desconocida", "desconhecido", "desconhecida", "sin datos", "sem dados", "nd", "n.d.", "s/d",
        "\u063a\u064a\u0631 \u0645\u0639\u0631\u0648\u0641",
        "\u0644\u0627 \u0623\u0639\u0631\u0641",
        "??", "???", "--", "---", "not counted", "no s\u00e9", "no se", "no sabe", "ns",
        "n.s.",
        "ns/nc", "n\u00e3o sei", "nao sei", "n\u00e3o sabe", "je ne sais pas", "ne sait pas", "nsp", "n.d", "sijui",
        "haijulikani", "#n/a", "s.d.", "sin dato",
    }
)  # fmt: skip

_ALONE = Habit()
_HINT = "write a number such as 1250, a range such as 1200-1300, or unknown"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a range, one bound of it, or a reason why there is none (`geodata.cells.CellStatus`)."""

    value: float | None
    low: float | None
    high: float | None
    status: CellStatus


def read_quantity(text: str, habit: Habit = _ALONE) -> Quantity | Refusal:
    """Read a written count; a range has no `value`, a bound only `low` or `high`.

    `habit` is what the other cells of the column tell about its marks.
    """
    words = plain_digits(text).strip().removeprefix("'").lower()  # the mark by which spreadsheets keep a number as text
    if words in _SUPPRESSED:
        return Quantity(None, None, None, CellStatus.SUPPRESSED)
    if words in _NOT_AVAILABLE:
        return Quantity(None, None, None, CellStatus.NOT_AVAILABLE)
    if words.startswith(("-", "\u2212")) and _PLAIN.fullmatch(words[1:].strip()):
        return Refusal("a count cannot be negative", _HINT)
    return _number(words, habit) if _PLAIN.fullmatch(words) else _inexact(words, habit)


def _number(words: str, habit: Habit) -> Quantity | Refusal:
    value = _value(words, habit)
    if value is None:
        mark = "comma" if "," in words and "." not in words else "point"
        plain = words.replace(".", "").replace(",", "")
        return Refusal("may be a decimal fraction or thousands", f"write {plain} if the {mark} parts thousands")
    return Quantity(value, None, None, CellStatus.OBSERVED if value else CellStatus.TRUE_ZERO)


def _inexact(words: str, habit: Habit) -> Quantity | Refusal:
    if found := _GIVE_OR_TAKE.fullmatch(words):
        value, margin = _value(found[1], habit), _value(found[2], habit)
        if value is None or margin is None:
            return Refusal("is not a count", _HINT)
        return Quantity(value, max(value - margin, 0.0), value + margin, CellStatus.ESTIMATED)
    if found := _RANGE.fullmatch(words):
        low, high = _value(found[1], habit), _value(found[2], habit)
        if low is None or high is None or low > high:
            return Refusal("is not a range from less to more", _HINT)
        return Quantity(None, low, high, CellStatus.ESTIMATED)
    for pattern, build in _BOUNDS:
        if found := pattern.fullmatch(words):
            value = _value(next(filter(None, found.groups())), habit)
            return Refusal("is not a count", _HINT) if value is None else build(value)
    return Refusal("is not a count", _HINT)


_BOUNDS: tuple[tuple[re.Pattern[str], Callable[[float], Quantity]], ...] = (
    (_ABOUT, lambda value: Quantity(value, None, None, CellStatus.ESTIMATED)),
    (_AT_LEAST, lambda value: Quantity(None, value, None, CellStatus.OPEN_ENDED_BOUND)),
    (_AT_MOST, lambda value: Quantity(None, 0.0, value, CellStatus.OPEN_ENDED_BOUND)),
    (_LESS_THAN, lambda value: Quantity(None, 0.0, max(math.ceil(value) - 1.0, 0.0), CellStatus.OPEN_ENDED_BOUND)),
)


def _value(number: str, habit: Habit) -> float | None:
    """Return the number, or None where it could mean two things (1.234, 1.234,567) and the column does not tell."""
    *groups, last = re.split(r"[^\d]", number)
    marks = re.findall(r"[^\d]", number)
    if not marks:
        return float(number)
    if len(last) < len("000") or len(groups[0]) > len("000") or groups[0].startswith("0"):  # the last mark is decimal
        return float(f"{''.join(groups)}.{last}") if len(set(marks[:-1])) <= 1 else None
    if len(set(marks)) > 1 or (marks == ["."] and not habit.point_parts) or (marks == [","] and not habit.comma_parts):
        return None
    return float("".join((*groups, last)))
