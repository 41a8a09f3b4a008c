"""How publishers disturb counts: what they add, and how likely each published number is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from matchers.counting import likelihood
from matchers.counting.mechanisms import NONE, Mechanism, Published

MEANS = np.array([0.3, 2.0, 9.0, 18.0, 25.0, 60.0, 140.0, 165.0, 300.0])
NUMBERS = np.arange(3000)
POISSON = stats.poisson.logpmf(NUMBERS, MEANS[:, None])


@pytest.mark.parametrize(
    ("mechanism", "sd"),
    [
        (NONE, 0.0),
        (Mechanism.random_rounded(5), 2.0),
        (Mechanism.random_rounded(3), 1.155),
        (Mechanism.rounded(5), math.sqrt(2)),
        (Mechanism.rounded(10), math.sqrt(8.5)),
        (Mechanism.geometric(0.2), 7.06),
        (Mechanism.normal(4.0), 4.0),
        (Mechanism.margin_of_error(16.45), 10.0),
        (Mechanism.margin_of_error(19.6, 0.95), 10.0),
        (Mechanism.suppressed(1, 9), math.sqrt(80 / 12)),
    ],
)
def test_what_is_added_has_a_standard_deviation(mechanism, sd):
    """Standard deviations are those of the specification, or of the distribution itself."""
    assert mechanism.sd == pytest.approx(sd, abs=0.005)


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (lambda: Mechanism.rounded(0), "multiples of a whole number, not of 0"),
        (lambda: Mechanism.rounded(2.5), "multiples of a whole number, not of 2.5"),
        (lambda: Mechanism.random_rounded(1), "a base from 2 to 100, not 1"),
        (lambda: Mechanism.geometric(0), "epsilon from 0.0001 to 20, not 0"),
        (lambda: Mechanism.geometric(math.nan), "epsilon from 0.0001 to 20, not nan"),
        (lambda: Mechanism.normal(-1), "positive standard deviation, not -1"),
        (lambda: Mechanism.margin_of_error(5, 0.99), "at 0.90 or 0.95, not at 0.99"),
        (lambda: Mechanism.suppressed(9, 1), "between 9 and 1"),
        (lambda: Mechanism.suppressed(-1, 9), "between -1 and 9"),
    ],
)
def test_impossible_mechanisms_are_refused(make, because):
    """A base, a noise or bounds that no publisher can mean are refused with a sentence."""
    with pytest.raises(ValueError, match=because):
        make()


def same(found, weights):
    """Return whether a log likelihood is that of a published number which may stand for each number as weighted.

    Up to a constant, and where it is not exp(-25) times smaller than elsewhere.
    """
    possible = weights > 0
    expected = logsumexp(POISSON[:, possible] + np.log(weights[possible]), axis=1)
    counts = expected > expected.max() - 25
    return counts.sum() > 1 and np.ptp((found - expected)[counts]) < 2e-3


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 9), (1, 9), (15, 30), (250, 800)])
def test_bounds_sum_the_numbers_between_them(low, high):
    """A number withheld but for its bounds may be any of those between."""
    found = likelihood.between(np.array(float(low)), np.array(float(high)), np.log(MEANS))
    assert same(found, ((low <= NUMBERS) & (high >= NUMBERS)).astype(float))


@pytest.mark.parametrize(("published", "base"), [(0, 5), (20, 5), (20, 10), (100, 100)])
def test_rounded_numbers_may_stand_for_those_around(published, base):
    """Each number nearer than half a base counts, and half of those that are just as far from the next multiple."""
    away = np.abs(NUMBERS - published)
    weights = np.where(away * 2 < base, 1.0, np.where(away * 2 == base, 0.5, 0.0))
    assert same(likelihood.rounded(np.array(float(published)), np.array(float(base)), np.log(MEANS)), weights)


@pytest.mark.parametrize(("published", "base"), [(0, 5), (3, 3), (20, 5), (30, 10)])
def test_random_rounding_prefers_the_nearer_multiple(published, base):
    """A number stands for those less than a base away, the nearer the likelier; a published 0 does not mean none."""
    weights = np.maximum(0, 1 - np.abs(NUMBERS - published) / base)
    assert same(
        likelihood.random_rounded(np.array([float(published)]), np.array([float(base)]), np.log(MEANS)), weights
    )


@pytest.mark.parametrize("epsilon", [0.05, 0.2, 1.0, 5.0])
@pytest.mark.parametrize("published", [-12, -1, 0, 22, 150])
def test_geometric_noise_is_summed_in_closed_form(published, epsilon):
    """Incomplete gamma functions give the sum over all true numbers, also for a published one below zero."""
    weights = np.exp(-epsilon * np.abs(NUMBERS - published))
    assert same(likelihood.geometric(np.array(float(published)), np.array(epsilon), np.log(MEANS)), weights)


@pytest.mark.parametrize("sd", [0.5, 1.9, 2.0, 7.0, 60.0])
@pytest.mark.parametrize("published", [-3, 0, 22, 150])
def test_normal_noise_is_summed_or_found_at_its_saddlepoint(published, sd):
    """Small noise is summed, large noise is taken at the saddlepoint, and both are the sum over all true numbers."""
    weights = np.exp(-(((NUMBERS - published) / sd) ** 2) / 2)
    assert same(likelihood.normal(np.array([float(published)]), np.array([sd]), np.log(MEANS)), weights)


@pytest.mark.parametrize(
    "found",
    [
        likelihood.between(np.array(1.0), np.array(9.0), np.array([-900.0, 30.0])),
        likelihood.geometric(np.array(22.0), np.array(0.2), np.array([-900.0, 30.0])),
        likelihood.random_rounded(np.array([20.0]), np.array([5.0]), np.array([-900.0, 30.0])),
        likelihood.normal(np.array([22.0]), np.array([1.0]), np.array([-900.0, 30.0])),
        likelihood.normal(np.array([22.0]), np.array([9.0]), np.array([-900.0, 30.0])),
    ],
)
def test_no_likelihood_is_lost_far_from_agreement(found):
    """Where probabilities underflow their logarithms still tell one mean from another."""
    assert np.isfinite(found).all()


def test_a_published_number_wins_over_bounds():
    """Bounds are what is known without a number, and a suppressing publisher's own where none are given."""
    hidden = Mechanism.suppressed(1, 9)
    assert Published(5, 1, 9).bounds == (5, 5)
    assert Published(low=1, high=4, mechanism=hidden).bounds == (1, 4)
    assert Published(mechanism=hidden).bounds == (1, 9)
    assert all(math.isnan(bound) for bound in Published().bounds)
