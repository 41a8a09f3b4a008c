"""Agreement of two judges, held against a published example and against what the words mean."""

from __future__ import annotations

import random

import pytest

from matchers.evaluation.agreement import agreement, agreement_on

#: Two clinicians, one hundred patients, three diagnoses (Fleiss, Levin and Paik, Statistical Methods for Rates and
#: Proportions, 3rd edition, tables 18.1 to 18.3): kappa 0.68 with a standard error of 0.087.
DIAGNOSES = {
    ("psychotic", "psychotic"): 75,
    ("psychotic", "neurotic"): 1,
    ("psychotic", "organic"): 4,
    ("neurotic", "psychotic"): 5,
    ("neurotic", "neurotic"): 4,
    ("neurotic", "organic"): 1,
    ("organic", "organic"): 10,
}


def judged(table):
    """Return the judgements of both, one for each matter."""
    pairs = [pair for pair, number in table.items() for _ in range(number)]
    random.Random(1).shuffle(pairs)  # noqa: S311 - nothing is kept secret by it
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_a_published_example_comes_out_as_published():
    """Kappa, its interval and the share by chance are those of the book."""
    found = agreement(*judged(DIAGNOSES))
    assert (found.matters, found.agreed, found.share) == (100, 89, 0.89)
    assert found.by_chance == pytest.approx(0.66)
    assert found.kappa == pytest.approx(0.68, abs=0.005)
    assert (found.kappa_high - found.kappa) / 1.96 == pytest.approx(0.087, abs=0.001)
    assert (found.kappa - found.kappa_low) / 1.96 == pytest.approx(0.087, abs=0.001)


@pytest.mark.parametrize(("diagnosis", "kappa"), [("psychotic", 0.69), ("neurotic", 0.50), ("organic", 0.77)])
def test_each_judgement_by_itself_comes_out_as_its_own_table(diagnosis, kappa):
    """All others taken together, kappa is that of the table of two by two."""
    first, second = judged(DIAGNOSES)
    found = agreement_on(diagnosis, first, second)
    a = sum(n for (one, other), n in DIAGNOSES.items() if one == other == diagnosis) / 100
    rows = first.count(diagnosis) / 100
    columns = second.count(diagnosis) / 100
    chance = rows * columns + (1 - rows) * (1 - columns)
    share = 1 - (rows - a) - (columns - a)
    assert found.kappa == pytest.approx((share - chance) / (1 - chance))
    assert found.kappa == pytest.approx(kappa, abs=0.005)


def test_two_who_always_agree_have_a_kappa_of_one_and_no_interval():
    """Nothing tells how far from 1 chance could move it; the interval of the share says how sure that is."""
    found = agreement(["a", "b"] * 20, ["a", "b"] * 20)
    assert (found.kappa, found.kappa_low, found.kappa_high) == (1.0, None, None)
    assert found.share_low < 1.0


def test_a_handful_of_matters_has_no_interval_of_kappa():
    """With fewer than two matters to a cell the approximation says more than anybody knows."""
    few = agreement(["a", "b", "a", "b", "a", "a", "b"], ["a", "b", "a", "b", "a", "b", "b"])
    assert few.kappa is not None
    assert few.kappa_low is None
    assert agreement(["a", "b", "a", "b", "a", "a", "b", "b"], ["a", "b", "a", "b", "a", "b", "b", "b"]).kappa_low < 1


def test_kappa_is_not_told_where_there_was_nothing_to_choose():
    """Both said the same one thing throughout: they agree, and chance explains it."""
    found = agreement(["a"] * 30, ["a"] * 30)
    assert (found.share, found.kappa) == (1.0, None)


def test_nothing_judged_tells_nothing():
    """No matters, no share."""
    found = agreement([], [])
    assert (found.matters, found.share, found.kappa) == (0, None, None)


def test_judgements_that_cannot_be_paired_are_refused():
    """Each matter has two judgements, or the call is wrong."""
    with pytest.raises(ValueError, match="cannot be paired"):
        agreement(["a"], [])


def test_kappa_does_not_depend_on_who_is_first():
    """Turning both around changes nothing."""
    first, second = judged(DIAGNOSES)
    assert agreement(first, second) == agreement(second, first)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Of judges who agree with a known kappa, intervals of 95 % hold it about that often."""
    dice, held, trials = random.Random(7), 0, 400  # noqa: S311 - nothing is kept secret by it
    truth = 0.6  # each copies the other so often, else rolls one of two equally likely judgements
    for _ in range(trials):
        first = [dice.choice("ab") for _ in range(120)]
        second = [one if dice.random() < truth else dice.choice("ab") for one in first]
        found = agreement(first, second)
        held += found.kappa_low <= truth <= found.kappa_high
    assert 0.91 <= held / trials <= 0.98
