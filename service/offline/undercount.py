"""Two counts held against each other at a desk, without records or lists: what they show, and what they could."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from matchers.counting.mechanisms import NONE, Kind, Mechanism, Published
from matchers.counting.methods import Method, method_of
from matchers.counting.pairs import MOST_GROWTH
from matchers.counting.power import BAR, detectable, spread_allowed
from matchers.parameters import DEFAULTS, Counting
from service.errors import INVALID, Problem
from service.plots.posterior import Pair, percent, told

OTHER = 0.15  # error of official count, boundaries and years between, where nobody says better
_MOST_OTHER = 1.0
_MARGIN = 1.96  # standard deviations of a 95 % margin
_BOUNDS = re.compile(r"(\d+)\s*(?:-|to|\.\.)\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the citizens' count, how it was made, and what is published where something is."""

    citizen: float
    method: str = ""
    official: str = ""  # a number, "<10" or "1-9"; empty to ask what could be shown
    disclosure: str = ""  # e.g. "random_rounded 5"
    growth: float = 0.0  # log growth from the official to the citizen date
    other: float = OTHER
    shortage: float = 0.2  # to be shown
    counting: Counting = DEFAULTS.counting  # whose prior of coverage is asked

    def __post_init__(self) -> None:
        """Refuse what cannot be asked: `Problem` for a count, an error or a shortage out of range."""
        if not (math.isfinite(self.citizen) and self.citizen > 0):
            _refuse(f"The citizens' count must be a positive number, not {self.citizen:g}.")
        if not abs(self.growth) <= MOST_GROWTH:
            _refuse(f"The log growth must lie within {MOST_GROWTH:g} of zero, not at {self.growth:g}.")
        if not 0 <= self.other <= _MOST_OTHER:
            _refuse(f"The error of everything else lies between 0 and {_MOST_OTHER:g}, not at {self.other:g}.")
        if not 0 < self.shortage < 1:
            _refuse(f"A shortage is a share between 0 and 1, not {self.shortage:g}.")

    @property
    def way(self) -> Method:
        """The method that its description stands for."""
        return method_of(self.method)

    @property
    def pair(self) -> Pair | None:
        """The two counts; None where none is published."""
        if not self.official.strip():
            return None
        spread = math.hypot(self.way.sigma, self.other)
        published = _published(self.official, self.mechanism)
        return Pair(self.citizen, published, spread, self.growth, prior=self.counting.prior)

    @property
    def mechanism(self) -> Mechanism:
        """What the publisher does. Raises `Problem` where that cannot be read."""
        return _mechanism(self.disclosure) if self.disclosure.strip() else NONE


def answered(question: Question) -> Iterator[str]:
    """Yield the answer in sentences: what was found, what could have been, and how exact a count would have to be.

    Raises `Problem` for counts that cannot be held against each other.
    """
    method, people = question.way, question.citizen * math.exp(-question.growth)
    try:
        if (pair := question.pair) is not None:
            yield told(pair)
        least = detectable(people, math.hypot(method.sigma, question.other), question.mechanism)
        allowed = spread_allowed(people, question.shortage, question.other)
    except ValueError as error:
        raise Problem(INVALID, f"The counts cannot be held against each other: {error}.") from error
    made = method.code.replace("_", " ") if method.conclusive else "an unknown method"
    if not method.conclusive:
        yield "Nobody knows how the count was made, so whatever it shows, it proves nothing."
    if least is None:
        yield f"By {made}, it could not have shown an undercount whatever the list has."
    else:
        yield f"By {made}, it shows an undercount where the list has {least * people:,.0f} or fewer ({percent(least)})."
    yield _exactness(question, allowed)
    if question.other == OTHER:
        yield f"Boundaries may differ by {OTHER:.2f} where nobody says; in one and the same unit give --other 0.02."


def _exactness(question: Question, allowed: float | None) -> str:
    shown = f"To show with probability {BAR.p:.2f} that {percent(question.shortage)} are missing"
    if allowed is None:
        return f"{shown}, no count would be exact enough: the community is too small, or the rest too uncertain."
    return f"{shown}, the count itself must be right within about {percent(_MARGIN * allowed)} (95 % margin)."


def _published(text: str, mechanism: Mechanism) -> Published:
    said = text.strip().replace(",", "")
    if bounds := _BOUNDS.fullmatch(said):
        return Published(low=float(bounds[1]), high=float(bounds[2]))
    if said.startswith("<") and said[1:].strip().isdigit():
        return Published(low=0.0, high=float(said[1:]) - 1)
    try:
        return Published(float(said), mechanism=mechanism)
    except ValueError as error:
        detail = f"{text} cannot be read as an official count. Give a number, <10, or bounds such as 1-9."
        raise Problem(INVALID, detail) from error


def _mechanism(text: str) -> Mechanism:
    kind, _, scale = text.strip().partition(" ")
    if kind not in _MAKE or not _NUMBER.fullmatch(scale.strip()):
        _refuse(f"{text} cannot be read. Write rounded 10, random_rounded 5, geometric 0.2, normal 12 or margin 20.")
    try:
        return _MAKE[kind](float(scale))
    except ValueError as error:
        raise Problem(INVALID, f"{text} is nothing a publisher does: {error}.") from error


_NUMBER = re.compile(r"\d+(\.\d+)?")
_MAKE: Mapping[str, Callable[[float], Mechanism]] = {
    "rounded": lambda base: Mechanism(Kind.ROUNDED, base),
    "random_rounded": lambda base: Mechanism(Kind.RANDOM_ROUNDED, base),
    "geometric": Mechanism.geometric,
    "normal": Mechanism.normal,
    "margin": Mechanism.margin_of_error,
}


def _refuse(detail: str) -> NoReturn:
    raise Problem(INVALID, detail)
