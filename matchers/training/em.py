"""Fellegi-Sunter over comparison levels: match weights, and m by expectation-maximisation from unlabelled pairs.

W = sum of log2(m / u) over the features that both sides give; P(match) = share 2^W / (1 - share + share 2^W). Fellegi
and Sunter (1969), JASA 64; EM after Jaro (1989), JASA 84; term frequency after Winkler (2000).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matchers.pairs import Floats, Rows

MISSING = -1  # level of a feature that one side does not give: no evidence, and counted nowhere
RAREST = 1e-5  # no term is believed rarer
_ROUNDS = 5_000
_SETTLED = 1e-10  # change of any estimate below which EM has converged
_LEAST = 1e-12
_MOST_BITS = 500.0  # beyond, floats overflow


@dataclass(frozen=True)
class Mixture:
    """Pairs as a mixture of matches and others."""

    share: float  # of matches among the pairs, 0..1
    m: tuple[Floats, ...]  # by feature: share of each level among matches; each sums to one
    u: tuple[Floats, ...]  # the same among other pairs


@dataclass(frozen=True)
class Comparisons:
    """Compared pairs, as one row for all pairs that compare alike."""

    levels: Rows  # row x feature; `MISSING` where not given
    times: Floats  # pairs that compare so
    bits: Floats  # evidence besides the levels, e.g. for a term's rarity; 0 where none
    record: Rows | None = None  # of each row, where a record matches once at most; then rows are single pairs

    @classmethod
    def of(cls, levels: Rows, bits: Floats | None = None) -> Comparisons:
        """Gather pairs (pair x feature) that compare alike; further evidence is told apart to a quarter of a bit."""
        quarters = np.zeros(len(levels), np.int64) if bits is None else np.rint(4 * bits).astype(np.int64)
        rows, times = np.unique(np.column_stack((levels, quarters)), axis=0, return_counts=True)
        return cls(rows[:, :-1], times.astype(np.float64), rows[:, -1] / 4)


@dataclass(frozen=True)
class Prior:
    """What is thought of matches before any is seen."""

    pseudo: float = 0.0  # matches that compare as the start says, added to those found (Dirichlet)
    held: Mapping[int, int] = field(default_factory=dict)  # feature -> level whose share stays what it is


def match_weight(levels: Rows, mixture: Mixture) -> Floats:
    """Return the match weight W in bits of each row (row x feature); what is missing weighs nothing."""
    weight = np.zeros(len(levels))
    for at, (m, u) in enumerate(zip(mixture.m, mixture.u, strict=True)):
        known = levels[:, at] != MISSING
        ratio = np.log2(np.maximum(m, _LEAST) / np.maximum(u, _LEAST))
        weight += np.where(known, ratio[levels[:, at]], 0.0)
    return weight


def probability(weight: Floats, share: float) -> Floats:
    """Return the probability (0..1) of a match of this weight in bits, where this share of pairs match."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + (1 - share) / share * np.exp2(-weight)))


def rarity_bits(u_average: float, frequency: Floats) -> Floats:
    """Return the bits that agreeing on a term of this frequency (0..1) adds to agreeing on an average one."""
    return np.asarray(np.log2(u_average / np.maximum(frequency, RAREST)))


def estimate(found: Comparisons, start: Mixture, prior: Prior | None = None, *, learn_u: bool = False) -> Mixture:
    """Return the mixture of greatest likelihood, from a start; u stays fixed unless it is to be learned too.

    Raises `ValueError` where there is no pair.
    """
    if not found.times.sum():
        msg = "there are no pairs to learn from"
        raise ValueError(msg)
    mixture = start
    for _ in range(_ROUNDS):
        before, mixture = mixture, _improved(found, mixture, (start, prior or Prior()), learn_u=learn_u)
        if _distance(before, mixture) < _SETTLED:
            break
    return mixture


def expected(found: Comparisons, mixture: Mixture) -> Floats:
    """Return the expected number of matches among the pairs of each row.

    Where pairs say which record they are of, all pairs of one record and "none of them" share a probability of one.
    """
    weight = match_weight(found.levels, mixture) + found.bits
    if found.record is None:
        return found.times * probability(weight, mixture.share)
    odds = mixture.share / (1 - mixture.share) * np.exp2(np.minimum(weight, _MOST_BITS))
    return np.asarray(odds / (1 + np.bincount(found.record, odds)[found.record]))


def shares(levels: Rows, times: Floats, prior: Floats) -> Floats:
    """Return how often each level occurs among pairs that count `times` each, beside a prior in pairs; sums to one."""
    known = levels != MISSING
    counted = np.bincount(levels[known], times[known], minlength=len(prior)) + prior
    return np.asarray(counted / counted.sum()) if counted.sum() else np.full(len(prior), 1 / len(prior))


def _improved(found: Comparisons, at: Mixture, before: tuple[Mixture, Prior], *, learn_u: bool) -> Mixture:
    matches, (start, prior) = expected(found, at), before
    m = _columns(found.levels, matches, [prior.pseudo * each for each in start.m])
    m = tuple(_held(each, start.m[i], prior.held.get(i)) for i, each in enumerate(m))
    u = _columns(found.levels, found.times - matches, [0 * each for each in at.u]) if learn_u else at.u
    share = float(np.clip(matches.sum() / found.times.sum(), _LEAST, 1 - _LEAST))
    return Mixture(share, m, u)


def _held(m: Floats, start: Floats, level: int | None) -> Floats:
    """Return shares with one level as it was, and the others in proportion beside it."""
    if level is None:
        return m
    others = m * (1 - start[level]) / max(1 - m[level], _LEAST)
    return np.asarray(np.where(np.arange(len(m)) == level, start[level], others))


def _columns(levels: Rows, times: Floats, prior: Sequence[Floats]) -> tuple[Floats, ...]:
    return tuple(shares(levels[:, at], times, each) for at, each in enumerate(prior))


def _distance(one: Mixture, other: Mixture) -> float:
    numbers = [np.concatenate((*each.m, *each.u, [each.share])) for each in (one, other)]
    return float(np.max(np.abs(numbers[0] - numbers[1])))
