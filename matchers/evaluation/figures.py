"""The figures a run is judged by, each with its interval, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matchers.evaluation.bootstrap import NOTHING, Bootstrap, Draws, Figure, exact
from matchers.evaluation.measures import average_precision, brier, calibration_error, precision_at
from matchers.evaluation.outcomes import Outcomes

#: Every figure by name, in the order shown, with what it says in plain words.
MEANING: Mapping[str, str] = {
    "precision": "of the hidden verdicts, truly hidden",
    "recall": "of the truly hidden, given a hidden verdict",
    "average_precision": "of ranking the hidden first by probability of absence",
    "calibration_error": "mean gap of stated and true frequency, ten bins of equal size",
    "brier": "mean squared gap of probability and truth",
    "false_hidden": "of the listed, wrongly given a hidden verdict",
    "hidden_swallowed": "of the hidden, wrongly matched to an entry without a person",
    "first_choice": "of the listed, the right entry is the best candidate",
    "right_if_matched": "of the listed that were matched, to the right entry",
    "review": "of all, left to a person",
    "precision_at_02": "precision where 2 % of places are hidden",
    "precision_at_10": "precision where 10 % of places are hidden",
    "precision_at_30": "precision where 30 % of places are hidden",
}

#: Shares of hidden places at which precision is told again: it belongs to the place of use, not to the matcher.
PREVALENCES = {"precision_at_02": 0.02, "precision_at_10": 0.10, "precision_at_30": 0.30}

#: Draws of the figures that must be ranked anew in each, where records are many.
_FEW_DRAWS, _MANY = 200, 5_000


def figures(
    outcomes: Outcomes, cluster: NDArray[np.int64] | None = None, how: Bootstrap | None = None
) -> dict[str, Figure]:
    """Return every figure of `MEANING`. `cluster` numbers the group each record errs with; None: each by itself."""
    how = how or Bootstrap()
    draws = Draws.of(np.arange(len(outcomes)) if cluster is None else cluster, how)
    o, everything = outcomes, np.ones(len(outcomes), np.bool_)
    found = {
        "precision": draws.share(o.hidden, o.flagged),
        "recall": draws.share(o.flagged, o.hidden),
        **_of_probabilities(outcomes, cluster, how),
        "false_hidden": draws.share(o.flagged, ~o.hidden),
        "hidden_swallowed": draws.share(o.matched, o.hidden),
        "first_choice": draws.share(o.right, o.linkable),
        "right_if_matched": draws.share(o.right, o.linkable & o.matched),
        "review": draws.share(o.review, everything),
        **{name: _shifted(outcomes, draws, prevalence) for name, prevalence in PREVALENCES.items()},
    }
    return {name: found[name] for name in MEANING}


def _of_probabilities(outcomes: Outcomes, cluster: NDArray[np.int64] | None, how: Bootstrap) -> dict[str, Figure]:
    """Measure the stated probabilities, over the records that have one."""
    searched = np.flatnonzero(np.isfinite(outcomes.p_absent))
    names = ("average_precision", "calibration_error", "brier")
    if not len(searched):
        return dict.fromkeys(names, NOTHING)
    if len(searched) > _MANY:
        how = Bootstrap(min(how.draws, _FEW_DRAWS), how.level, how.seed)
    draws = Draws.of(searched if cluster is None else cluster[searched], how)
    label, stated = outcomes.hidden[searched], outcomes.p_absent[searched]

    def ranked(rows: NDArray[np.int64]) -> float:
        return average_precision(label[rows], stated[rows]) if label[rows].any() else float("nan")

    measures = (
        ranked,
        lambda rows: calibration_error(label[rows], stated[rows]),
        lambda rows: brier(label[rows], stated[rows]),
    )
    return {name: draws.measure(measure, len(searched)) for name, measure in zip(names, measures, strict=True)}


def _shifted(outcomes: Outcomes, draws: Draws, prevalence: float) -> Figure:
    hidden, listed = draws.total(outcomes.hidden), draws.total(~outcomes.hidden)
    found, wrong = draws.total(outcomes.flagged & outcomes.hidden), draws.total(outcomes.flagged & ~outcomes.hidden)
    with np.errstate(invalid="ignore", divide="ignore"):
        recalls, alarms = found / hidden, wrong / listed
        right = prevalence * recalls
        drawn = right / (right + (1 - prevalence) * alarms)
    if not outcomes.flagged.any() or outcomes.hidden.all() or not outcomes.hidden.any():
        return NOTHING
    recall, alarm = outcomes.flagged[outcomes.hidden].mean(), outcomes.flagged[~outcomes.hidden].mean()
    value = precision_at(prevalence, float(recall), float(alarm))
    if not alarm:  # no draw can show a false flag; how many there may be all the same says the exact interval
        most = exact(0, int((~outcomes.hidden).sum()), draws.level)[1]
        return Figure(value, precision_at(prevalence, float(recall), most), 1.0, int(outcomes.flagged.sum()))
    return draws.figure(value, np.asarray(drawn, np.float64), int(outcomes.flagged.sum()))
