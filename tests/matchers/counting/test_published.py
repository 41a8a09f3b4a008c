"""Published coverage estimates with their standard errors (methods E6, E7)."""

import pytest

from matchers.counting.published import NetUndercount, net_undercount


def test_the_united_states_of_2020_were_counted():
    """A net error of a quarter of a per cent with as large a standard error is no undercount (E6)."""
    found = net_undercount(323.2e6, 323.2e6 + 0.782e6, 0.0025)
    assert found.share == pytest.approx(0.00241, abs=5e-5)
    assert not found.significant


@pytest.mark.parametrize(
    ("share", "standard_error", "z", "undercounted"),
    [
        (4.74, 1.20, 3.95, True),
        (2.85, 0.38, 7.50, True),
        (2.17, 0.35, 6.20, True),
        (4.60, 2.77, 1.66, False),  # native Hawaiians and Pacific islanders, 2000
        (0.96, 0.64, 1.50, False),
        (0.67, 0.14, 4.79, True),
        (12.22, 5.29, 2.31, True),
        (4.99, 0.82, 6.09, True),
    ],
)
def test_a_large_error_is_no_finding(share, standard_error, z, undercounted):
    """Only an estimate of about two standard errors or more is flagged (E7)."""
    found = NetUndercount(share / 100, standard_error / 100)
    assert found.z == pytest.approx(z, abs=0.005)
    assert found.undercounted is undercounted


def test_too_many_counted_is_significant_but_no_undercount():
    """Asian Americans were counted 2.62 % too often in 2020: certain enough, and not missed."""
    found = NetUndercount(-0.0262, 0.0077)
    assert found.significant
    assert not found.undercounted
    assert found.ratio == pytest.approx(1.0262)


@pytest.mark.parametrize(("share", "error"), [(1.2, 0.1), (float("nan"), 0.1), (0.1, 0), (0.1, float("inf"))])
def test_no_estimate(share, error):
    """What is no share, or has no error, is refused."""
    with pytest.raises(ValueError, match=r"net undercount|standard error"):
        NetUndercount(share, error)


def test_nobody_counted_is_no_census():
    """A rate needs a number of people on both sides."""
    with pytest.raises(ValueError, match="positive counts"):
        net_undercount(0, 5, 0.01)
