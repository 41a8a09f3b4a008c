"""Two lists: textbook numbers, errors of linkage, and what two lists cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.coverage.dependence import dependence
from matchers.coverage.histories import Impossible
from matchers.coverage.linkage import LinkQuality, corrected, corrected_overlap
from matchers.coverage.two_lists import chapman, lincoln_petersen


@pytest.mark.parametrize(
    ("given", "value", "interval"),
    [
        ((10, 15, 5), (28.333333, 5.909368), (22.385, 49.114)),
        ((200, 150, 120), (249.834711, 6.385969), (240.718, 266.707)),
    ],
)
def test_chapman_of_the_textbook(given: tuple[int, int, int], value: tuple[float], interval: tuple[float]) -> None:
    """E1 and E1b: Chapman's estimate with a log-normal interval."""
    total = chapman(*given)
    assert (total.value, total.se) == pytest.approx(value, abs=1e-5)
    assert (total.low, total.high) == pytest.approx(interval, abs=1e-3)


def test_lincoln_petersen_of_the_textbook() -> None:
    """E1: 10 and 15 with 5 on both are 30; with nothing on both there is no end."""
    assert lincoln_petersen(10, 15, 5) == 30
    assert lincoln_petersen(10, 15, 0) == float("inf")


def test_links_missed_and_wrong_are_corrected() -> None:
    """E8: 608 links at precision .98 and recall .95 stand for 627.2, which makes the total smaller."""
    quality = LinkQuality(0.98, 0.95, 200, 200)
    total = corrected((1000, 800), 608, quality)
    assert corrected_overlap(608, quality) == pytest.approx(627.2, abs=0.05)
    assert (total.value, total.se) == pytest.approx((1275.510, 28.338), abs=1e-3)
    assert lincoln_petersen(1000, 800, 608) == pytest.approx(1315.789, abs=1e-3)


def test_the_correction_takes_away_what_errors_of_linkage_invent() -> None:
    """Of 2,000 communities with 8 % missed and 3 % false links, the naive mean is 2,105 and the corrected one 2,000."""
    draw = np.random.default_rng(1)
    right, naive = [], []
    for _ in range(2000):
        one, other = draw.random(2000) < 0.6, draw.random(2000) < 0.5
        both = int((one & other).sum())
        true = int(draw.binomial(both, 0.92))
        links = true + int(draw.binomial(int(one.sum()) - both, 0.03))
        sizes = int(one.sum()), int(other.sum())
        right.append(corrected(sizes, links, LinkQuality(true / links, 0.92, 200, 200)).value)
        naive.append(lincoln_petersen(*sizes, links))
    assert np.mean(right) == pytest.approx(1999.4, abs=2)
    assert np.mean(naive) == pytest.approx(2104.6, abs=2)


def test_what_nobody_saw_scales_with_the_odds_ratio() -> None:
    """Half and twice the odds halve and double what is on neither list, and its standard error."""
    total = chapman(200, 150, 120)
    half, as_is, twice = dependence(total, 230)
    assert [one.odds_ratio for one in (half, as_is, twice)] == [0.5, 1, 2]
    assert as_is.total == total
    assert half.total.value - 230 == pytest.approx((total.value - 230) / 2)
    assert twice.total.value - 230 == pytest.approx((total.value - 230) * 2)
    assert twice.total.se == pytest.approx(total.se * 2)


@pytest.mark.parametrize(
    ("precision", "recall", "sample"),
    [(0, 0.9, 100), (1.2, 0.9, 100), (0.9, -0.1, 100), (float("nan"), 0.9, 100), (0.9, 0.9, 0)],
)
def test_impossible_shares_of_links_are_refused(precision: float, recall: float, sample: int) -> None:
    """A share is above 0 and at most 1, and comes from pairs that somebody judged."""
    with pytest.raises(Impossible, match=r"precision|recall"):
        LinkQuality(precision, recall, sample, 200)


def test_more_on_both_lists_than_on_the_smaller_is_refused() -> None:
    """Recall that low would mean more communities on both lists than the smaller one names."""
    with pytest.raises(Impossible, match="more than the smaller list"):
        corrected((1000, 700), 608, LinkQuality(0.98, 0.5, 200, 200))
