"""Log-linear Poisson models of capture histories (Fienberg 1972): the cell nobody saw is read off the intercept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.coverage.hierarchical import Model, models, terms, written
from matchers.coverage.histories import Histories
from matchers.coverage.total import Total

Floats = NDArray[np.float64]

#: A model whose standard error is more than so many times its total does not tell the total.
_LOOSEST = 10
_MOST_STEPS = 100
_SETTLED = 1e-12  # relative change of the deviance at which a fit is done
_LEAST_MEAN = 1e-12


@dataclass(frozen=True, slots=True)
class Fit:
    """One model, fitted."""

    model: str  # its largest terms, e.g. "[EXH·ABA, HRW]"
    total: Total
    deviance: float
    df: int  # degrees of freedom left
    aic: float
    bic: float  # with the logarithm of how many were seen

    def as_dict(self) -> dict[str, Any]:
        """Return the fit for JSON."""
        told = {name: round(getattr(self, name), 3) for name in ("deviance", "aic", "bic")}
        return {"model": self.model, **self.total.as_dict(), "df": self.df, **told}


def fits(histories: Histories) -> list[Fit]:
    """Return every hierarchical model that tells a total, the lowest BIC first.

    Left out: models with a term whose lists share nothing (a sufficient margin of zero), those that do not settle, and
    those whose standard error is above ten times the total.
    """
    found = [fit for model in models(len(histories.lists)) if (fit := fitted(histories, model)) is not None]
    return sorted(found, key=lambda fit: (fit.bic, fit.model))


def fitted(histories: Histories, model: Model) -> Fit | None:
    """Return one model fitted by maximum likelihood; None where it does not tell a total (`fits`)."""
    seen = histories.cells.astype(np.float64)
    design = _design(histories, model)
    if (design.T @ seen == 0).any():
        return None
    solved = _solved(design, seen)
    if solved is None:
        return None
    intercept, variance, mean = solved
    unseen, distinct = math.exp(min(intercept, 700.0)), histories.distinct
    se = unseen * math.sqrt(1 / unseen + variance)
    if not se <= _LOOSEST * (distinct + unseen):
        return None
    likelihood = float((seen * np.log(mean) - mean).sum()) - sum(math.lgamma(count + 1) for count in seen.tolist())
    size = design.shape[1]
    return Fit(
        model=written(model, histories.lists),
        total=Total.of(distinct, unseen, se),
        deviance=_deviance(seen, mean),
        df=len(seen) - size,
        aic=2 * size - 2 * likelihood,
        bic=size * math.log(distinct) - 2 * likelihood,
    )


def _design(histories: Histories, model: Model) -> Floats:
    on = histories.histories
    columns = [on[:, list(term)].prod(axis=1) for term in terms(model)]
    return np.column_stack([np.ones(len(on)), *columns]).astype(np.float64)


def _solved(design: Floats, seen: Floats) -> tuple[float, float, Floats] | None:
    """Return intercept, its variance and the means, by iteratively reweighted least squares; None if none settle."""
    mean: Floats = seen + 0.5
    linear: Floats = np.log(mean)
    last = math.inf
    for _ in range(_MOST_STEPS):
        weighted = design * mean[:, None]
        information = design.T @ weighted
        try:
            beta = np.linalg.solve(information, weighted.T @ (linear + (seen - mean) / mean))
        except np.linalg.LinAlgError:
            return None
        linear = np.clip(design @ beta, -30, 30)
        mean = np.maximum(np.exp(linear), _LEAST_MEAN)
        deviance = _deviance(seen, mean)
        if abs(last - deviance) <= _SETTLED * (abs(deviance) + 0.1):
            return _intercept(design, mean, beta)
        last = deviance
    return None


def _intercept(design: Floats, mean: NDArray[Any], beta: NDArray[Any]) -> tuple[float, float, Floats] | None:
    try:
        variance = float(np.linalg.inv(design.T @ (design * mean[:, None]))[0, 0])
    except np.linalg.LinAlgError:
        return None
    return (float(beta[0]), variance, mean) if math.isfinite(variance) and variance >= 0 else None


def _deviance(seen: Floats, mean: Floats) -> float:
    ratio = np.where(seen > 0, seen / mean, 1.0)
    return float(2 * (seen * np.log(ratio) - (seen - mean)).sum())
