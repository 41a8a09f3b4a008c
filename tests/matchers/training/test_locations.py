"""Errors of location are found again from separations drawn with them."""

from dataclasses import replace

import numpy as np
import pytest

from geodata.distance import R95_PER_SIGMA
from matchers.parameters import DEFAULTS
from matchers.training.locations import Separations, located

USUAL = DEFAULTS.geography


def _drawn(sigma_m: float, tail: float, count: int = 8_000) -> Separations:
    random = np.random.default_rng(11)
    scale = np.where(random.random(count) < tail, USUAL.tail_scale, 1.0) * sigma_m
    metres = scale * np.sqrt(random.chisquare(2, count))
    return Separations(metres, np.full(count, sigma_m), np.full(count, 1e-4), np.zeros(count, np.bool_))


def test_the_share_of_larger_errors_is_recovered():
    """Where a third of errors are four times as large as stated, that is what is learned."""
    learned = located(_drawn(500, 0.33), USUAL, 50)
    assert learned.tail_share == pytest.approx(0.33, abs=0.03)
    assert learned.r95_citizen_m == USUAL.r95_citizen_m


def test_the_usual_error_is_recovered_where_records_state_none():
    """Records that state no error but err by 300 m teach that 1,000 m was too much."""
    drawn = _drawn(300 / R95_PER_SIGMA, 0.15)
    unsaid = replace(drawn, sigma_m=np.full_like(drawn.sigma_m, USUAL.r95_citizen_m / R95_PER_SIGMA))
    learned = located(replace(unsaid, unsaid=np.ones(len(drawn.metres), np.bool_)), USUAL, 50)
    assert learned.r95_citizen_m == pytest.approx(300, rel=0.1)
    assert learned.tail_share == pytest.approx(0.15, abs=0.03)


def test_stated_errors_are_left_alone():
    """Where every record states its error, the usual one is nobody's."""
    drawn = _drawn(50, 0.15)
    assert located(drawn, USUAL, 50).r95_citizen_m == USUAL.r95_citizen_m


def test_few_pairs_hardly_move_anything():
    """Three pairs cannot outweigh fifty pseudo-matches."""
    drawn = _drawn(10, 0.0, 3)
    found = replace(drawn, sigma_m=np.full(3, USUAL.r95_citizen_m / R95_PER_SIGMA), unsaid=np.ones(3, np.bool_))
    assert 0.8 * USUAL.r95_citizen_m < located(found, USUAL, 50).r95_citizen_m < USUAL.r95_citizen_m


def test_no_pairs_leave_everything():
    """Without a separation the geography stays as it was."""
    assert located(Separations.concat([]), USUAL, 50) == USUAL
