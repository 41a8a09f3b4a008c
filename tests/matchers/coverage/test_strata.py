"""Strata: estimated apart, added up, and held against all taken as one."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.coverage.histories import Histories
from matchers.coverage.refusal import Known
from matchers.coverage.strata import stratified

GIVEN = Known(given=True)


def test_totals_and_variances_add_over_strata() -> None:
    """Two alike strata: twice the total, a standard error of the root of two, and no difference to the whole."""
    part = Histories.two(("A", "B"), (200, 150), 120)
    found = stratified({"north": part, "south": part}, GIVEN)
    one = found.strata["north"].total
    assert one is not None
    assert found.total is not None
    assert found.total.value == pytest.approx(2 * one.value)
    assert found.total.se == pytest.approx(one.se * 2**0.5)
    assert found.differs is False


def test_strata_find_what_mixing_them_hides() -> None:
    """Town and bush on the same lists with very different chances: pooled it is far too few, apart it is right."""
    draw = np.random.default_rng(5)
    town = Histories.seen("AB", draw.random((2000, 2)) < 0.8)
    bush = Histories.seen("AB", draw.random((4000, 2)) < 0.15)
    found = stratified({"town": town, "bush": bush}, GIVEN)
    assert found.total is not None
    assert found.pooled.total is not None
    assert found.total.low < 6000 < found.total.high
    assert found.pooled.total.high < 4500
    assert found.differs is True


def test_a_stratum_without_a_total_refuses_the_sum_and_is_named() -> None:
    """The others keep theirs, and how many there are at least is still told."""
    parts = {"north": Histories.two(("A", "B"), (200, 150), 120), "south": Histories.two(("A", "B"), (4, 3), 1)}
    found = stratified(parts, GIVEN)
    assert found.total is None
    assert "1 of 2 strata have no total of their own: south." in found.refusals[0].reason
    assert found.strata["north"].total is not None
    assert found.pooled.histories.distinct == 236
    assert found.as_dict()["differs_from_pooled"] is None


def test_spans_of_three_lists_add(rome: Histories) -> None:
    """The lowest and the highest totals of models that fit about as well."""
    found = stratified({"one": rome, "two": rome}, GIVEN)
    assert found.span == pytest.approx((2 * 10532.26, 2 * 13569.04), abs=0.05)
