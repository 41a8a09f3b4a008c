"""How well probabilities of absence hold against known truth: ranking and calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def average_precision(label: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
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


def calibration_error(label: NDArray[np.bool_], probability: NDArray[np.float64], bins: int = 10) -> float:
    """Return the mean gap (0..1) between stated and true frequency over bins of equal size."""
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    gaps = [abs(probability[rows].mean() - label[rows].mean()) * len(rows) for rows in parts if len(rows)]
    return float(sum(gaps) / len(label))
