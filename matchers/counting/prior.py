"""What is believed of an official count's coverage before a citizen count is seen: a mixture of three normals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

#: Coverage ratios outside of these are taken for impossible.
LEAST, MOST = 0.005, 5.0

_NARROWEST, _WIDEST = 0.001, 3.0  # of a component, on the log scale: what nothing resolves, and what says nothing
_ROUNDED = 1e-5  # by which weights written to six digits may miss one


_MEANS = f"means of ln kappa lie from {math.log(LEAST):.1f} to {math.log(MOST):.1f}"
_SDS = f"standard deviations lie from {_NARROWEST:g} to {_WIDEST:g}"


@dataclass(frozen=True, slots=True)
class Prior:
    """Weights, means and standard deviations of the components of ln kappa; weights sum to one.

    Raises `ValueError` for numbers that make no mixture, or one outside of what is possible.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what is no mixture."""
        if not len(self.weights) == len(self.means) == len(self.sds) > 0:
            msg = "every component of a prior has a weight, a mean and a standard deviation"
            raise ValueError(msg)
        for fine, wanted, numbers in (
            (self._weighed(), "weights are positive and sum to one", self.weights),
            (all(math.log(LEAST) <= mean <= math.log(MOST) for mean in self.means), _MEANS, self.means),
            (all(_NARROWEST <= sd <= _WIDEST for sd in self.sds), _SDS, self.sds),
        ):
            if not fine:
                msg = f"not a mixture: {wanted}, not {', '.join(f'{number:g}' for number in numbers)}"
                raise ValueError(msg)

    @property
    def median(self) -> float:
        """The median of kappa."""
        at = np.linspace(math.log(LEAST), math.log(MOST), 4097)
        return float(np.exp(np.interp(0.5, self.between(at[0], at), at)))

    def between(self, low: Floats | float, high: Floats | float) -> Floats:
        """Return the probability of ln kappa between two values, as if nothing lay outside `LEAST` and `MOST`."""
        return np.asarray((self._below(high) - self._below(low)) / self._within())

    def density(self, at: Floats) -> Floats:
        """Return the density of ln kappa, zero outside `LEAST` and `MOST`."""
        z = (at[..., None] - np.array(self.means)) / np.array(self.sds)
        heights = np.array(self.weights) / (np.array(self.sds) * math.sqrt(2 * math.pi))
        inside = (at >= math.log(LEAST)) & (at <= math.log(MOST))
        return np.where(inside, (np.exp(-(z**2) / 2) * heights).sum(-1) / self._within(), 0.0)

    def _weighed(self) -> bool:
        return all(weight > 0 for weight in self.weights) and math.isclose(sum(self.weights), 1, abs_tol=_ROUNDED)

    def _within(self) -> float:
        return float(self._below(math.log(MOST)) - self._below(math.log(LEAST)))

    def _below(self, at: Floats | float) -> Floats:
        z = (np.asarray(at)[..., None] - np.array(self.means)) / np.array(self.sds)
        return np.asarray((ndtr(z) * np.array(self.weights)).sum(-1))


#: Mostly complete, selective undercoverage, overcount. The widths span published net coverage errors, from -0.24 %
#: (US 2020 total) to 31 % (South Africa 2022).
PRIOR = Prior(weights=(0.70, 0.20, 0.10), means=(0.0, -0.35, 0.35), sds=(0.10, 0.60, 0.60))
