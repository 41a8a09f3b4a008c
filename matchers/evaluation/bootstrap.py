"""How far a measured figure may be off by chance: percentile bootstrap over whole clusters of records.

Records of one area err together, so areas are drawn, not records (Efron and Tibshirani 1993, ch. 8 and 13; Field and
Welsh 2007 for clusters). Where every draw says the same, as with no error at all, the bootstrap would call a figure
certain; the exact binomial interval (Clopper and Pearson 1934) is given there instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How intervals are drawn. The same seed gives the same interval."""

    draws: int = 1_000
    level: float = 0.95
    seed: int = 20260101


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure with its interval; None where there is nothing to measure it on."""

    value: float | None
    low: float | None
    high: float | None
    of: int  # records it is measured on

    def as_dict(self) -> dict[str, float | int | None]:
        """Return plain values, rounded to six digits."""
        low, value, high = (None if x is None else round(x, 6) for x in (self.low, self.value, self.high))
        return {"value": value, "low": low, "high": high, "of": self.of}


NOTHING = Figure(None, None, None, 0)


@dataclass(frozen=True)
class Draws:
    """Draws of whole clusters: how often each cluster takes part in each."""

    cluster: Rows  # of each record, by number
    times: NDArray[np.int64]  # draws x clusters
    level: float

    @classmethod
    def of(cls, cluster: Rows, bootstrap: Bootstrap) -> Draws:
        """Draw as many clusters as there are, with replacement."""
        _, number = np.unique(cluster, return_inverse=True)
        count = int(number.max()) + 1 if len(number) else 0
        random = np.random.default_rng(bootstrap.seed)
        times = random.multinomial(count, np.full(count, 1 / max(count, 1)), bootstrap.draws)
        return cls(number.astype(np.int64), times, bootstrap.level)

    def share(self, part: Flags, whole: Flags) -> Figure:
        """Return the share of the records of `whole` that are of `part`."""
        of = int(whole.sum())
        if not of:
            return NOTHING
        hits = int((part & whole).sum())
        over, under = self.total(part & whole), self.total(whole)
        drawn = over[under > 0] / under[under > 0]
        if np.ptp(drawn) == 0:
            return Figure(hits / of, *exact(hits, of, self.level), of)
        return self.figure(hits / of, drawn, of)

    def total(self, flags: Flags) -> Floats:
        """Return how many flagged records each draw holds."""
        by_cluster = np.bincount(self.cluster, flags, minlength=self.times.shape[1])
        return np.asarray(self.times @ by_cluster, np.float64)

    def measure(self, measure: Callable[[Rows], float], count: int) -> Figure:
        """Return any measure of a choice of records (positions, with repeats); NaN in a draw leaves that draw out."""
        rows = np.arange(count)
        drawn = [measure(np.repeat(rows, times[self.cluster])) for times in self.times]
        return self.figure(measure(rows), np.array(drawn), count)

    def figure(self, value: float, drawn: Floats, of: int) -> Figure:
        """Return a figure with the percentile interval of what the draws came to; nothing where the value is NaN."""
        drawn = drawn[np.isfinite(drawn)]
        if np.isnan(value) or not len(drawn):
            return NOTHING
        low, high = np.quantile(drawn, ((1 - self.level) / 2, (1 + self.level) / 2))
        return Figure(value, min(float(low), value), max(float(high), value), of)


def exact(hits: int, of: int, level: float) -> tuple[float, float]:
    """Return the exact binomial interval of a share (Clopper-Pearson), cautious where records are not independent."""
    tail = (1 - level) / 2
    low = float(betaincinv(hits, of - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, of - hits, 1 - tail)) if hits < of else 1.0
    return low, high
