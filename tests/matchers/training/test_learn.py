"""What is learned from the places of Maine is true of them, with labels and without."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matchers.evaluation import brier
from matchers.parameters import DEFAULTS, Calibration
from matchers.training.folds import cross_validate, train
from matchers.training.learn import from_truth, from_unlabelled, stated_absence, without_calibration
from matchers.training.tally import Labelled, from_labels

TODAY = date(2026, 1, 1)


def _first(labelled: Labelled, count: int) -> Labelled:
    return labelled.only(np.arange(len(labelled.known)) < count)


def test_labels_are_counted_once_each(labelled):
    """Every listed place is one true pair, found or not, and every label counts for the prior."""
    tally = from_labels(labelled, DEFAULTS)
    listed = int((~labelled.absent).sum())
    assert tally.matches == listed
    assert sum(tally.levels["name"].values()) == listed
    ((hidden, records),) = tally.absent.values()
    assert (hidden, records) == (labelled.absent.sum(), len(labelled.known))


def test_learned_numbers_make_stated_probabilities_better(labelled):
    """On places not learned from, what was learned from the others states absence more truly than the defaults."""
    half = np.arange(len(labelled.known)) % 2 == 0
    learned = from_truth([labelled.only(half)], DEFAULTS, TODAY).parameters
    before, absent = stated_absence(labelled.only(~half), DEFAULTS, TODAY)
    after, _ = stated_absence(labelled.only(~half), learned, TODAY)
    assert brier(absent, after) < brier(absent, before)


def test_what_records_do_not_say_is_not_learned(labelled):
    """Places without points teach nothing of locations."""
    moved = {change.parameter for change in without_calibration([labelled], DEFAULTS).changes}
    assert "names.m_exact" in moved
    assert not moved & {"geography.tail_share", "geography.gross_error", "geography.r95_citizen_m"}


def test_few_labels_move_little(labelled):
    """Ten labels weigh a fifth of the fifty pseudo-matches they stand beside."""
    learned = without_calibration([_first(labelled, 10)], DEFAULTS).parameters
    everything = without_calibration([labelled], DEFAULTS).parameters
    moved = learned.names.m_exact - DEFAULTS.names.m_exact
    assert 0 < moved < (everything.names.m_exact - DEFAULTS.names.m_exact) / 2


def test_no_labels_bring_the_base_back(labelled):
    """Nothing known, nothing changed."""
    learned = from_truth([_first(labelled, 0)], DEFAULTS, TODAY)
    assert learned.parameters == DEFAULTS
    assert learned.changes == ()


def test_every_change_says_how_many_pairs_spoke_for_it(labelled):
    """A reader can tell a number that many pairs moved from one that few did."""
    changes = {change.parameter: change for change in without_calibration([labelled], DEFAULTS).changes}
    assert changes["names.m_exact"].pairs == (~labelled.absent).sum()
    assert changes["absence.q_places" if "absence.q_places" in changes else "absence.q_exhaustive"].pairs == 922
    assert all(change.before != change.after for change in changes.values())


def test_pairs_without_labels_teach_nearly_the_same(labelled):
    """EM expects about as many true pairs as there are, and learns shares near those that labels teach."""
    blind = from_unlabelled((labelled.citizen, labelled.official), DEFAULTS, TODAY)
    known = without_calibration([labelled], DEFAULTS)
    assert blind.matches == pytest.approx(known.matches, rel=0.2)
    assert blind.parameters.names.m_exact == pytest.approx(known.parameters.names.m_exact, abs=0.12)
    assert blind.parameters.geography.admin_same == pytest.approx(known.parameters.geography.admin_same, abs=0.02)


def test_without_labels_nobody_can_tell_another_name_from_absence(labelled):
    """The share of listed places under a wholly different name stays what it was."""
    blind = from_unlabelled((labelled.citizen, labelled.official), DEFAULTS, TODAY)
    assert blind.parameters.names.m_unlike == pytest.approx(DEFAULTS.names.m_unlike)
    assert blind.parameters.calibration == DEFAULTS.calibration


def test_too_few_expected_matches_bring_the_base_back(labelled):
    """A hundred records are not enough for EM, and the answer says how many matches it saw."""
    blind = from_unlabelled((labelled.citizen.take(range(100)), labelled.official), DEFAULTS, TODAY)
    assert blind.parameters == DEFAULTS
    assert 0 < blind.matches < 200


def test_calibration_adds_to_the_one_before(labelled):
    """Starting from probabilities that were flattened by half, learning about doubles them again."""
    flat = replace(DEFAULTS, calibration=Calibration(slope=0.5, intercept=0.0))
    straight = from_truth([labelled], DEFAULTS, TODAY).parameters.calibration
    assert from_truth([labelled], flat, TODAY).parameters.calibration.slope == pytest.approx(straight.slope, rel=0.15)


def test_cross_validation_is_the_same_in_any_order_of_rows(labelled):
    """Records are dealt into folds by their ids, so the order of the file changes no figure."""
    back = np.arange(len(labelled.known))[::-1]
    turned = Labelled(labelled.citizen.take(back), labelled.official, tuple(labelled.known[row] for row in back))
    one, other = (cross_validate(each, DEFAULTS, TODAY) for each in (labelled, turned))
    assert one is not None
    assert other is not None
    assert one.before.average_precision == pytest.approx(other.before.average_precision)
    assert one.calibrated.brier == pytest.approx(other.calibrated.brier, abs=1e-6)
    assert one.folds == 5


def test_calibration_is_kept_only_where_it_helps(labelled):
    """What does not hold on records not learned from is not written."""
    trained = train(labelled, DEFAULTS, TODAY)
    assert trained.held is not None
    kept = trained.learned.parameters.calibration != DEFAULTS.calibration
    assert kept == trained.held.calibration_helps


def test_one_kind_of_label_cannot_be_cross_validated(labelled):
    """With hidden places only, nobody can say how well listed ones are recognised."""
    assert cross_validate(labelled.only(labelled.absent), DEFAULTS, TODAY) is None
