"""The open-set posterior: the probability that no entry of the list is this record, and of each candidate.

    P(absent) = q / (q + (1-q)/M * sum_j LR_j)        P(j) = (1-q)/M * LR_j / the same denominator

with q the prior of absence and M the places of the list. Places that were not proposed take part through the chance
that a listed place goes by an entirely different name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchers.pairs import Floats, Rows


@dataclass(frozen=True)
class Posterior:
    """Probabilities by record and by pair."""

    absent: Floats  # by record, 0..1
    pair: Floats  # by pair, 0..1


def open_set(record: Rows, ratio: Floats, rest: Floats, prior: tuple[float, int]) -> Posterior:
    """Return the posterior of absence by record and of each pair.

    `ratio` is each pair's likelihood ratio, `rest` by record the mean likelihood ratio of all places not among its
    pairs times their share of the list, `prior` the prior of absence q (0..1) and the number of places M.
    """
    q, size = prior
    weight = (1 - q) / max(size, 1) * ratio
    listed = np.bincount(record, weight, minlength=len(rest)) + (1 - q) * rest
    total = q + listed
    return Posterior(q / total, weight / total[record])
