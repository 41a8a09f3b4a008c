"""Which counts of one community enter its common count, and what the others do for it."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from matchers.communities.estimates import Estimate, Part, together
from matchers.counting.methods import EXTRAPOLATION, FULL_ENUMERATION, MEMBERSHIP, STRUCTURES, UNKNOWN

TODAY = date(2026, 3, 1)
DAY = date(2025, 3, 1)


def estimate(value, method=FULL_ENUMERATION, **parts):
    """Return an estimate by a method, with its usual error."""
    return Estimate(**{"value": value, "sd": method.sigma, "day": DAY, "method": method} | parts)


def strangers(size):
    """Return the correlations of sources that share nothing special."""
    return np.full((size, size), 0.2) + 0.8 * np.eye(size)


def test_kibera_comes_to_one_number():
    """The extrapolation and the satellite count come to 217,663; the number everybody quotes takes no part."""
    counts = [estimate(252_500, EXTRAPOLATION), estimate(202_532, STRUCTURES), estimate(1_000_000, UNKNOWN)]
    found = together(counts, strangers(3), TODAY)
    assert found.parts == (Part.COMBINED, Part.COMBINED, Part.UNWEIGHABLE)
    assert found.value == pytest.approx(217_663, abs=1)
    assert (found.number, found.conflicting, found.for_a_person) == (2, False, False)
    assert (found.low, found.high) == pytest.approx((168_424, 281_298), rel=1e-3)


def test_what_says_nothing_of_its_own_takes_no_part():
    """A copy of the official list, a count dated tomorrow and one of too low a quality take no part."""
    counts = [estimate(500), estimate(900, copy=True), estimate(700, day=date(2026, 3, 2)), estimate(700, fit=False)]
    found = together(counts, strangers(4), TODAY)
    assert found.parts == (Part.COMBINED, Part.COPY, Part.FUTURE, Part.UNFIT)
    assert found.value == pytest.approx(500)
    assert together(counts[1:], strangers(3), TODAY) is None
    assert together([], np.eye(0), TODAY) is None


def test_a_lower_bound_only_raises_the_floor():
    """A list of members below the count changes nothing; above it, nothing may fall below; far above, they conflict."""

    def found(members):
        return together([estimate(500), estimate(members, MEMBERSHIP)], strangers(2), TODAY)

    below, within, beyond = found(100), found(520), found(900)
    assert (below.value, below.low) == pytest.approx((500, 500 / math.exp(1.96 * 0.05)))
    assert (within.value, within.low, within.conflicting) == (520, 520, False)
    assert (beyond.value, beyond.high, beyond.conflicting) == (900, 900, True)


def test_counts_of_two_dates_need_a_rate_to_be_one():
    """Without a rate of growth only counts within two years of the latest are combined; with one all are."""
    counts = [estimate(400, day=date(2015, 3, 1)), estimate(500), estimate(480, day=date(2023, 9, 1))]
    alone = together(counts, strangers(3), TODAY)
    assert alone.parts == (Part.OUTDATED, Part.COMBINED, Part.COMBINED)
    assert alone.day == DAY
    grown = together(counts[:2], strangers(2), TODAY, growth=0.0223)
    assert grown.parts == (Part.COMBINED, Part.COMBINED)
    assert grown.value == pytest.approx(500, rel=1e-3)
    assert grown.combined.weights[0] < grown.combined.weights[1]  # the older one is less sure by what may have happened


def test_a_lower_bound_has_no_upper_end():
    """Nobody can say how many more there are than members."""
    assert (estimate(80, MEMBERSHIP).low, estimate(80, MEMBERSHIP).high) == (80, None)
    one = estimate(100, STRUCTURES)
    assert (one.low, one.high) == pytest.approx((100 / math.exp(0.294), 100 * math.exp(0.294)))
