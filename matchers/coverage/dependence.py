"""What two lists cannot tell: whether who is on the one is likelier to be on the other."""

from __future__ import annotations

from typing import NamedTuple

from matchers.coverage.total import Total

#: Odds ratios for which a total from two lists is always told: lists that avoid, ignore and resemble one another.
ODDS_RATIOS = (0.5, 1.0, 2.0)


class Dependence(NamedTuple):
    """The total if the odds of being on one list are so many times as high for those on the other."""

    odds_ratio: float
    total: Total


def dependence(total: Total, seen: float) -> tuple[Dependence, ...]:
    """Return a total from two lists for each odds ratio: with ratio r, r times as many are on neither list."""
    return tuple(
        Dependence(ratio, Total.of(seen, (total.value - seen) * ratio, total.se * ratio)) for ratio in ODDS_RATIOS
    )
