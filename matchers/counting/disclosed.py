"""An official count as it was published: its number or bounds, and what the publisher did to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.cells import CellStatus
from geodata.counts.coverage import Disclosure, Treatment
from matchers.counting.mechanisms import NONE, Mechanism, Published

_SMALL_CELL = 20.0  # below, a change by cell key matters
_CELL_KEY_SD = 1.0
_RANGE_LEVEL = 95  # of a published range beside a number, where the list does not say
_OPEN = frozenset({CellStatus.SUPPRESSED.value, CellStatus.OPEN_ENDED_BOUND.value})
_NO_NUMBER = frozenset({"not_applicable", "not_available", "absent_cell"})


def mechanism_of(disclosure: Disclosure, value: float | None = None) -> Mechanism:
    """Return what a list does to a number, by its manifest; of a margin that each count gives itself, nothing."""
    treatment = disclosure.treatment
    if treatment is Treatment.ROUNDED and disclosure.base:
        return Mechanism.rounded(disclosure.base)
    if treatment is Treatment.RANDOM_ROUNDED and disclosure.base:
        return Mechanism.random_rounded(disclosure.base)
    if treatment is Treatment.GEOMETRIC and disclosure.epsilon:
        return Mechanism.geometric(disclosure.epsilon)
    if treatment is Treatment.MARGIN and disclosure.margin:
        return Mechanism.margin_of_error(disclosure.margin, disclosure.level / 100)
    if treatment is Treatment.CELL_KEY and value is not None and value < _SMALL_CELL:
        return Mechanism.normal(_CELL_KEY_SD)
    return NONE


def published(count: Mapping[str, Any], disclosure: Disclosure) -> Published | None:
    """Return an official count (`geodata.places.COUNT`) as it was published; None where it says no number at all.

    A withheld number lies between its own bounds, or between those of the list's rule. A number beside a range has the
    error that the range stands for.
    """
    value, low, high = count["value"], count["low"], count["high"]
    if value is not None:
        noise = mechanism_of(disclosure, value)
        if noise == NONE and low is not None and high is not None and high > low:
            level = disclosure.level if disclosure.treatment is Treatment.MARGIN else _RANGE_LEVEL
            noise = Mechanism.margin_of_error((high - low) / 2, level / 100)
        return Published(float(value), mechanism=noise)
    if count["status"] in _NO_NUMBER:
        return None
    if high is None and disclosure.treatment is Treatment.SUPPRESSED and disclosure.below:
        high = disclosure.below - 1 if count["status"] in _OPEN and low is None else None
    if high is None:
        return None
    shown = disclosure.treatment is Treatment.SUPPRESSED and disclosure.zeros_shown
    least = max(low or 0.0, 1.0 if shown and count["status"] in _OPEN else 0.0)
    return Published(None, float(least), float(high)) if least <= high else None


def summed(number: float, cells: int, disclosure: Disclosure) -> Published:
    """Return the sum of several published cells: their noise adds up."""
    noise = mechanism_of(disclosure, number)
    if cells > 1 and noise.sd > 0:
        noise = Mechanism.normal(noise.sd * cells**0.5)
    return Published(number, mechanism=noise)
