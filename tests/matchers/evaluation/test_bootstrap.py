"""Intervals say how far a figure may be off, and are the same at every run."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.evaluation.bootstrap import NOTHING, Bootstrap, Draws, exact


def test_an_interval_of_independent_records_agrees_with_the_normal_approximation():
    """For 120 of 400, 1.96 standard errors of sqrt(.3 * .7 / 400) on either side, within a tenth of their width."""
    part = np.arange(400) % 10 < 3
    found = Draws.of(np.arange(400), Bootstrap(draws=4_000)).share(part, np.ones(400, np.bool_))
    reach = 1.96 * np.sqrt(0.3 * 0.7 / 400)
    assert found.value == pytest.approx(0.3)
    assert found.of == 400
    assert found.low == pytest.approx(0.3 - reach, abs=0.1 * reach)
    assert found.high == pytest.approx(0.3 + reach, abs=0.1 * reach)


def test_records_that_err_together_make_the_interval_wider():
    """Ten areas of forty records that are right or wrong as a whole say less than four hundred single records."""
    area = np.repeat(np.arange(10), 40)
    right, everything = area < 7, np.ones(400, np.bool_)
    alone = Draws.of(np.arange(400), Bootstrap()).share(right, everything)
    together = Draws.of(area, Bootstrap()).share(right, everything)
    assert alone.value == together.value == pytest.approx(0.7)
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_no_error_in_few_records_is_not_called_certain():
    """None wrong of thirty may still be up to one in nine: 1 - .025 ** (1 / 30)."""
    none = np.zeros(30, np.bool_)
    found = Draws.of(np.arange(30), Bootstrap()).share(none, ~none)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 30))


def test_the_exact_interval_is_that_of_the_binomial():
    """For 5 of 10 it is .187 to .813 (Clopper and Pearson's own table), and it reaches both ends where it must."""
    assert exact(5, 10, 0.95) == pytest.approx((0.187, 0.813), abs=0.0005)
    assert exact(0, 4, 0.95)[0] == 0.0
    assert exact(4, 4, 0.95)[1] == 1.0


def test_a_share_of_nothing_is_no_figure():
    """Where no record is concerned there is neither value nor interval."""
    none = np.zeros(5, np.bool_)
    assert Draws.of(np.arange(5), Bootstrap()).share(~none, none) == NOTHING


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    """A report can be made again to the last digit."""
    part, whole = np.arange(50) % 3 == 0, np.ones(50, np.bool_)
    one, again, other = (Draws.of(np.arange(50), Bootstrap(seed=seed)).share(part, whole) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_any_measure_is_drawn_by_whole_clusters():
    """The mean of a column varies between draws as the means of its clusters do, and stays within them."""
    values, area = np.array([0.0, 0.0, 1.0, 1.0]), np.array([7, 7, 9, 9])
    found = Draws.of(area, Bootstrap()).measure(lambda rows: float(values[rows].mean()), 4)
    assert (found.low, found.value, found.high) == (0.0, 0.5, 1.0)
