"""One count from several: the numbers are the worked examples of the method, and the edges where it could go wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.communities.combining import combine


def correlated(size, shared):
    """Return a matrix with one correlation off the diagonal."""
    return np.full((size, size), shared) + (1 - shared) * np.eye(size)


def test_counts_combine_on_the_logarithms():
    """Two counts of Kibera, 252,500 and 202,532, with errors of .20 and .15 that share a fifth."""
    found = combine(np.array([252_500.0, 202_532.0]), np.array([0.20, 0.15]), correlated(2, 0.2))
    assert found.value == pytest.approx(217_663, abs=1)
    assert (found.sd, found.spread) == pytest.approx((0.1308, 0.963), abs=2e-4)
    assert not found.conflicting
    assert not found.far_apart
    assert sum(found.weights) == pytest.approx(1)


def test_a_near_copy_gets_no_negative_weight():
    """Where errors are nearly shared, the worse of two counts is left out instead of pushing the result beyond both."""
    found = combine(np.array([100.0, 200.0]), np.array([0.1, 0.5]), correlated(2, 0.9))
    assert found.weights == (1.0, 0.0)
    assert found.value == pytest.approx(100)


def test_identical_sources_count_once():
    """Counts that wholly share their errors are one source; the surest of them stands for all."""
    twice = combine(np.array([100.0, 100.0]), np.array([0.1, 0.1]), correlated(2, 1.0))
    assert (twice.value, twice.sd, twice.spread) == pytest.approx((100, 0.1, 0))
    assert twice.weights == (0.5, 0.5)
    better = combine(np.array([120.0, 100.0]), np.array([0.3, 0.1]), correlated(2, 1.0))
    assert (better.value, better.sd, better.weights) == (pytest.approx(100), pytest.approx(0.1), (0.0, 1.0))
    shared = np.array([[1.0, 1.0, 0.2], [1.0, 1.0, 0.2], [0.2, 0.2, 1.0]])
    three = combine(np.array([100.0, 100.0, 110.0]), np.array([0.1, 0.1, 0.1]), shared)
    two = combine(np.array([100.0, 110.0]), np.array([0.1, 0.1]), correlated(2, 0.2))
    assert (three.value, three.sd) == pytest.approx((two.value, two.sd))
    assert three.weights == pytest.approx((0.25, 0.25, 0.5))


def test_correlations_that_cannot_be_true_together_are_mended():
    """A source that shares with two others which share nothing is no reason for a variance below zero."""
    shared = np.array([[1.0, 0.8, 0.2], [0.8, 1.0, 0.8], [0.2, 0.8, 1.0]])
    assert np.linalg.eigvalsh(shared).min() < 0
    found = combine(np.array([104.0, 100.0, 96.0]), np.array([0.1, 0.1, 0.1]), shared)
    assert 96 <= found.value <= 104
    assert 0 < found.sd <= 0.1


def test_counts_that_contradict_one_another_say_so():
    """Beyond what their errors allow they are conflicting, with a wider error; twice apart they call for a person."""
    counts, sds = np.array([1_000.0, 5_000.0]), np.array([0.1, 0.1])
    found = combine(counts, sds, correlated(2, 0.2))
    assert (found.conflicting, found.far_apart) == (True, True)
    plain = combine(np.array([1_000.0, 1_000.0]), sds, correlated(2, 0.2))
    assert found.sd == pytest.approx(plain.sd * np.sqrt(found.spread))
    rough = combine(counts, np.array([0.9, 0.9]), correlated(2, 0.2))
    assert (rough.conflicting, rough.far_apart) == (False, True)


def test_one_wild_claim_moves_nothing():
    """Of more than three counts that contradict one another, the median counts."""
    found = combine(np.array([480.0, 510.0, 505.0, 5_000.0]), np.full(4, 0.1), correlated(4, 0.2))
    assert (found.value, found.conflicting) == (pytest.approx(507.49, abs=0.01), True)
    alike = combine(np.array([480.0, 510.0, 505.0, 520.0]), np.full(4, 0.1), correlated(4, 0.2))
    assert not alike.conflicting
    assert alike.value == pytest.approx(np.exp(np.log([480, 510, 505, 520]).mean()))


@pytest.mark.parametrize(
    ("counts", "sds", "correlation", "wrong"),
    [
        ([], [], np.eye(0), "counts to combine must be positive"),
        ([0.0], [0.1], np.eye(1), "counts to combine must be positive"),
        ([-5.0, 5.0], [0.1, 0.1], np.eye(2), "counts to combine must be positive"),
        ([float("nan")], [0.1], np.eye(1), "counts to combine must be positive"),
        ([float("inf")], [0.1], np.eye(1), "counts to combine must be positive"),
        ([5.0], [0.0], np.eye(1), "a standard deviation above zero"),
        ([5.0], [float("nan")], np.eye(1), "a standard deviation above zero"),
        ([5.0, 6.0], [0.1], np.eye(2), "a standard deviation above zero"),
        ([5.0, 6.0], [0.1, 0.1], np.eye(3), "symmetric matrix"),
        ([5.0, 6.0], [0.1, 0.1], np.array([[1.0, 0.2], [0.3, 1.0]]), "symmetric matrix"),
        ([5.0, 6.0], [0.1, 0.1], 2 * np.eye(2), "ones on its diagonal"),
        ([5.0, 6.0], [0.1, 0.1], np.array([[1.0, 1.5], [1.5, 1.0]]), "between -1 and 1"),
    ],
)
def test_nonsense_gets_no_number(counts, sds, correlation, wrong):
    """What is no count, no error or no correlation is refused with what it should have been."""
    with pytest.raises(ValueError, match=wrong):
        combine(np.array(counts), np.array(sds), correlation)


@given(
    st.lists(st.tuples(st.floats(1, 1e7), st.floats(0.01, 1.0), st.integers(0, 2)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_a_combined_count_lies_among_those_combined(counts, random):
    """Whatever the counts, the result lies between them, with an error, and does not depend on their order."""

    def found(order):
        values, sds, origins = (np.array(column, float) for column in zip(*order, strict=True))
        same = np.equal.outer(origins, origins)
        return combine(values, sds, np.where(np.eye(len(order)), 1.0, np.where(same, 0.8, 0.2)))

    one = found(counts)
    values = [value for value, _, _ in counts]
    assert min(values) * (1 - 1e-9) <= one.value <= max(values) * (1 + 1e-9)
    assert one.sd > 0
    assert sum(one.weights) == pytest.approx(1)
    shuffled = random.sample(counts, len(counts))
    assert found(shuffled).value == pytest.approx(one.value)
