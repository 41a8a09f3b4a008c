"""Three lists and more: every model of published studies, to the digits of their reference implementations."""

from __future__ import annotations

import time

import numpy as np
import pytest

from matchers.coverage.hierarchical import models, written
from matchers.coverage.histories import Histories
from matchers.coverage.loglinear import Fit, fits


def of(found: list[Fit], model: str) -> Fit:
    """Return the fit of one model."""
    return next(fit for fit in found if fit.model == model)


def near(found: list[Fit]) -> list[Fit]:
    """Return the models within ten of the lowest BIC."""
    return [fit for fit in found if fit.bic - found[0].bic < 10]


def test_all_hierarchical_models_are_found() -> None:
    """Eight for three lists, 113 for four without the interaction of all; of five, those with interactions of two."""
    assert [len(models(lists)) for lists in (2, 3, 4, 5)] == [1, 8, 113, 1024]
    assert len({written(model, "ABCD") for model in models(4)}) == 113


def test_kosovo_has_the_models_of_the_report(kosovo: Histories) -> None:
    """E2: independence, all pairs, and the model of lowest BIC with its interval."""
    found = fits(kosovo)
    assert kosovo.distinct == 4400
    assert kosovo.sizes.tolist() == [1910, 1528, 1786, 685]
    independent = of(found, "[EXH, ABA, OSCE, HRW]")
    assert (independent.total.value, independent.total.se) == pytest.approx((7394.59, 129.63), abs=0.01)
    assert (independent.deviance, independent.df) == pytest.approx((245.94, 10), abs=0.01)
    pairs = of(found, "[EXH·ABA, EXH·OSCE, EXH·HRW, ABA·OSCE, ABA·HRW, OSCE·HRW]")
    assert (pairs.total.value, pairs.total.se) == pytest.approx((14402.49, 1050.90), abs=0.01)
    assert (pairs.deviance, pairs.df) == pytest.approx((39.83, 4), abs=0.01)
    best = found[0]
    assert best.model == "[EXH·ABA·OSCE, EXH·HRW, OSCE·HRW]"
    assert (best.total.value, best.total.se) == pytest.approx((10356.52, 785.90), abs=0.01)
    assert (best.deviance, best.df, best.aic, best.bic) == pytest.approx((9.3227, 4, 132.747, 203.030), abs=1e-3)
    assert (best.total.low, best.total.high) == pytest.approx((9004, 12106), abs=1)


def test_kosovo_is_nearly_a_tie_of_six_models(kosovo: Histories) -> None:
    """E2: the second best is .08 behind, and six models span 9,824 to 19,233."""
    found = fits(kosovo)
    assert found[1].model == "[EXH·ABA·OSCE, EXH·OSCE·HRW]"
    assert (found[1].total.value, found[1].total.se) == pytest.approx((12740.97, 1600.71), abs=0.01)
    assert found[1].bic == pytest.approx(203.113, abs=1e-3)
    values = [fit.total.value for fit in near(found)]
    assert len(values) == 6
    assert (min(values), max(values)) == pytest.approx((9824, 19233), abs=0.6)


@pytest.mark.parametrize(
    ("model", "value", "se"), [("[1, 2, 3]", 763.89, 20.62), ("[1, 2·3]", 730.93, 16.98), ("[1·2, 2·3]", 758.32, 25.52)]
)
def test_spina_bifida(spina_bifida: Histories, model: str, value: float, se: float) -> None:
    """E3: totals and standard errors of three of the eight models."""
    total = of(fits(spina_bifida), model).total
    assert spina_bifida.distinct == 626
    assert (total.value, total.se) == pytest.approx((value, se), abs=0.01)


def test_spina_bifida_prefers_the_model_of_the_study(spina_bifida: Histories) -> None:
    """E3: lists 2 and 3 depend on each other, with an interval of 702.6 to 769.8."""
    best = fits(spina_bifida)[0]
    assert best.model == "[1, 2·3]"
    assert (best.total.low, best.total.high) == pytest.approx((702.6, 769.8), abs=0.05)


def test_rome(rome: Histories) -> None:
    """E4: AIC and BIC disagree, twelve models span 10,532 to 13,569, and all pairs together are out of the race."""
    found = fits(rome)
    assert rome.distinct == 1896
    independent, one_pair = of(found, "[1, 2, 3, 4]"), of(found, "[1·2, 3, 4]")
    assert (independent.total.value, independent.total.se) == pytest.approx((11124.58, 904.75), abs=0.01)
    assert (one_pair.total.value, one_pair.total.se) == pytest.approx((12318.47, 1188.72), abs=0.01)
    assert one_pair.aic == pytest.approx(86.650, abs=1e-3)
    assert one_pair.aic < independent.aic
    assert (independent.bic, one_pair.bic) == pytest.approx((117.80, 119.93), abs=0.01)
    pairs = of(found, "[1·2, 1·3, 1·4, 2·3, 2·4, 3·4]")
    assert (pairs.total.value, pairs.total.se) == pytest.approx((23443.54, 9594.9), abs=0.1)
    assert pairs.bic - found[0].bic == pytest.approx(35, abs=1)
    values = [fit.total.value for fit in near(found)]
    assert len(values) == 12
    assert (min(values), max(values)) == pytest.approx((10532, 13569), abs=0.6)


def test_models_whose_lists_share_nothing_are_left_out() -> None:
    """An interaction of lists without a common community cannot be told."""
    histories = Histories.of("ABC", {(1, 0, 0): 40, (0, 1, 0): 30, (0, 0, 1): 20, (1, 1, 0): 9, (1, 0, 1): 8})
    assert all("B·C" not in fit.model for fit in fits(histories))


def test_five_lists_take_less_than_a_few_seconds() -> None:
    """All 1,024 models of five independent lists, whose best finds the truth within its interval."""
    histories = Histories.seen("ABCDE", np.random.default_rng(7).random((3000, 5)) < 0.3)
    start = time.perf_counter()
    found = fits(histories)
    assert time.perf_counter() - start < 10
    assert found[0].total.low < 3000 < found[0].total.high
