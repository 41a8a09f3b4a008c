"""What learning is worth on records it has not seen: k-fold cross-validation over the labelled records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import numpy as np

from matchers.company.joint import calibrated
from matchers.compare import compare
from matchers.evaluation import average_precision, brier, calibration_error
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import Calibration, Parameters
from matchers.training.calibration import ISOTONIC_LABELS, isotonic
from matchers.training.learn import Learned, calibrated_by, from_truth, without_calibration
from matchers.training.tally import Labelled

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Held:
    """How well stated probabilities of absence hold on records not learned from."""

    average_precision: float  # of ranking the absent first, 0..1; mean over the folds
    calibration_error: float  # 0..1
    brier: float  # mean squared error, 0..1
    first_choice: float  # share of listed records whose best candidate is the true entry; NaN where none is known


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """The same records under the numbers one started from, the learned ones, and those with calibration."""

    folds: int
    records: int
    before: Held
    learned: Held
    calibrated: Held
    isotonic_error: float | None  # calibration error any rising curve would reach; None with too few labels for one

    @property
    def calibration_helps(self) -> bool:
        """Whether calibration lowers the Brier score on records not learned from."""
        return self.calibrated.brier < self.learned.brier


@dataclass(frozen=True)
class Trained:
    """What was learned, and how it held; None where too few records are labelled to tell."""

    learned: Learned
    held: CrossValidation | None


def train(known: Labelled, base: Parameters, today: date) -> Trained:
    """Learn from one labelled set. Calibration is kept only where cross-validation shows that it helps."""
    held = cross_validate(known, base, today)
    if held is not None and held.calibration_helps:
        return Trained(from_truth([known], base, today), held)
    return Trained(without_calibration([known], base), held)


def cross_validate(known: Labelled, base: Parameters, today: date) -> CrossValidation | None:
    """Learn from all folds but one and state probabilities for that one, in turn.

    None where fewer than two records are hidden or listed.
    """
    before = _Stated.of(known, base, today)
    scored = np.flatnonzero(known.labelled & np.isfinite(before.p))
    absent = known.absent[scored]
    folds = min(FOLDS, int(absent.sum()), int((~absent).sum()))
    if folds < 2:  # noqa: PLR2004 - one to learn from, one to hold out
        return None
    fold = np.full(len(known.known), -1)
    fold[scored] = _folds([known.citizen.ids[row] for row in scored.tolist()], absent, folds)
    learned, right = np.full(len(fold), np.nan), np.zeros(len(fold), np.bool_)
    after, curved = learned.copy(), learned.copy()
    for one in range(folds):
        held, rest = fold == one, (fold != one) & (fold >= 0)
        parameters = without_calibration([known.only(rest)], base).parameters
        stated = _Stated.of(known, parameters, today)
        learned[held], right[held] = stated.p[held], stated.right[held]
        after[held] = _after(stated.p, known.absent, (rest, held), parameters)
        if rest.sum() >= ISOTONIC_LABELS:
            curved[held] = np.interp(stated.p[held], *isotonic(stated.p[rest], known.absent[rest]))
    choice = [_first_choice(known, flags, scored) for flags in (before.right, right)]
    dealt = absent, fold[scored]
    return CrossValidation(
        folds,
        len(scored),
        _held(dealt, before.p[scored], choice[0]),
        _held(dealt, learned[scored], choice[1]),
        _held(dealt, after[scored], choice[1]),
        calibration_error(absent, curved[scored]) if np.isfinite(curved[scored]).all() else None,
    )


@dataclass(frozen=True)
class _Stated:
    """What one set of parameters says of every record."""

    p: Floats  # of absence; NaN where the list could not be searched
    right: Flags  # the best candidate is the true entry

    @classmethod
    def of(cls, known: Labelled, parameters: Parameters, today: date) -> _Stated:
        found = compare(known.citizen, known.official, parameters, today=today).findings
        best = found.column("official_id").to_pylist()
        right = [one is not None and entry in one.entries for one, entry in zip(known.known, best, strict=True)]
        return cls(np.array(found.column("p_absent").to_pylist(), np.float64), np.array(right, np.bool_))


def _after(p: Floats, absent: Flags, folds: tuple[Flags, Flags], parameters: Parameters) -> Floats:
    """Return the held-out probabilities calibrated on the rest."""
    rest, held = folds
    blank = replace(parameters, calibration=Calibration())
    return calibrated(p[held], calibrated_by(blank, p[rest], absent[rest]))


def _folds(ids: list[str], absent: Flags, folds: int) -> Rows:
    """Deal records into folds by a hash of their ids, hidden and listed apart, whatever their order in the file."""
    digest = [sha256(one.encode()).hexdigest() for one in ids]
    order = sorted(range(len(ids)), key=lambda at: (bool(absent[at]), digest[at]))
    fold = np.empty(len(ids), np.int64)
    fold[order] = np.arange(len(ids)) % folds
    return fold


def _first_choice(known: Labelled, right: Flags, scored: Rows) -> float:
    linkable = [row for row in scored.tolist() if known.entries[row]]
    return float(right[linkable].mean()) if linkable else float("nan")


def _held(dealt: tuple[Flags, Rows], p: Floats, first_choice: float) -> Held:
    """Measure held-out probabilities; ranking within each fold, whose records were stated by the same numbers."""
    absent, fold = dealt
    ranking = [average_precision(absent[fold == one], p[fold == one]) for one in np.unique(fold)]
    return Held(float(np.mean(ranking)), calibration_error(absent, p), brier(absent, p), first_choice)
