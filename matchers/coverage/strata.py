"""Strata: parts whose communities are about equally likely to be on a list, estimated apart and added up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matchers.coverage.estimate import Estimate, estimate
from matchers.coverage.histories import Histories
from matchers.coverage.refusal import Code, Known, Refusal
from matchers.coverage.total import Total, Z

_SHOWN = 5


@dataclass(frozen=True)
class Stratified:
    """The estimate of each stratum, their sum, and what all of them come to taken as one."""

    strata: Mapping[str, Estimate]
    pooled: Estimate
    total: Total | None  # over strata, variances added; None where one of them has none
    span: tuple[float, float] | None  # sums of the lowest and of the highest totals; of three or more lists
    refusals: tuple[Refusal, ...]

    @property
    def differs(self) -> bool | None:
        """Whether strata come to more or less than all taken as one, beyond chance; None where either has no total."""
        if self.total is None or self.pooled.total is None:
            return None
        return abs(self.total.value - self.pooled.total.value) > Z * math.hypot(self.total.se, self.pooled.total.se)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "total": self.total and self.total.as_dict(),
            "range": self.span and {"low": round(self.span[0], 1), "high": round(self.span[1], 1)},
            "differs_from_pooled": self.differs,
            "refusals": [refusal.as_dict() for refusal in self.refusals],
            "strata": {name: one.as_dict() for name, one in self.strata.items()},
        }


def stratified(parts: Mapping[str, Histories], known: Known) -> Stratified:
    """Return the estimate of each part and of all. Parts have the same lists in the same order; at least one part."""
    pooled = estimate(Histories.together(list(parts.values())), known)
    strata = {name: estimate(part, known) for name, part in parts.items()}
    totals = [one.total for one in strata.values() if one.total is not None]
    spans = [one.span for one in strata.values() if one.span is not None]
    refused = [name for name, one in strata.items() if one.total is None]
    return Stratified(
        strata=strata,
        pooled=pooled,
        total=None if refused else Total.sum(pooled.histories.distinct, totals),
        span=(sum(low for low, _ in spans), sum(high for _, high in spans)) if len(spans) == len(strata) else None,
        refusals=(_refused(refused, len(strata)),) if refused else (),
    )


def _refused(names: list[str], among: int) -> Refusal:
    some = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    reason = f"{len(names)} of {among} strata have no total of their own: {some}."
    return Refusal(Code.STRATA, reason, "See their reasons; join small strata, or take a coarser level.")
