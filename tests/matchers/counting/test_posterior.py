"""The undercount test against the worked examples of the specification, and against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.counting.mechanisms import Mechanism, Published
from matchers.counting.pairs import CountPairs
from matchers.counting.posterior import coverage, coverages

RR5, DP = Mechanism.random_rounded(5), Mechanism.geometric(0.2)
FEWER_THAN_TEN = Published(mechanism=Mechanism.suppressed(1, 9))

#: Name; citizen count, published, s, growth; probability of an undercount, median.
VECTORS = [
    ("C1", (500, Published(490), 0.0539), 0.062, 0.986),
    ("C2", (500, Published(300), 0.0539), 1.000, 0.602),
    ("C3", (500, Published(400), 0.1594, 0.22), 0.132, 0.998),
    ("C3b", (900, Published(400), 0.10), 1.000, 0.452),
    ("C4", (40, Published(0), 0.1020), 1.000, 0.122),
    ("C5", (6, Published(0, mechanism=RR5), 0.1020), 0.543, 0.877),
    ("C6", (40, FEWER_THAN_TEN, 0.1020), 1.000, 0.249),
    ("C7", (8, FEWER_THAN_TEN, 0.1020), 0.336, 0.959),
    ("C8", (40, Published(22, mechanism=DP), 0.1020), 0.627, 0.834),
    ("C9", (576, Published(450), 0.1428), 0.467, 0.908),
    ("C10", (1_000_000, Published(170_070), 0.7162), 0.672, 0.633),
    ("C11", (252_500, Published(170_070), 0.2508), 0.468, 0.911),
    ("C12", (202_532, Published(170_070), 0.2131), 0.275, 0.959),
    ("C13", (7_681, Published(9_479), 0.2010), 0.054, 1.053),
    ("C14", (9_523, Published(9_479), 0.1513), 0.124, 0.998),
]


@pytest.mark.parametrize(("name", "values", "p_under", "median"), VECTORS)
def test_coverage_vectors(name, values, p_under, median):
    """The posterior has the probabilities and medians worked out in the specification."""
    found = coverage(*values)
    assert (found.p_under, found.median) == pytest.approx((p_under, median), abs=0.005), name


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ((500, Published(490), 0.0539), 0.895, 1.084),
        ((500, Published(300), 0.0539), 0.529, 0.686),
        ((500, Published(400), 0.1594, 0.22), 0.855, 1.164),
        ((40, Published(0), 0.1020), 0.064, 0.218),
        ((6, Published(0, mechanism=RR5), 0.1020), 0.257, 1.123),
    ],
)
def test_credible_intervals(values, low, high):
    """Ninety per cent intervals are those of the specification."""
    found = coverage(*values)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.005)


def test_the_categories_decide_where_only_some_are_the_group():
    """Against all that may be of the group nothing is shown, against those that surely are an undercount (C3c)."""
    most, least = (coverage(500, Published(number), 0.102).p_under for number in (480, 120))
    assert (most, least) == pytest.approx((0.139, 1.000), abs=0.005)


def test_a_tiny_count_beside_a_large_one_is_an_undercount():
    """Far from agreement, where the likelihood is tiny everywhere, it still tells."""
    found = coverage(4_631, Published(21), 0.156)
    assert found.p_under == pytest.approx(1.0, abs=1e-9)
    assert found.high < 0.02


def test_agreement_has_a_probability():
    """Two good counts that agree are consistent with the probabilities of the specification."""
    assert coverage(500, Published(490), 0.0539).p_consistent == pytest.approx(0.909, abs=0.005)
    assert coverage(9_523, Published(9_479), 0.1513).p_consistent == pytest.approx(0.743, abs=0.005)


def test_bounds_that_leave_one_number_are_that_number():
    """Between 300 and 300 lies 300."""
    assert coverage(500, Published(low=300, high=300), 0.0539) == coverage(500, Published(300), 0.0539)


NONSENSE = [
    (0, Published(10), 0.1, 0, 0.1, "positive number, not 0"),
    (-4, Published(10), 0.1, 0, 0.1, "positive number, not -4"),
    (np.nan, Published(10), 0.1, 0, 0.1, "positive number, not nan"),
    (np.inf, Published(10), 0.1, 0, 0.1, "positive number, not inf"),
    (10, Published(), 0.1, 0, 0.1, "neither a number nor its bounds"),
    (10, Published(low=3), 0.1, 0, 0.1, "finite number, not 3 to nan"),
    (10, Published(np.inf), 0.1, 0, 0.1, "finite number, not inf"),
    (10, Published(-1), 0.1, 0, 0.1, "cannot count -1 persons"),
    (10, Published(-5, mechanism=RR5), 0.1, 0, 0.1, "cannot count -5 persons"),
    (8, Published(low=9, high=1), 0.1, 0, 0.1, "no count lies between 9 and 1"),
    (8, Published(low=1, high=9, mechanism=DP), 0.1, 0, 0.1, "as a number, not as 1 to 9"),
    (10, Published(10), 0.0, 0, 0.1, "above 0 and at most 3, not 0"),
    (10, Published(10), 3.1, 0, 0.1, "above 0 and at most 3, not 3.1"),
    (10, Published(10), np.nan, 0, 0.1, "above 0 and at most 3, not nan"),
    (10, Published(10), 0.1, np.nan, 0.1, "log growth .* not at nan"),
    (10, Published(10), 0.1, 6.0, 0.1, "log growth .* not at 6"),
    (10, Published(10), 0.1, 0, 0.0, "between 0 and 1, not at 0"),
    (10, Published(10), 0.1, 0, 1.0, "between 0 and 1, not at 1"),
]


@pytest.mark.parametrize("row", range(len(NONSENSE)))
def test_nonsense_is_refused_with_a_sentence(row):
    """What cannot be counts gets a sentence that says what is wrong, never a number."""
    *values, because = NONSENSE[row]
    with pytest.raises(ValueError, match=f"no coverage ratio: .*{because}"):
        coverage(*values)


def test_refused_pairs_take_no_other_down():
    """Among many pairs the refused ones have their sentence and no number, and the others are as they are alone."""
    good = [values for _, values, *_ in VECTORS]
    every = [(*value, *(0.0, 0.1)[len(value) - 3 :]) for value in good] + [tuple(bad[:5]) for bad in NONSENSE]
    citizen, published, s, growth, delta = zip(*every, strict=True)
    found = coverages(CountPairs.of(citizen, published, s, growth=growth, delta=delta))
    for at, values in enumerate(good):
        assert found.row(at).p_under == pytest.approx(coverage(*values).p_under, abs=1e-12)
    for at, bad in enumerate(NONSENSE, len(good)):
        assert np.isnan([found.p_under[at], found.median[at], found.shortfall[at], found.bayes_factor[at]]).all()
        with pytest.raises(ValueError, match=bad[-1]):
            found.row(at)
