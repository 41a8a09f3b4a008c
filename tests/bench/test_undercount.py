"""The simulated worlds are what they claim, and published undercounts are true in the one the test assumes."""

from __future__ import annotations

import numpy as np
import pytest

from bench.page import fill
from bench.table import Table
from bench.undercount import PAGE, expected_error, reliability
from bench.worlds import MECHANISMS, ORGANISATION, WORLDS, World, drawn
from matchers.counting.discovery import publishable
from matchers.counting.mechanisms import Kind
from matchers.counting.posterior import coverages

SIZE = 12_000


@pytest.fixture(name="sample")
def as_assumed():
    """Return a sample of the world that the test assumes."""
    return drawn(WORLDS[0], SIZE, np.random.default_rng(4))


def test_published_undercounts_are_true(sample) -> None:
    """Of those at 0.95 or more at least 95 in 100 are true, overall and under every mechanism; no pair is refused."""
    found = coverages(sample.pairs)
    likely = found.p_under >= 0.95
    assert likely.sum() > 500
    assert sample.under[likely].mean() >= 0.95
    assert not any(found.refused)
    for at in range(len(MECHANISMS)):
        assert sample.under[likely & (sample.mechanism == at)].mean() >= 0.95, MECHANISMS[at]


def test_probabilities_are_worth_what_they_say(sample) -> None:
    """Bin by bin the stated probability is the share that is true, and a list held to 0.05 false ones keeps it."""
    p = coverages(sample.pairs).p_under
    assert expected_error(p, sample.under) < 0.02
    for stated, true in reliability(p, sample.under):
        assert true == pytest.approx(stated, abs=0.08)
    assert 1 - sample.under[publishable(p)].mean() < 0.07


def test_understated_errors_are_seen_to_break_it() -> None:
    """The measure tells a world in which probabilities are worth less from one in which they are not."""
    sample = drawn(World("worse", understated=2.5), SIZE, np.random.default_rng(4))
    p = coverages(sample.pairs).p_under
    assert sample.under[p >= 0.95].mean() < 0.90
    assert expected_error(p, sample.under) > 0.05


def test_publishers_disturb_as_they_say(sample) -> None:
    """Rounded numbers are multiples, suppressed ones have bounds, noisy ones may be negative."""
    kinds = [one.kind for one in MECHANISMS]
    for kind, base in ((Kind.ROUNDED, 10), (Kind.RANDOM_ROUNDED, 5)):
        own = sample.mechanism == kinds.index(kind)
        assert (sample.pairs.low[own] % base == 0).all()
    bounds = sample.pairs.low < sample.pairs.high
    assert bounds.any()
    assert (sample.mechanism[bounds] == kinds.index(Kind.SUPPRESSED)).all()
    assert set(sample.pairs.low[bounds]) | set(sample.pairs.high[bounds]) == {1.0, 9.0}


def test_errors_are_shared_within_an_organisation_where_the_world_says_so() -> None:
    """With all error in common, one organisation's counts of one quality are all off by the same factor."""
    spread = []
    for shared in (1.0, 0.0):
        world = World("loud", understated=3.0, shared=shared)
        sample = drawn(world, 50 * ORGANISATION, np.random.default_rng(4))
        assert np.bincount(sample.organisation).tolist() == [ORGANISATION] * 50
        counted = np.log(sample.pairs.citizen)
        spread.append(np.var([counted[sample.organisation == at].mean() for at in range(50)]))
    assert spread[0] > 2 * spread[1]


def test_the_page_has_room_for_all_that_is_measured(tmp_path) -> None:
    """Every table finds its place in the documentation."""
    page = tmp_path / "undercount.md"
    for name in ("calibration", "mechanisms", "power", "speed"):
        page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
        fill(Table(f"undercount-{name}", name, ("a", "b"), (("marked", "here"),)), page)
        assert "| marked | here |" in page.read_text(encoding="utf-8")
