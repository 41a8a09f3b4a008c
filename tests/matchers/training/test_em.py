"""Match weights as Fellegi and Sunter define them, and their parameters found again from pairs without labels."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.training.em import (
    MISSING,
    Comparisons,
    Mixture,
    Prior,
    estimate,
    match_weight,
    probability,
    rarity_bits,
    shares,
)

PATTERNS = np.array(list(itertools.product((0, 1), repeat=3)))
COUNTS = np.array([61620, 3380, 15630, 1370, 7380, 1620, 3870, 5130], np.float64)
TRUE_U = tuple(np.array([1 - u, u]) for u in (0.1, 0.2, 0.05))
ALIKE = Mixture(
    1 / 400,
    (np.array([0.23, 0.10]), np.array([0.80, 0.02]), np.array([0.95, 0.05])),
    (np.array([0.0014, 0.98]), np.array([0.01, 0.90]), np.array([0.02, 0.98])),
)


def _patterns(counts=COUNTS) -> Comparisons:
    return Comparisons(PATTERNS, counts, np.zeros(len(PATTERNS)))


def _blind(u=None) -> Mixture:
    half = tuple(np.array([1, 9]) / 10 for _ in range(3))
    return Mixture(0.05, half, u or tuple(each[::-1] for each in half))


def test_weights_of_the_worked_example():
    """Methods L1: agreement in name, distance and unit is 19.25 bits; without the name 8.60."""
    weight = match_weight(np.array([[0, 0, 0], [1, 0, 0]]), ALIKE)
    assert weight == pytest.approx([19.2518, 8.5990], abs=1e-4)
    assert probability(weight, ALIKE.share) == pytest.approx([0.999361, 0.492854], abs=1e-6)


def test_em_recovers_the_mixture_behind_the_patterns():
    """Methods L2: share .1, m .9 .8 .7 and u .1 .2 .05 are found from the counts alone."""
    found = estimate(_patterns(), _blind(), learn_u=True)
    assert found.share == pytest.approx(0.1, abs=1e-3)
    assert [m[1] for m in found.m] == pytest.approx([0.9, 0.8, 0.7], abs=1e-3)
    assert [u[1] for u in found.u] == pytest.approx([0.1, 0.2, 0.05], abs=1e-3)


def test_em_with_u_fixed_recovers_m():
    """With u known from random pairs, m and the share of matches follow."""
    found = estimate(_patterns(), _blind(TRUE_U))
    assert found.share == pytest.approx(0.1, abs=1e-3)
    assert [m[1] for m in found.m] == pytest.approx([0.9, 0.8, 0.7], abs=1e-3)
    assert found.u is TRUE_U


@pytest.mark.parametrize(("frequency", "bits"), [(0.012, -1.2630), (0.0002, 4.6439)])
def test_term_frequency_of_the_worked_example(frequency, bits):
    """Methods L5: a common name costs 1.26 bits, a rare one earns 4.64."""
    assert rarity_bits(0.005, np.array([frequency]))[0] == pytest.approx(bits, abs=1e-4)


def test_no_term_is_believed_rarer_than_one_in_a_hundred_thousand():
    """A name that occurs nowhere else does not decide by itself."""
    assert rarity_bits(0.005, np.array([0.0]))[0] == pytest.approx(np.log2(500))


def test_missing_is_not_mismatch():
    """Pairs that do not say a feature change nothing about it, however many they are."""
    silent = PATTERNS.copy()
    silent[:, 2] = MISSING
    both = Comparisons(
        np.concatenate((PATTERNS, silent)), np.concatenate((COUNTS, COUNTS)), np.zeros(2 * len(PATTERNS))
    )
    found = estimate(both, _blind(TRUE_U))
    assert [m[1] for m in found.m] == pytest.approx([0.9, 0.8, 0.7], abs=1e-3)
    assert match_weight(np.array([[MISSING, MISSING, MISSING]]), ALIKE)[0] == 0.0


def test_pseudo_matches_hold_few_pairs_back():
    """A hundred pairs beside fifty pseudo-matches stay near the start; a hundred thousand do not."""
    few = estimate(_patterns(COUNTS / 1_000), _blind(TRUE_U), Prior(50))
    many = estimate(_patterns(), _blind(TRUE_U), Prior(50))
    assert few.m[2][1] > 0.85
    assert many.m[2][1] == pytest.approx(0.7, abs=5e-3)


def test_further_evidence_is_told_apart():
    """Pairs alike in level but not in rarity are not thrown together."""
    found = Comparisons.of(np.zeros((4, 1), np.int64), np.array([0.0, 0.0, 3.0, -3.0]))
    assert found.times.tolist() == [1, 2, 1]
    assert found.bits.tolist() == [-3, 0, 3]


def test_no_pairs_are_refused():
    """Nothing is learned from nothing."""
    with pytest.raises(ValueError, match="no pairs"):
        estimate(_patterns(COUNTS * 0), _blind())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=8, max_size=8).filter(any))
def test_estimates_stay_shares(counts):
    """Whatever the counts, every level's share is between none and all, and they sum to one."""
    found = _patterns(np.array(counts, np.float64))
    mixture = estimate(found, _blind(TRUE_U), Prior(1))
    for column in mixture.m:
        assert column.sum() == pytest.approx(1)
        assert np.all(column >= 0)
    assert 0 < mixture.share < 1


def test_shares_without_pairs_are_the_prior():
    """A feature that nobody gives keeps what was thought of it."""
    assert shares(np.array([MISSING]), np.ones(1), np.array([30.0, 20.0])).tolist() == [0.6, 0.4]
