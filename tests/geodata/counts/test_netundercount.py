"""Published coverage estimates with their standard errors (methods E6, E7)."""

from datetime import date

import pytest

from geodata.counts.manifest import InvalidCounts, counts_from, counts_plain
from geodata.counts.netundercount import NetUndercount, net_undercount
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.definitions import Gap
from matchers.counting.frame import Frame
from matchers.parameters import Counting


def count(value, group=None):
    """Return a count of persons made door to door."""
    struct = {"value": value, "low": None, "high": None, "unit": "persons", "group": group}
    return struct | {"method": "full enumeration", "date": date(2020, 4, 1), "status": "observed"}


def test_the_united_states_of_2020_were_counted():
    """A net error of a quarter of a per cent with as large a standard error is no undercount (E6)."""
    found = net_undercount(323.2e6, 323.2e6 + 0.782e6, 0.0025)
    assert found.share == pytest.approx(0.00241, abs=5e-5)
    assert not found.significant


@pytest.mark.parametrize(
    ("share", "standard_error", "z", "significant"),
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
def test_a_large_error_is_no_finding(share, standard_error, z, significant):
    """Only an estimate of about two standard errors or more is flagged (E7)."""
    found = NetUndercount(share / 100, standard_error / 100)
    assert found.z == pytest.approx(z, abs=0.005)
    assert found.significant is significant
    assert ("more than chance" in found.clause) is significant


def test_too_many_counted_is_significant_but_no_undercount():
    """Asian Americans were counted 2.62 % too often in 2020: certain enough, and not missed."""
    found = NetUndercount(-0.0262, 0.0077)
    assert found.significant
    assert "2.6% counted too often" in found.clause


@pytest.mark.parametrize(("share", "error"), [(1.2, 0.1), (float("nan"), 0.1), (0.1, 0), (0.1, float("inf"))])
def test_no_estimate(share, error):
    """What is no share, or has no error, is refused."""
    with pytest.raises(ValueError, match=r"net undercount|standard error"):
        NetUndercount(share, error)


def test_the_reason_of_a_finding_tells_what_the_office_found_itself():
    """The estimate about everybody stands beside a count of everybody, that of a group beside a count of the group."""
    declared = counts_from(
        {
            "net_undercount": [
                {"counted": 323.2e6, "estimated": 323.982e6, "standard_error_percent": 0.25, "source": "PES 2020"},
                {"percent": 4.6, "standard_error_percent": 2.77, "group": "Pacific islanders"},
            ]
        }
    )
    assert counts_from(counts_plain(declared)) == declared
    frame = Frame(Counting(), date(2021, 1, 1), (date(2020, 4, 1),) * 2, Gap(0.0, ""), declared)
    for group, words in ((None, "0.2% missed (PES 2020)"), ("Pacific Islanders", "4.6% of Pacific islanders missed")):
        found = comparable([count(500, group=group)], [count(480, group=group)], frame)
        assert isinstance(found, Comparable)
        (note,) = found.notes
        assert words in note
        assert "which chance alone may show" in note


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"percent": 4.6}, "standard_error_percent = None cannot be read"),
        ({"percent": 146, "standard_error_percent": 1}, "share between -1 and 1"),
        ({"counted": 5, "standard_error_percent": 1}, "estimated = None cannot be read"),
    ],
)
def test_an_estimate_that_is_none_is_refused_with_its_key(said, wrong):
    """Whoever writes a manifest is told which number is missing or cannot be."""
    with pytest.raises(InvalidCounts, match=wrong):
        counts_from({"net_undercount": [said]})


def test_nobody_counted_is_no_census():
    """A rate needs a number of people on both sides."""
    with pytest.raises(ValueError, match="positive counts"):
        net_undercount(0, 5, 0.01)
