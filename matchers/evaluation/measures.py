"""What a set of findings is worth against known truth: ranking, calibration, and precision where hidden is rarer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: Bins of equal size in which stated and true frequencies are held against each other.
BINS = 10


def average_precision(label: Flags, score: Floats) -> float:
    """Return the average precision (0..1) of ranking the labelled rows first; rows of one score count as one step.

    Raises `ValueError` when no row is labelled: then there is nothing to rank first.
    """
    if not label.any():
        msg = "no row is labelled"
        raise ValueError(msg)
    order = np.argsort(-score, kind="stable")
    label, score = label[order], score[order]
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True))
    found = np.cumsum(label)[last]
    recall = np.concatenate(([0.0], found / label.sum()))
    return float(np.sum(np.diff(recall) * found / (last + 1)))


def calibration_error(label: Flags, probability: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error (0..1): the mean gap of stated and true frequency over equal-mass bins."""
    parts = bins_of(probability, bins)
    gaps = [abs(probability[rows].mean() - label[rows].mean()) * len(rows) for rows in parts]
    return float(sum(gaps) / len(label))


def bins_of(probability: Floats, bins: int = BINS) -> list[NDArray[np.int64]]:
    """Return the rows of each bin of equal size, least probable first; fewer bins where there are fewer rows."""
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    return [rows for rows in parts if len(rows)]


def brier(label: Flags, probability: Floats) -> float:
    """Return the Brier score (0..1, 0 is best): the mean squared gap of probability and truth."""
    return float(np.mean((probability - label) ** 2))


def precision_at(prevalence: float, recall: float, false_alarm: float) -> float:
    """Return the precision the same flags would have where this share (0..1) of places is hidden; NaN without flags.

    `recall` is the share of hidden rows flagged, `false_alarm` the share of listed rows flagged; both belong to the
    matcher, while precision belongs to the place it is used in.
    """
    right, wrong = prevalence * recall, (1 - prevalence) * false_alarm
    return right / (right + wrong) if right + wrong else float("nan")
