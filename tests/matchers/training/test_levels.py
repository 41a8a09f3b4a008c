"""Counts of true pairs move the shares they speak of, and nothing else."""

import numpy as np
import pytest

from matchers.pairs import Feature
from matchers.parameters import DEFAULTS
from matchers.training.levels import SCALES, by_level, column, start, with_values


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.feature)
def test_shares_keep_their_sum(scale):
    """Whatever was counted, the shares of a scale's levels sum to one."""
    moved = scale.moved(DEFAULTS, {scale.levels[0]: 7.0, scale.levels[-1]: 3.0}, 50)
    flat = moved.flat()
    assert sum(flat[path] for path in scale.paths[: scale.whole]) == pytest.approx(1)
    assert moved.counting == DEFAULTS.counting


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.feature)
def test_counts_as_expected_change_nothing(scale):
    """Pairs that compare as the parameters say leave them where they are."""
    as_expected = {level: 1_000 * share for level, share in scale.shares(DEFAULTS).items()}
    moved = scale.moved(DEFAULTS, as_expected, 50).flat()
    assert [moved[path] for path in scale.paths] == pytest.approx([DEFAULTS.flat()[path] for path in scale.paths])


def test_fifty_pseudo_matches_weigh_as_fifty_pairs():
    """Fifty pairs that all agree exactly draw the share halfway from the default to one."""
    moved = SCALES[0].moved(DEFAULTS, {"exact": 50.0}, 50)
    assert moved.names.m_exact == pytest.approx((DEFAULTS.names.m_exact + 1) / 2)


def test_levels_not_given_count_nowhere():
    """A pair whose kinds are not both said is no pair with different kinds."""
    feature = Feature("kind", ("not_available", "same", "different"), np.array([0, 1, 0, 2]), np.zeros(4))
    assert by_level(feature, column(feature), np.ones(4)) == {"same": 1.0, "different": 1.0}


def test_every_level_has_a_start():
    """EM starts from shares that sum to one, also for levels that carry no parameter."""
    levels = ("not_available", "within", "beyond", "far", "inside", "edge", "outside")
    shares = start(Feature("place", levels, np.zeros(0, np.int64), np.zeros(0)), DEFAULTS)
    assert shares.sum() == pytest.approx(1)
    assert np.all(shares > 0)


def test_a_number_in_a_row_of_numbers_is_replaced_alone():
    """A dotted name with a position changes that position only."""
    moved = with_values(DEFAULTS, {"names.m_near.2": 0.5, "absence.q_places": 0.25})
    assert moved.names.m_near == (*DEFAULTS.names.m_near[:2], 0.5, *DEFAULTS.names.m_near[3:])
    assert moved.absence.q_places == 0.25
    assert moved.geography == DEFAULTS.geography
