"""How a publisher disturbs a count before it leaves the office: rounding, added noise, suppression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_QUANTILES = {0.90: 1.645, 0.95: 1.96}  # as statistical offices use them


class Kind(StrEnum):
    """What is done to a count."""

    NONE = "none"
    ROUNDED = "rounded"  # to the nearest multiple of a base
    RANDOM_ROUNDED = "random_rounded"  # to one of the two next multiples, the nearer the likelier, without bias
    GEOMETRIC = "geometric"  # two-sided geometric noise, for differential privacy
    NORMAL = "normal"  # normal noise, or the sampling error of a survey
    SUPPRESSED = "suppressed"  # not published, but for its bounds


def _wrong(mechanism: Mechanism) -> str | None:
    kind, scale = mechanism.kind, mechanism.scale
    if kind is Kind.ROUNDED and not (scale >= 1 and scale == round(scale)):
        return f"counts are rounded to multiples of a whole number, not of {scale:g}"
    if kind is Kind.RANDOM_ROUNDED and not (2 <= scale <= 100 and scale == round(scale)):  # noqa: PLR2004 - bases in use
        return f"counts are rounded at random to a base from 2 to 100, not {scale:g}"
    if kind is Kind.GEOMETRIC and not 1e-4 <= scale <= 20:  # noqa: PLR2004 - noise of 14,000 persons, and none at all
        return f"geometric noise has an epsilon from 0.0001 to 20, not {scale:g}"
    if kind is Kind.NORMAL and not 0 < scale < math.inf:
        return f"noise has a positive standard deviation, not {scale:g}"
    if kind is Kind.SUPPRESSED and not 0 <= mechanism.low <= mechanism.high < math.inf:
        return f"no count is suppressed between {mechanism.low:g} and {mechanism.high:g}"
    return None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way of disturbing counts. Raises `ValueError` for a scale or bounds that no publisher can mean."""

    kind: Kind = Kind.NONE
    scale: float = 0.0  # base of rounding; epsilon of geometric noise; standard deviation of normal noise
    low: float = 0.0  # suppressed: the least number hidden; 0 where zeros are hidden too
    high: float = 0.0  # suppressed: the greatest number hidden

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        wrong = _wrong(self)
        if wrong:
            raise ValueError(wrong)

    @classmethod
    def rounded(cls, base: int) -> Mechanism:
        """Return rounding to the nearest multiple of `base`."""
        return cls(Kind.ROUNDED, base)

    @classmethod
    def random_rounded(cls, base: int) -> Mechanism:
        """Return random rounding: P(published | true) = 1 - |published - true| / base. StatCan's base is 5."""
        return cls(Kind.RANDOM_ROUNDED, base)

    @classmethod
    def geometric(cls, epsilon: float) -> Mechanism:
        """Return two-sided geometric noise: P(published | true) falls by exp(-epsilon) with each step away."""
        return cls(Kind.GEOMETRIC, epsilon)

    @classmethod
    def normal(cls, sd: float) -> Mechanism:
        """Return normal noise with standard deviation `sd`, in persons."""
        return cls(Kind.NORMAL, sd)

    @classmethod
    def margin_of_error(cls, margin: float, level: float = 0.90) -> Mechanism:
        """Return the noise that a published margin of error stands for; `level` is 0.90 or 0.95."""
        if level not in _QUANTILES:
            msg = f"a margin of error is published at 0.90 or 0.95, not at {level}"
            raise ValueError(msg)
        return cls.normal(margin / _QUANTILES[level])

    @classmethod
    def suppressed(cls, low: float, high: float) -> Mechanism:
        """Return suppression of the numbers from `low` to `high`: "<10" hides 1 to 9, or 0 to 9 with its zeros."""
        return cls(Kind.SUPPRESSED, low=low, high=high)

    @property
    def sd(self) -> float:
        """Standard deviation of what is added, in persons; of a suppressed number, of its place between its bounds."""
        if self.kind is Kind.ROUNDED:
            return math.sqrt((self.scale**2 + (2 if self.scale % 2 == 0 else -1)) / 12)
        if self.kind is Kind.RANDOM_ROUNDED:
            return math.sqrt((self.scale**2 - 1) / 6)
        if self.kind is Kind.GEOMETRIC:
            return math.sqrt(2 * math.exp(-self.scale)) / -math.expm1(-self.scale)
        if self.kind is Kind.SUPPRESSED:
            return math.sqrt(((self.high - self.low + 1) ** 2 - 1) / 12)
        return self.scale


NONE = Mechanism()


@dataclass(frozen=True, slots=True)
class Published:
    """An official count as it was published: a number, or the least and the greatest it may be.

    A number wins over bounds; where there is neither, a suppressing mechanism's own bounds hold.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    mechanism: Mechanism = NONE

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest number; the published one twice where there is one. NaN where nothing is known."""
        if self.value is not None:
            return self.value, self.value
        if self.low is None and self.high is None and self.mechanism.kind is Kind.SUPPRESSED:
            return self.mechanism.low, self.mechanism.high
        return (math.nan if self.low is None else self.low), (math.nan if self.high is None else self.high)
