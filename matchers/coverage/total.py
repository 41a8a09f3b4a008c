"""An estimated total with its uncertainty, and the interval all estimators here share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Standard deviations of a 95 % interval.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are altogether, seen and unseen."""

    value: float
    se: float  # standard error
    low: float  # 95 % interval; never below what was seen
    high: float

    @classmethod
    def of(cls, seen: float, unseen: float, se: float) -> Total:
        """Return the total of what was seen and an estimate of the rest, with a log-normal interval on the rest.

        Burnham et al. (1987): the rest lies within a factor exp(1.96 sqrt(ln(1 + se²/unseen²))) of its estimate.
        """
        if unseen <= 0:
            return cls(seen, se, seen, seen)
        factor = math.exp(Z * math.sqrt(math.log1p((se / unseen) ** 2)))
        return cls(seen + unseen, se, seen + unseen / factor, seen + unseen * factor)

    @classmethod
    def sum(cls, seen: float, parts: Iterable[Total]) -> Total:
        """Return the total of independent parts that were seen together `seen` times; variances add."""
        together = list(parts)
        value = sum(part.value for part in together)
        return cls.of(seen, value - seen, math.hypot(*(part.se for part in together)))

    def as_dict(self) -> dict[str, float]:
        """Return the numbers, to one decimal, for JSON."""
        return {name: round(getattr(self, name), 1) for name in ("value", "se", "low", "high")}
