"""What counts could show at all: the table of the specification, and questions asked of it."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.counting.mechanisms import Mechanism, Published
from matchers.counting.posterior import coverage
from matchers.counting.power import Bar, detectable, detectables, spread_allowed

#: By s: the greatest official share of 1,000, 200 and 50 persons that shows an undercount at 0.95, and at 0.80.
TABLE = {
    0.05: ((0.78, 0.82), (0.71, 0.77), (0.54, 0.62)),
    0.10: ((0.68, 0.74), (0.64, 0.70), (0.50, 0.60)),
    0.15: ((0.59, 0.66), (0.56, 0.64), (0.46, 0.54)),
    0.20: ((0.51, 0.59), (0.49, 0.57), (0.40, 0.50)),
    0.30: ((0.38, 0.46), (0.36, 0.45), (0.28, 0.38)),
    0.40: ((0.26, 0.35), (0.25, 0.34), (0.18, 0.28)),
    0.70: ((0.06, 0.12), (0.05, 0.11), (None, 0.06)),
}


@pytest.mark.parametrize("s", TABLE)
def test_the_table_of_power(s):
    """The least shortfalls that can be shown are those of the specification, to the ratio of one person."""
    for persons, (likely, possible) in zip((1000, 200, 50), TABLE[s], strict=True):
        for bar, ratio in ((Bar(), likely), (Bar(p=0.80), possible)):
            found = detectable(persons, s, bar=bar)
            assert found == (ratio if ratio is None else pytest.approx(ratio, abs=0.006 + 1 / persons)), (persons, bar)


@pytest.mark.parametrize(("persons", "s"), [(12, 0.1), (63, 0.23), (180, 0.31), (870, 0.08), (5_400, 0.17)])
def test_what_is_looked_up_is_where_the_test_turns(persons, s):
    """At two persons less an undercount is shown, at two more it is not; beyond a thousand, at two in a thousand."""
    count = detectable(persons, s) * persons
    apart = max(2, 0.002 * persons)
    assert coverage(persons, Published(max(count - apart, 0)), s).p_under >= 0.95
    assert coverage(persons, Published(count + apart), s).p_under < 0.95


def test_many_are_looked_up_at_once_and_the_powerless_have_no_ratio():
    """A column gives what each of its rows gives alone; where not even nobody shows a shortfall there is no ratio."""
    found = detectables([500, 500, 6], [0.1, 0.3, 1.0])
    assert found[:2].tolist() == [detectable(500, 0.1), detectable(500, 0.3)]
    assert np.isnan(found[2])
    assert detectable(6, 1.0) is None


@pytest.mark.parametrize(("mechanism", "step"), [(Mechanism.geometric(0.2), 1), (Mechanism.random_rounded(5), 5)])
def test_noise_takes_power_away(mechanism, step):
    """A disturbed count must be smaller to show what an undisturbed one does, and the turn is found exactly."""
    found = detectable(200, 0.1, mechanism)
    assert found < detectable(200, 0.1)
    shown, not_shown = (
        coverage(200, Published(round(found * 200) + more, mechanism=mechanism), 0.1).p_under for more in (0, step)
    )
    assert shown >= 0.95 > not_shown


def test_a_cell_of_six_rounded_to_five_shows_nothing():
    """Even a published zero leaves six people possible (C5)."""
    assert detectable(6, 0.102, Mechanism.random_rounded(5)) is None


def test_how_exact_a_count_must_be():
    """A shortage of a fifth asks for a count within a tenth from a thousand people on, and cannot be shown of fifty."""
    allowed = spread_allowed(1000, 0.2)
    assert allowed == pytest.approx(0.04, abs=0.005)
    assert coverage(1000, Published(800), allowed - 1e-3).p_under >= 0.95 > coverage(1000, Published(800), 0.05).p_under
    assert spread_allowed(50, 0.2) is None
    assert spread_allowed(1000, 0.5, other=0.15) < spread_allowed(1000, 0.5)


@pytest.mark.parametrize("shortage", [0, 1, -0.2, np.nan])
def test_a_shortage_is_a_share(shortage):
    """Nobody asks about a shortage of nobody or everybody."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        spread_allowed(500, shortage)


def test_power_of_nonsense_is_refused():
    """Counts that cannot be compared have no power either."""
    with pytest.raises(ValueError, match="positive number, not 0"):
        detectable(0, 0.1)
    with pytest.raises(ValueError, match="at most 3, not 4"):
        detectable(10, 4)
