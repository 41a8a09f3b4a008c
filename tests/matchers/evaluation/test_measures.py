"""Measures of ranking and calibration say what they should where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.evaluation import average_precision, brier, calibration_error, precision_at
from matchers.evaluation.measures import bins_of


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


def test_average_precision_of_a_mixed_ranking_is_what_one_reckons_by_hand():
    """Hidden rows on ranks 1, 3 and 6 of six have precision 1/1, 2/3 and 3/6 there; their mean is 13/18."""
    label = np.array([True, False, True, False, False, True])
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    assert average_precision(label, score) == pytest.approx(13 / 18)


def test_rows_of_one_score_count_as_one_step_whatever_their_order():
    """A tie gives no credit for the order of the file: two of four tied rows are precision one half at full recall."""
    score = np.array([0.9, 0.5, 0.5, 0.5])
    for label in ([True, True, False, False], [True, False, False, True]):
        assert average_precision(np.array(label), score) == pytest.approx(0.5 * 1 + 0.5 * 2 / 4)


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_size():
    """Three rows stated at .2 of which none is hidden, and two at .9 of which one is: 3/5 of .2 and 2/5 of .4."""
    stated = np.array([0.2, 0.2, 0.2, 0.9, 0.9])
    label = np.array([False, False, False, True, False])
    assert [len(rows) for rows in bins_of(stated, 2)] == [3, 2]
    assert calibration_error(label, stated, bins=2) == pytest.approx(0.6 * 0.2 + 0.4 * 0.4)


def test_brier_score_is_the_mean_squared_gap():
    """Stated .8 and hidden, stated .4 and listed: (.04 + .16) / 2."""
    assert brier(np.array([True, False]), np.array([0.8, 0.4])) == pytest.approx(0.1)


def test_precision_falls_with_the_share_of_hidden_places():
    """Half of the hidden found and one listed place in a hundred flagged: right in 1/2 of flags where 1 in 51 hides."""
    assert precision_at(1 / 51, 0.5, 0.01) == pytest.approx(0.5)
    assert precision_at(0.3, 0.5, 0.01) > precision_at(0.1, 0.5, 0.01) > precision_at(0.02, 0.5, 0.01)
    assert np.isnan(precision_at(0.1, 0.0, 0.0))
