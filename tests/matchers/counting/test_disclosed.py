"""Official counts as they were published: numbers, bounds, and what the publisher did to them."""

import math

import pytest

from geodata.counts.coverage import Disclosure, Treatment
from matchers.counting.disclosed import mechanism_of, published, summed
from matchers.counting.mechanisms import NONE, Mechanism, Published

UNDER_TEN = Disclosure(Treatment.SUPPRESSED, below=10)
ZEROS_TOO = Disclosure(Treatment.SUPPRESSED, below=10, zeros_shown=False)


def count(status="observed", **given):
    """Return a published count."""
    return {"value": None, "low": None, "high": None, **given, "status": status}


@pytest.mark.parametrize(
    ("disclosure", "value", "mechanism"),
    [
        (Disclosure(), 490, NONE),
        (Disclosure(Treatment.ROUNDED, base=10), 490, Mechanism.rounded(10)),
        (Disclosure(Treatment.RANDOM_ROUNDED, base=3), 9, Mechanism.random_rounded(3)),
        (Disclosure(Treatment.GEOMETRIC, epsilon=0.2), 9, Mechanism.geometric(0.2)),
        (Disclosure(Treatment.MARGIN, margin=32.9), 490, Mechanism.normal(20.0)),
        (Disclosure(Treatment.MARGIN, margin=39.2, level=95), 490, Mechanism.normal(20.0)),
        (Disclosure(Treatment.CELL_KEY), 12, Mechanism.normal(1.0)),
        (Disclosure(Treatment.CELL_KEY), 490, NONE),
        (UNDER_TEN, 490, NONE),
    ],
)
def test_what_a_list_declares_is_done_to_its_numbers(disclosure, value, mechanism):
    """Each treatment of the manifest is the mechanism of its numbers; what is published above a rule is untouched."""
    found = mechanism_of(disclosure, value)
    assert (found.kind, found.scale) == (mechanism.kind, pytest.approx(mechanism.scale))
    assert published(count(value=value), disclosure) == Published(value, mechanism=found)


@pytest.mark.parametrize(
    ("given", "disclosure", "bounds"),
    [
        (count("open_ended_bound", low=0, high=9), Disclosure(), (0, 9)),
        (count("open_ended_bound", low=0, high=9), UNDER_TEN, (1, 9)),
        (count("open_ended_bound", low=0, high=9), ZEROS_TOO, (0, 9)),
        (count("suppressed"), UNDER_TEN, (1, 9)),
        (count("suppressed"), ZEROS_TOO, (0, 9)),
        (count("suppressed", low=3, high=9), UNDER_TEN, (3, 9)),
        (count("estimated", low=500, high=600), Disclosure(), (500, 600)),
    ],
)
def test_a_withheld_number_lies_between_bounds(given, disclosure, bounds):
    """Its own, or those of the list's rule; a zero only where zeros are withheld too."""
    assert published(given, disclosure).bounds == bounds


@pytest.mark.parametrize(
    "given", [count("suppressed"), count("not_available"), count("open_ended_bound", low=500), count()]
)
def test_what_says_no_number_is_none(given):
    """Withheld without a rule, missing, or bounded from below alone: nothing to compare, and never a zero."""
    assert published(given, Disclosure()) is None


def test_a_range_beside_a_number_is_its_error():
    """Bounds printed with a number are read at 95 %, or at the level the list declares for its margins."""
    plain = published(count(value=500, low=480.4, high=519.6), Disclosure())
    at_ninety = published(count(value=500, low=483.55, high=516.45), Disclosure(Treatment.MARGIN))
    assert plain.mechanism.sd == pytest.approx(10)
    assert at_ninety.mechanism.sd == pytest.approx(10)


def test_noise_of_several_cells_adds_up():
    """A sum of four noisy cells has twice the noise of one; without noise it has none."""
    noisy = Disclosure(Treatment.GEOMETRIC, epsilon=0.2)
    assert summed(100, 1, noisy).mechanism == Mechanism.geometric(0.2)
    assert summed(100, 4, noisy).mechanism.sd == pytest.approx(2 * Mechanism.geometric(0.2).sd)
    assert summed(100, 4, Disclosure()).mechanism == NONE
    assert math.isclose(summed(100, 4, noisy).bounds[0], 100)
