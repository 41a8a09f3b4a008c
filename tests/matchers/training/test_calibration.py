"""Stated probabilities are moved until they hold, and never turned around."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from matchers.company.joint import calibrated
from matchers.evaluation import calibration_error
from matchers.parameters import Calibration
from matchers.training.calibration import fit, isotonic, temperature


def _drawn(slope: float, intercept: float, count: int = 20_000):
    random = np.random.default_rng(7)
    p = random.uniform(0.01, 0.99, count)
    return p, random.random(count) < expit(slope * logit(p) + intercept)


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, -1.0), (2.0, 0.7)])
def test_the_truth_is_recovered(slope, intercept):
    """Labels drawn from a stretched and moved probability give back stretch and move."""
    p, absent = _drawn(slope, intercept)
    assert fit(p, absent) == pytest.approx((slope, intercept), abs=0.06)


def test_a_stretch_alone_is_recovered():
    """Temperature finds the stretch where nothing was moved."""
    p, absent = _drawn(0.6, 0.0)
    assert temperature(p, absent) == pytest.approx(0.6, abs=0.03)


def test_calibration_error_falls():
    """Probabilities that were too sure hold after calibration on other rows."""
    p, absent = _drawn(0.4, 0.8)
    half = len(p) // 2
    after = calibrated(p[half:], Calibration(*fit(p[:half], absent[:half])))
    assert calibration_error(absent[half:], p[half:]) > 0.1
    assert calibration_error(absent[half:], after) < 0.02


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_order_is_kept(rows):
    """Whatever the labels say, a greater probability stays the greater one and stays a probability."""
    p = np.array([row[0] for row in rows], np.float64)
    slope, intercept = fit(p, np.array([row[1] for row in rows], np.bool_))
    after = calibrated(np.sort(p), Calibration(slope, intercept))
    assert slope > 0
    assert np.isfinite(intercept)
    assert np.all(np.diff(after) >= 0)
    assert np.all((after >= 0) & (after <= 1))


def test_labels_of_one_kind_move_only_the_base_rate():
    """Ten rows that were all absent say nothing about how sharply to tell apart."""
    slope, intercept = fit(np.linspace(0.2, 0.8, 10), np.ones(10, np.bool_))
    assert slope == 1.0
    assert intercept > 0


def test_no_labels_change_nothing():
    """Without labels calibration is the identity."""
    assert fit(np.zeros(0), np.zeros(0, np.bool_)) == (1.0, 0.0)


def test_separated_labels_stay_finite():
    """Few rows that happen to be told apart perfectly do not make the model certain."""
    slope, intercept = fit(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert calibrated(np.array([0.9]), Calibration(slope, intercept))[0] < 0.95


def test_isotonic_follows_any_rising_curve():
    """With enough labels the calibrated curve rises and follows a step that no sigmoid has."""
    random = np.random.default_rng(3)
    p = random.random(5_000)
    absent = random.random(5_000) < np.where(p < 0.5, 0.1, 0.7)
    at, level = isotonic(p, absent)
    assert np.all(np.diff(level) >= 0)
    assert np.interp([0.25, 0.75], at, level) == pytest.approx([0.1, 0.7], abs=0.06)


def test_isotonic_needs_many_labels():
    """A few hundred labels are refused, and the message says how many it takes."""
    with pytest.raises(ValueError, match="1,000 labels, there are 300"):
        isotonic(np.full(300, 0.5), np.zeros(300, np.bool_))


@pytest.mark.parametrize(("p", "labels"), [([0.1, 0.2], [True]), ([1.2], [True]), ([float("nan")], [True])])
def test_what_is_no_probability_is_refused(p, labels):
    """Lengths that differ and numbers that are no probability are said, not computed with."""
    with pytest.raises(ValueError, match="probabilities"):
        fit(np.array(p), np.array(labels))
