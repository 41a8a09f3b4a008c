"""A country's own pairs teach what its coverage usually is."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.counting.mechanisms import Published
from matchers.counting.pairs import CODE, CountPairs, Kind
from matchers.counting.posterior import coverages
from matchers.counting.prior import PRIOR, Prior
from matchers.counting.refit import refitted

SEED = 20_261_122


def world(prior, size):
    """Return pairs of counts from a world where coverage is as the prior says."""
    random = np.random.default_rng(SEED)
    part = random.choice(len(prior.weights), size, p=prior.weights)
    kappa = np.exp(np.array(prior.means)[part] + np.array(prior.sds)[part] * random.normal(size=size))
    people, s = np.exp(random.uniform(np.log(100), np.log(5000), size)), random.uniform(0.05, 0.2, size)
    citizen = np.maximum(np.round(people * np.exp(s * random.normal(size=size))), 1)
    official = random.poisson(people * kappa).astype(float)
    kind, nothing = np.full(size, CODE[Kind.NONE], np.int8), np.zeros(size)
    return CountPairs(citizen, official, official, kind, nothing, s, nothing, np.full(size, 0.1)), kappa


def test_a_known_mixture_is_recovered():
    """From three thousand pairs the weights, means and widths of the world they came from are learned."""
    truth = Prior((0.5, 0.4, 0.1), (0.02, -0.60, 0.40), (0.08, 0.30, 0.40))
    found = refitted(world(truth, 3000)[0])
    assert found.weights == pytest.approx(truth.weights, abs=0.06)
    assert found.means == pytest.approx(truth.means, abs=0.10)
    assert found.sds == pytest.approx(truth.sds, abs=0.06)


def test_what_was_learned_serves_better_than_the_default():
    """In a country that misses many, the learned prior's probabilities of an undercount have the smaller error."""
    truth = Prior((0.2, 0.7, 0.1), (-0.1, -0.60, 0.35), (0.10, 0.20, 0.60))
    pairs, kappa = world(truth, 1500)
    learned = refitted(pairs.take(slice(0, 1000)))
    later, under = pairs.take(slice(1000, None)), kappa[1000:] < 0.9
    brier = [np.mean((coverages(later, prior).p_under - under) ** 2) for prior in (learned, PRIOR)]
    assert brier[0] < brier[1]


def test_few_pairs_teach_nothing():
    """Below two hundred usable pairs nothing is learned; refused ones do not count."""
    pairs = CountPairs.of([500.0] * 199 + [0.0] * 50, [Published(450)] * 249, 0.1)
    with pytest.raises(ValueError, match="at least 200 pairs of counts, not from 199"):
        refitted(pairs)


def test_the_median_of_a_prior_is_that_of_its_mixture():
    """Half of what is believed lies below: of one component at its mean, of the default next to full coverage."""
    assert Prior((1.0,), (-0.5,), (0.1,)).median == pytest.approx(np.exp(-0.5), abs=1e-4)
    assert PRIOR.median == pytest.approx(0.992, abs=0.001)


@pytest.mark.parametrize(
    "columns",
    [
        ((0.5, 0.4), (0, 0), (1, 1)),
        ((1.0,), (0.0,), (0.0,)),
        ((1.0,), (9.0,), (1.0,)),
        ((0.5, 0.5), (0.0,), (1.0, 1.0)),
        ((), (), ()),
    ],
)
def test_what_is_no_mixture_is_no_prior(columns):
    """Weights sum to one, means are possible, widths are positive, and every component has all three."""
    with pytest.raises(ValueError, match=r"not a mixture|every component"):
        Prior(*columns)
