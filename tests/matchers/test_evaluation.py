"""Measures of ranking and calibration say what they should where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.evaluation import average_precision, calibration_error


def test_average_precision_of_a_perfect_and_a_blind_ranking():
    """A perfect ranking has average precision one, a constant score the share of the label."""
    label = np.array([True, True, False, False])
    assert average_precision(label, np.array([0.9, 0.8, 0.2, 0.1])) == pytest.approx(1.0)
    assert average_precision(label, np.full(4, 0.5)) == pytest.approx(0.5)


def test_calibration_error_of_honest_and_false_probabilities():
    """Certain and right is no error, certain and wrong is all of it."""
    label = np.array([True] * 10 + [False] * 10)
    assert calibration_error(label, label.astype(float)) == pytest.approx(0.0)
    assert calibration_error(label, 1.0 - label) == pytest.approx(1.0)


def test_a_ranking_without_any_labelled_row_is_refused():
    """Where nothing is hidden, no ranking of the hidden can be measured."""
    with pytest.raises(ValueError, match="no row is labelled"):
        average_precision(np.zeros(3, dtype=bool), np.array([0.1, 0.2, 0.3]))
