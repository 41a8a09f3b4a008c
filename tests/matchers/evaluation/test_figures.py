"""Figures and slices are counted as one would count them by hand."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.evaluation.bootstrap import NOTHING, Bootstrap
from matchers.evaluation.figures import MEANING, figures
from matchers.evaluation.outcomes import Known, Outcomes
from matchers.evaluation.slices import OTHERS, UNSAID, slices

HOW = Bootstrap(draws=50)


def finding(verdict, p_absent, official_id=None, *attributes):
    """Return a finding as far as an outcome looks at it."""
    return {"verdict": verdict, "p_absent": p_absent, "official_id": official_id, "attributes": list(attributes)}


HIDDEN = Known(hidden=True)
FINDINGS = (
    (finding("hidden_place", 0.97, "A"), HIDDEN),
    (finding("hidden_group", 0.99), HIDDEN),
    (finding("needs_review", 0.6, "A"), HIDDEN),
    (finding("consistent", 0.02, "A", "matched"), HIDDEN),
    (finding("hidden_place", 0.96, "B"), Known(hidden=False, entries=frozenset({"B"}))),
    (finding("undercount", 0.01, "C", "matched", "name_variant"), Known(hidden=False, entries=frozenset({"C"}))),
    (finding("consistent", 0.03, "D", "matched"), Known(hidden=False, entries=frozenset({"E", "F"}))),
    (finding("needs_review", 0.2, "F", "matched"), Known(hidden=False, entries=frozenset({"E", "F"}))),
    (finding("insufficient_evidence", None), Known(hidden=False)),
)


def outcomes():
    """Return nine findings of every sort."""
    return Outcomes.of([one for one, _ in FINDINGS], [known for _, known in FINDINGS])


def test_each_figure_counts_what_it_says():
    """Precision, recall, false flags, swallowed, first choices and reviews of nine records."""
    found = figures(outcomes(), how=HOW)
    shares = {name: (figure.value, figure.of) for name, figure in found.items()}
    assert shares["precision"] == (pytest.approx(2 / 3), 3)
    assert shares["recall"] == (pytest.approx(2 / 4), 4)
    assert shares["false_hidden"] == (pytest.approx(1 / 5), 5)
    assert shares["hidden_swallowed"] == (pytest.approx(1 / 4), 4)
    assert shares["first_choice"] == (pytest.approx(3 / 4), 4)  # the entry of the last record is not known
    assert shares["right_if_matched"] == (pytest.approx(1 / 2), 2)  # a match left to a person is none yet
    assert shares["review"] == (pytest.approx(2 / 9), 9)
    assert shares["brier"][1] == shares["average_precision"][1] == 8  # one record could not be searched for
    assert list(found) == list(MEANING)


def test_every_interval_holds_its_value():
    """A figure lies between its own bounds, also where it is the precision of another share of hidden places."""
    for name, figure in figures(outcomes(), how=HOW).items():
        assert figure.low <= figure.value <= figure.high, name
        assert figure.low >= 0, name
        assert figure.high <= 1, name


def test_precision_elsewhere_follows_from_recall_and_false_flags():
    """With recall 1/2 and one listed place in five flagged, at 10 % hidden: .05 / (.05 + .18)."""
    assert figures(outcomes(), how=HOW)["precision_at_10"].value == pytest.approx(0.05 / 0.23)


def test_without_false_flags_precision_elsewhere_is_not_called_certain():
    """None wrongly flagged of five listed leaves room for many in the places not looked at."""
    right = outcomes().take(np.array([0, 1, 2, 3, 5, 6, 7, 8]))
    found = figures(right, how=HOW)["precision_at_02"]
    assert found.value == found.high == 1.0
    assert found.low < 0.1


def test_what_cannot_be_measured_is_no_figure():
    """Without hidden records there is no recall and no ranking, while false flags are counted all the same."""
    listed = outcomes().take(~outcomes().hidden)
    found = figures(listed, how=HOW)
    assert found["recall"] == found["average_precision"] == found["precision_at_02"] == NOTHING
    assert found["false_hidden"].value == pytest.approx(1 / 5)


def test_slices_take_rare_values_together_and_leave_out_a_column_of_one_value():
    """Twelve records of one kind, ten of another, two of a third and one that says none."""
    label = [HIDDEN] * 25
    many = Outcomes.of([finding("hidden_place", 0.97)] * 25, label)
    kinds = ["village"] * 12 + ["camp"] * 10 + ["town", "city", None]
    found = slices(many, {"kind": kinds, "country": ["KEN"] * 25}, np.arange(25), HOW)
    assert [(one.by, one.value, one.records) for one in found] == [
        ("kind", "village", 12),
        ("kind", "camp", 10),
        ("kind", OTHERS, 2),
        ("kind", UNSAID, 1),
    ]
    assert all(one.figures["recall"].value == 1.0 for one in found)
