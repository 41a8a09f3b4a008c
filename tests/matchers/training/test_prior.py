"""The share of absent records is found again from posteriors stated under another prior."""

import numpy as np
import pytest

from geodata.coverage import Completeness
from matchers.absence import open_set
from matchers.parameters import DEFAULTS
from matchers.priors import ListType, prior_of
from matchers.training.levels import with_values
from matchers.training.prior import counted, estimate, paths


def _stated(absent_share: float, q: float, count: int = 4_000):
    """State absence with one candidate per record, whose evidence is what it says it is."""
    random = np.random.default_rng(5)
    absent = random.random(count) < absent_share
    agree = np.where(absent, random.random(count) < 0.01, random.random(count) < 0.8)
    ratio = np.where(agree, 0.8 / 0.01, 0.2 / 0.99)
    return open_set(np.arange(count), ratio, np.zeros(count), (q, 1)).absent


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_the_share_of_absent_records_is_recovered(share):
    """Posteriors stated under a prior of 0.3 lead back to the share they were drawn with."""
    assert estimate(_stated(share, 0.3), 0.3, 50) == pytest.approx(share, abs=0.03)


def test_the_prior_they_were_stated_under_does_not_matter():
    """Evidence is the same whatever was thought before."""
    assert estimate(_stated(0.4, 0.1), 0.1, 0) == pytest.approx(estimate(_stated(0.4, 0.6), 0.6, 0), abs=1e-4)


def test_certainty_is_counted_as_it_is():
    """Records surely absent or surely listed do not break the arithmetic."""
    assert estimate(np.array([1.0, 0.0, 1.0, 0.0]), 0.3, 0) == pytest.approx(0.5)


def test_few_records_stay_near_the_prior():
    """Ten absent records beside fifty pseudo-records of a tenth absent make a quarter."""
    assert counted(10, 10, (0.1, 50)) == pytest.approx(0.25)


@pytest.mark.parametrize("listed", ListType)
@pytest.mark.parametrize("claimed", Completeness)
def test_the_learned_prior_is_the_one_a_comparison_uses(claimed, listed):
    """What is written for a kind of list is what a comparison with such a list reads, up or down."""
    for q in (0.02, 0.8):
        learned = with_values(DEFAULTS, dict.fromkeys(paths(claimed, listed), q))
        assert prior_of(claimed, listed, learned.absence) == q
