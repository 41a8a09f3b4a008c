"""The estimate of how many there are altogether: a number, a range, or only how many are known of, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from matchers.coverage.assumptions import assumptions
from matchers.coverage.chao import LowerBound, lower_bound_of_lists
from matchers.coverage.dependence import Dependence, dependence
from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.linkage import corrected, corrected_overlap
from matchers.coverage.loglinear import Fit, fits
from matchers.coverage.refusal import Code, Known, Refusal, Unit, of_lists, of_total
from matchers.coverage.total import Total
from matchers.coverage.two_lists import chapman

#: Models whose BIC is less than so much above the lowest are not told apart by the data.
NEAR_BIC = 10.0
_MOST_APART = 1.5  # highest over lowest total of such models
_TWO = 2


@dataclass(frozen=True)
class Estimate:
    """What lists tell about how many there are.

    `total` is None where anything was refused. Where only the models disagree, `span` and `bound` still stand; where
    anything else was refused, nothing stands but that there are at least `histories.distinct`.
    """

    histories: Histories
    unit: Unit
    assumptions: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()
    total: Total | None = None
    method: str | None = None  # how `total` was made: "chapman", "linkage-corrected", or the model with the lowest BIC
    span: tuple[float, float] | None = None  # lowest and highest total of the models that fit about as well
    bound: LowerBound | None = None  # of three or more lists
    models: tuple[Fit, ...] = ()  # of three or more lists, every one fitted, the lowest BIC first
    dependence: tuple[Dependence, ...] = ()  # of two lists, always beside a total
    uncorrected: Total | None = field(default=None)  # of two lists, where `total` is corrected for errors of linkage

    @property
    def near(self) -> tuple[Fit, ...]:
        """The models that fit about as well as the best."""
        return tuple(fit for fit in self.models if fit.bic - self.models[0].bic < NEAR_BIC)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        bound = self.bound
        return {
            "unit": self.unit.value,
            "lists": _sizes(self.histories),
            "overlaps": _overlaps(self.histories),
            "histories": _histories(self.histories),
            "at_least": self.histories.distinct,
            "unknown": self.histories.unknown,
            "total": self.total and self.total.as_dict(),
            "method": self.method,
            "range": self.span and {"low": round(self.span[0], 1), "high": round(self.span[1], 1)},
            "lower_bound": bound and {**bound.total.as_dict(), "bias_corrected": round(bound.bias_corrected, 1)},
            "dependence": [{"odds_ratio": one.odds_ratio, **one.total.as_dict()} for one in self.dependence],
            "uncorrected": self.uncorrected and self.uncorrected.as_dict(),
            "models": [fit.as_dict() for fit in self.models],
            "refusals": [refusal.as_dict() for refusal in self.refusals],
            "assumptions": list(self.assumptions),
        }


def estimate(histories: Histories, known: Known) -> Estimate:
    """Return the estimate from capture histories. Raises `Impossible` for lists in `known` that are not there."""
    base = Estimate(histories, known.unit, assumptions(histories, known))
    if refused := of_lists(histories, known):
        return replace(base, refusals=refused)
    return _of_two(base, known) if len(histories.lists) == _TWO else _of_more(base)


def _of_two(base: Estimate, known: Known) -> Estimate:
    histories = base.histories
    first, second = histories.sizes.tolist()
    both = histories.overlaps[0, 1]
    simple = chapman(first, second, both)
    total, seen = simple, float(histories.distinct)
    if known.links is not None:
        try:
            total = corrected((first, second), both, known.links)
        except Impossible as impossible:
            reason = f"{str(impossible)[0].upper()}{str(impossible)[1:]}."
            return replace(base, refusals=(Refusal(Code.LINKS_POOR, reason, impossible.hint.capitalize() + "."),))
        seen = first + second - corrected_overlap(both, known.links)
    if refused := tuple(of_total(total, base.unit)):
        return replace(base, refusals=refused)
    return replace(
        base,
        total=total,
        method="chapman" if known.links is None else "linkage-corrected",
        dependence=dependence(total, seen),
        uncorrected=None if known.links is None else simple,
    )


def _of_more(base: Estimate) -> Estimate:
    found = tuple(fits(base.histories))
    if not found:
        reason = "No model of how these lists depend on one another tells a total."
        refused: Sequence[Refusal] = (Refusal(Code.NO_MODEL, reason, "Lists that overlap more would."),)
        return replace(base, refusals=tuple(refused))
    best = found[0]
    if refused := tuple(of_total(best.total, base.unit)):
        return replace(base, refusals=refused)
    fitted = replace(base, models=found, bound=lower_bound_of_lists(base.histories))
    values = [fit.total.value for fit in fitted.near]
    fitted = replace(fitted, span=(min(values), max(values)))
    if max(values) > _MOST_APART * min(values):
        return replace(fitted, refusals=(_disagree(values, base.unit),))
    return replace(fitted, total=best.total, method=best.model)


def _disagree(values: Sequence[float], unit: Unit) -> Refusal:
    reason = (
        f"{len(values)} models fit about as well and tell between {min(values):,.0f} and {max(values):,.0f} {unit}, "
        f"more than {_MOST_APART:g} times apart."
    )
    remedy = "Report the range and the lower bound. A further independent list, or strata, may settle it."
    return Refusal(Code.MODELS_DISAGREE, reason, remedy)


def _sizes(histories: Histories) -> list[dict[str, Any]]:
    return [{"name": name, "size": size} for name, size in zip(histories.lists, histories.sizes.tolist(), strict=True)]


def _overlaps(histories: Histories) -> list[dict[str, Any]]:
    names = histories.lists
    return [{"lists": [names[a], names[b]], "both": both} for (a, b), both in histories.overlaps.items()]


def _histories(histories: Histories) -> list[dict[str, Any]]:
    rows = zip(histories.histories.tolist(), histories.cells.tolist(), strict=True)
    return [{"on": [name for name, on in zip(histories.lists, row, strict=True) if on], "count": n} for row, n in rows]
