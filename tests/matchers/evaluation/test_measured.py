"""The measured error that is shipped belongs to the parameters that are shipped."""

from __future__ import annotations

from matchers.evaluation.bootstrap import NOTHING, Figure
from matchers.evaluation.measured import HOLD_OUT, KEPT, LABELLED, Measured, MeasuredSet, measured
from matchers.parameters import DEFAULTS


def test_the_default_parameters_are_measured_on_labelled_sets_and_hold_outs():
    """Whoever changes the defaults names another version, and measures it (`python -m bench accuracy holdout`)."""
    found = measured(f"open-set/{DEFAULTS.version}")
    assert found.version == DEFAULTS.version
    assert {one.sort for one in found.sets} == {LABELLED, HOLD_OUT}
    assert all(set(one.figures) == set(KEPT) for one in found.sets)
    assert found == measured(DEFAULTS.version)


def test_parameters_that_nobody_measured_say_so():
    """Somebody's own parameters have an error of their own, which is not that of the defaults."""
    found = measured("open-set/trained-1234")
    assert found.sets == ()
    assert "trained-1234 is not measured" in found.sentence()
    assert "uncounted evaluate" in found.sentence()


def test_the_sentence_gives_the_range_over_the_sets_and_leaves_out_what_none_has():
    """Two sets, one of them without any hidden verdict."""
    figures = dict.fromkeys(KEPT, Figure(0.5, 0.4, 0.6, 10))
    one = MeasuredSet(LABELLED, "one", 96, 53, figures | {"precision": Figure(0.994, 0.9, 1.0, 30)})
    other = MeasuredSet(HOLD_OUT, "other", 2_000, 400, figures | {"precision": NOTHING, "review": NOTHING})
    told = Measured("v", (one, other)).sentence()
    assert told.startswith("Parameters v, measured on 1 labelled set and 1 hold-out: 99.4 % of hidden verdicts right;")
    assert Measured("v", (other,)).sentence().count("%") == 2
