"""How far apart true pairs lie: the share of errors beyond what was stated, and the usual error where nothing is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from geodata.distance import R95_PER_SIGMA
from matchers.features.distance import density_km2
from matchers.pairs import Flags, Floats
from matchers.parameters import Geography

_RANGE = 64.0  # the usual error is looked for up to so many times smaller or larger
_ROUNDS = 200


@dataclass(frozen=True)
class Separations:
    """True pairs with a point on both sides."""

    metres: Floats
    sigma_m: Floats  # standard deviation of both locations together
    crowd: Floats  # share of the list's places on a km² around the record
    unsaid: Flags  # the record states no error, so the usual one went into `sigma_m`

    def take(self, which: Flags) -> Separations:
        """Return some of the pairs."""
        return Separations(self.metres[which], self.sigma_m[which], self.crowd[which], self.unsaid[which])

    @classmethod
    def concat(cls, parts: list[Separations]) -> Separations:
        """Put several together."""

        def column(name: str, kind: type) -> NDArray[Any]:
            return np.concatenate([np.zeros(0, kind), *(getattr(part, name) for part in parts)])

        floats = [column(name, float) for name in ("metres", "sigma_m", "crowd")]
        return cls(floats[0], floats[1], floats[2], column("unsaid", bool))


def located(found: Separations, usual: Geography, pseudo: float) -> Geography:
    """Return the geography under which these separations are likeliest, against `pseudo` pairs as `usual` expects.

    Moves `r95_citizen_m` where records state no error, then `tail_share` and `gross_error`.
    """
    if found.unsaid.any():
        r95 = _usual_error(found.take(found.unsaid), usual, pseudo)
        sigma = np.where(found.unsaid, _with_error(found.sigma_m, usual.r95_citizen_m, r95), found.sigma_m)
        found, usual = replace(found, sigma_m=sigma), replace(usual, r95_citizen_m=r95)
    return _errors(found, usual, pseudo) if len(found.metres) else usual


def _errors(found: Separations, usual: Geography, pseudo: float) -> Geography:
    """Estimate by EM which share of errors is as stated, several times as large, and gross."""
    density = np.stack(
        [
            density_km2(found.metres, found.sigma_m, replace(usual, tail_share=0.0)),
            density_km2(found.metres, found.sigma_m, replace(usual, tail_share=1.0)),
            found.crowd,
        ]
    )
    gross, tail = usual.gross_error, usual.tail_share
    prior = pseudo * np.array([(1 - gross) * (1 - tail), (1 - gross) * tail, gross])
    share = prior / prior.sum()
    for _ in range(_ROUNDS):
        each = share[:, None] * density
        counted = (each / each.sum(axis=0)).sum(axis=1) + prior
        share = counted / counted.sum()
    as_stated, larger, none = (float(value) for value in share)
    return replace(usual, tail_share=larger / (as_stated + larger), gross_error=none)


def _usual_error(found: Separations, usual: Geography, pseudo: float) -> float:
    """Return the radius (metres, 95 %) that records without one are best thought to have."""

    def loss(log_ratio: float) -> float:
        ratio = float(np.exp(log_ratio))
        sigma = _with_error(found.sigma_m, usual.r95_citizen_m, usual.r95_citizen_m * ratio)
        density = (1 - usual.gross_error) * density_km2(found.metres, sigma, usual) + usual.gross_error * found.crowd
        # What a pair of the usual error is expected to say of another one: the divergence of two normal errors.
        doubt = pseudo * (2 * log_ratio + 1 / ratio**2 - 1)
        return float(doubt - np.log(np.maximum(density, np.finfo(float).tiny)).sum())

    best = minimize_scalar(loss, bounds=(-np.log(_RANGE), np.log(_RANGE)), method="bounded").x
    return float(usual.r95_citizen_m * np.exp(best))


def _with_error(sigma_m: Floats, was_m: float, r95_m: float) -> Floats:
    """Return combined deviations with one usual radius exchanged for another."""
    others = np.maximum(sigma_m**2 - (was_m / R95_PER_SIGMA) ** 2, 0.0)
    return np.asarray(np.sqrt(others + (r95_m / R95_PER_SIGMA) ** 2))
