"""The posterior against brute force on a grid: any counts, any error, any way of publishing them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from matchers.counting.mechanisms import NONE, Kind, Mechanism, Published
from matchers.counting.pairs import CountPairs
from matchers.counting.posterior import coverage, coverages, density

POINTS = 4001
GRID = np.linspace(math.log(0.005), math.log(5), POINTS)
STEP = GRID[1] - GRID[0]
PRIOR = ((0.70, 0.0, 0.10), (0.20, -0.35, 0.60), (0.10, 0.35, 0.60))

MECHANISMS = st.sampled_from(
    [
        NONE,
        Mechanism.rounded(5),
        Mechanism.rounded(10),
        Mechanism.random_rounded(3),
        Mechanism.random_rounded(5),
        Mechanism.geometric(0.2),
        Mechanism.geometric(1.0),
        Mechanism.normal(1.5),
        Mechanism.normal(8.0),
        Mechanism.suppressed(0, 9),
        Mechanism.suppressed(1, 49),
    ]
)


def meant(published):
    """Return the true numbers a published one may stand for, and the log weight of each."""
    mechanism, (low, high) = published.mechanism, published.bounds
    numbers = np.arange(0, max(high, 0) + 400.0)
    away = np.abs(numbers - low)
    with np.errstate(divide="ignore"):
        weights = {
            Kind.NONE: np.log(numbers == low),
            Kind.SUPPRESSED: np.log((numbers >= low) & (numbers <= high)),
            Kind.ROUNDED: np.log(0.5 * (away * 2 < mechanism.scale) + 0.5 * (away * 2 <= mechanism.scale)),
            Kind.RANDOM_ROUNDED: np.log(np.maximum(1 - away / (mechanism.scale or 1), 0)),
            Kind.GEOMETRIC: -mechanism.scale * away,
            Kind.NORMAL: -((away / (mechanism.scale or 1)) ** 2) / 2,
        }[mechanism.kind]
    kept = weights > weights.max() - 60
    return numbers[kept], weights[kept]


def brute_force(citizen, published, s, growth):
    """Return the distribution of ln kappa on the grid: its density there, and what lies below each point."""
    reach = math.ceil(9 * s / STEP)
    wide = GRID[0] + STEP * np.arange(-reach, POINTS + reach)
    z = wide + math.log(citizen) - growth
    log = np.full(len(z), -np.inf)
    for number, weight in zip(*meant(published), strict=True):
        log = np.logaddexp(log, number * z - np.exp(z) - gammaln(number + 1) + weight)
    kernel = np.exp(-((STEP * np.arange(-reach, reach + 1) / s) ** 2) / 2)
    blurred = np.convolve(np.exp(log - log.max()), kernel, mode="valid")
    shape = blurred * sum(w * np.exp(-(((GRID - m) / d) ** 2) / 2) / d for w, m, d in PRIOR)
    below = np.concatenate([[0], np.cumsum((shape[1:] + shape[:-1]) / 2)])
    return shape / (below[-1] * STEP), below / below[-1]


@settings(max_examples=60, deadline=None)
@given(
    citizen=st.floats(0, 7).map(lambda log: float(round(math.exp(log)))),
    ratio=st.floats(0.02, 3.0),
    s=st.floats(-3.2, 0.0).map(math.exp),
    growth=st.floats(-0.4, 0.4),
    mechanism=MECHANISMS,
)
def test_any_counts_come_to_what_brute_force_says(citizen, ratio, s, growth, mechanism):  # noqa: PLR0917 - drawn by name
    """Probabilities and quantiles are those of the grid, to a thousandth."""
    number = min(round(citizen * ratio), 999)
    base = int(mechanism.scale) if mechanism.kind in {Kind.ROUNDED, Kind.RANDOM_ROUNDED} else 1
    hidden = mechanism.kind is Kind.SUPPRESSED
    published = Published(None if hidden else min(number // base * base, 990), mechanism=mechanism)
    found = coverage(citizen, published, s, growth)
    below = brute_force(citizen, published, s, growth)[1]
    assert found.p_under == pytest.approx(np.interp(math.log(0.9), GRID, below), abs=1e-3)
    assert found.p_over == pytest.approx(1 - np.interp(math.log(1.1), GRID, below), abs=1e-3)
    for quantile, value in ((0.05, found.low), (0.5, found.median), (0.95, found.high)):
        assert np.interp(math.log(value), GRID, below) == pytest.approx(quantile, abs=1e-3)


@pytest.mark.parametrize("number", [1_000, 1_500, 20_000])
def test_large_counts_are_normal_on_the_log_scale(number):
    """From a thousand persons on the normal stands for the Poisson, and nobody sees a difference."""
    published = Published(number)
    below = brute_force(1.2 * number, published, 0.12, 0.0)[1]
    found = coverage(1.2 * number, published, 0.12)
    assert found.p_under == pytest.approx(np.interp(math.log(0.9), GRID, below), abs=2e-3)


def test_a_large_count_under_large_noise_is_no_normal_on_the_log_scale():
    """A survey's 2,000 with a margin of error of 1,500 is tested with its noise in persons."""
    published = Published(2_000, mechanism=Mechanism.margin_of_error(1_500))
    found = coverage(2_500, published, 0.1)
    numbers = np.arange(1.0, 8_000.0)
    grid = GRID[::20]
    noise = ((numbers - 2_000) / published.mechanism.sd) ** 2
    error = ((np.log(numbers / 2_500) - grid[:, None]) / 0.1) ** 2
    blurred = (np.exp(-(noise + error) / 2) / numbers).sum(1)
    shape = blurred * sum(w * np.exp(-(((grid - m) / d) ** 2) / 2) / d for w, m, d in PRIOR)
    below = np.cumsum(shape) - shape / 2
    assert found.p_under == pytest.approx(np.interp(math.log(0.9), grid, below / shape.sum()), abs=5e-3)


def test_the_density_is_that_of_the_grid():
    """What is drawn is the posterior itself."""
    kappa, height = density(40, Published(22, mechanism=Mechanism.geometric(0.2)), 0.102)
    expected = brute_force(40, Published(22, mechanism=Mechanism.geometric(0.2)), 0.102, 0.0)[0]
    assert height == pytest.approx(np.interp(np.log(kappa), GRID, expected), abs=0.02)


def test_evidence_has_a_factor():
    """The Bayes factor is the odds of an undercount after over those before; agreement speaks against."""
    before = brute_force(1.0, Published(mechanism=Mechanism.suppressed(0, 300)), 0.1, 0.0)[1]
    prior = np.interp(math.log(0.9), GRID, before)
    for number in (200, 350, 490):
        found = coverage(500, Published(number), 0.1)
        odds = found.p_under / (1 - found.p_under) / (prior / (1 - prior))
        assert found.bayes_factor == pytest.approx(odds, rel=0.01)
    assert coverage(500, Published(490), 0.1).bayes_factor < 1 < coverage(500, Published(350), 0.1).bayes_factor


def test_many_are_what_each_is_alone():
    """A pair's numbers do not depend on the company it is computed in, whatever the sizes and mechanisms."""
    random = np.random.default_rng(7)
    kinds = [NONE, Mechanism.rounded(10), Mechanism.random_rounded(5), Mechanism.geometric(0.2), Mechanism.normal(5)]
    rows = [
        (float(random.integers(5, 5_000)), Published(float(random.integers(0, 400) * 10), mechanism=kinds[at % 5]))
        for at in range(60)
    ]
    s = random.uniform(0.03, 0.9, 60)
    found = coverages(CountPairs.of([c for c, _ in rows], [p for _, p in rows], s))
    for at, (citizen, published) in enumerate(rows):
        alone = coverage(citizen, published, float(s[at]))
        assert found.row(at).p_under == pytest.approx(alone.p_under, abs=1e-9)
        assert found.row(at).median == pytest.approx(alone.median, rel=1e-6)


@pytest.mark.parametrize(
    ("citizen", "published", "p_under", "end"),
    [
        (1e9, Published(0), 1.0, 0.005),
        (1e6, Published(21), 1.0, 0.005),
        (1e6, Published(low=1, high=9), 1.0, 0.005),
        (1.0, Published(999), 0.0, 5.0),
        (1.0, Published(10_000_000), 0.0, 5.0),
        (1.0, Published(low=900, high=999), 0.0, 5.0),
    ],
)
def test_counts_beyond_all_measure_end_at_the_bounds(citizen, published, p_under, end):
    """Where no possible coverage fits, the nearest possible one is the answer, and nothing overflows."""
    found = coverage(citizen, published, 0.05)
    assert found.p_under == pytest.approx(p_under)
    assert found.median == pytest.approx(end, rel=1e-3)
