"""The open-set posterior against the worked examples of the specification."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.absence import open_set
from matchers.parameters import DEFAULTS

RATIOS = st.lists(st.floats(0, 1e9), max_size=6)


def posterior(ratios, q=0.1, size=400, rest=0.0):
    """Return the posterior of one record with these candidates."""
    return open_set(np.zeros(len(ratios), np.int64), np.array(ratios, float), np.array([rest]), (q, size))


@pytest.mark.parametrize(
    ("ratios", "absent"),
    [([16384], 0.00271), ([64], 0.40984), ([64, 64], 0.25773), ([512, 4], 0.07930), ([0.5] * 5, 0.94675), ([], 1.0)],
)
def test_open_set_vectors(ratios, absent):
    """M = 400 and q = 0.1 give the probabilities of absence worked out in the specification (L3)."""
    assert posterior(ratios).absent[0] == pytest.approx(absent, abs=1e-5)


def test_two_equal_candidates_share():
    """Two candidates of the same evidence are equally likely (L3)."""
    assert posterior([64, 64]).pair == pytest.approx([0.37113, 0.37113], abs=1e-5)


def test_a_single_pair_is_fellegi_and_sunter():
    """With one candidate and odds 1 : 399 the posterior is that of Fellegi and Sunter (L1)."""
    agree = (0.23 / 0.0014) * (0.80 / 0.01) * (0.95 / 0.02)
    differ = (0.10 / 0.98) * (0.80 / 0.01) * (0.95 / 0.02)
    assert math.log2(agree) == pytest.approx(19.2518, abs=1e-4)
    assert math.log2(differ) == pytest.approx(8.5990, abs=1e-4)
    assert posterior([agree], q=1 - 1 / 400, size=1).pair[0] == pytest.approx(0.999361, abs=1e-6)
    assert posterior([differ], q=1 - 1 / 400, size=1).pair[0] == pytest.approx(0.492854, abs=1e-6)


@given(RATIOS, st.floats(0.01, 0.99), st.integers(1, 10**6), st.floats(0, 1))
def test_probabilities_add_up(ratios, q, size, rest):
    """Absence, the candidates and the places not proposed share exactly one."""
    found = posterior(ratios, q, size, rest)
    unproposed = (1 - q) * rest * found.absent[0] / q
    assert found.absent[0] + found.pair.sum() + unproposed == pytest.approx(1.0)


@given(RATIOS, st.floats(1e-3, 1e9))
def test_a_candidate_never_makes_absence_likelier(ratios, more):
    """One candidate more can only lower the probability of absence."""
    assert posterior([*ratios, more]).absent[0] <= posterior(ratios).absent[0]


def test_thresholds_follow_from_costs():
    """Costs 5, 3 and 0.25 put the review zone between 0.083 and 0.95."""
    assert DEFAULTS.absence.match_below == pytest.approx(0.0833, abs=1e-4)
    assert DEFAULTS.absence.absent_above == pytest.approx(0.95)
