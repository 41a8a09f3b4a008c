"""The posterior of one undercount test: what share of the people the official count covers, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchers.counting.mechanisms import NONE, Mechanism, Published
from matchers.counting.posterior import Coverage, coverage, density
from matchers.counting.prior import PRIOR, Prior
from matchers.parameters import DEFAULTS, Counting
from service.plots.figure import FAINT, INK, MAIN, OTHER, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Pair:
    """The two counts that were tested."""

    citizen: float
    published: Published
    spread: float  # total standard deviation on the log scale
    growth: float = 0.0
    delta: float = 0.10
    unit: str = "persons"
    prior: Prior = PRIOR  # of coverage

    @property
    def coverage(self) -> Coverage:
        """What they come to. Raises `ValueError` where they cannot be tested."""
        return coverage(self.citizen, self.published, self.spread, self.growth, self.delta, prior=self.prior)

    @classmethod
    def of(
        cls, counted: Mapping[str, Any], mechanism: Mechanism = NONE, counting: Counting = DEFAULTS.counting
    ) -> Pair:
        """Return the pair that a finding tells of (`matchers.base.COUNTED`), judged with these parameters."""
        low, high = counted["official_low"], counted["official_high"]
        published = Published(low, mechanism=mechanism) if low == high else Published(None, low, high, mechanism)
        return cls(
            citizen=counted["citizen"],
            published=published,
            spread=counted["spread"],
            growth=counted["growth"] or 0.0,
            delta=counting.delta,
            unit=counted["unit"] or "persons",
            prior=counting.prior,
        )


def plot(pair: Pair, name: str, source: str = "", form: Form = "svg") -> bytes:
    """Return the picture for the community called `name`: density, 90 % interval and the threshold of an undercount.

    Raises `ValueError` where the counts cannot be tested.
    """
    found = pair.coverage
    words = _words(pair, found)
    caption = Caption(
        f"{name}: how much of the community the official count covers", words, f"{words}\n{source}".strip()
    )
    return drawn(caption, lambda figure: _draw(figure, pair, found), (6.4, 3.8), form)


def told(pair: Pair) -> str:
    """Return what the picture says, in sentences. Raises `ValueError` where the counts cannot be tested."""
    return _words(pair, pair.coverage)


def _words(pair: Pair, found: Coverage) -> str:
    low, high = pair.published.bounds
    official = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    grown = f", less growth of {100 * np.expm1(pair.growth):+.1f} % since" if pair.growth else ""
    return (
        f"Citizens count {pair.citizen:,.0f} {pair.unit}{grown}; the list has {official}. It covers "
        f"{percent(found.median)} of the {pair.unit} (90 % interval {percent(found.low)} to {percent(found.high)}); "
        f"less than {percent(1 - pair.delta)} with "
        f"probability {_probability(found.p_under)} ({_weight(found.bayes_factor)})."
    )


def _weight(factor: float) -> str:
    """Return by how much the counts changed the odds: their Bayes factor, in words."""
    times = factor if factor >= 1 else 1 / max(factor, 1e-9)
    many = "more than a thousandfold" if times > 1000 else f"{times:,.1f}-fold"  # noqa: PLR2004 - beyond it none can feel it
    return f"the counts {'raise' if factor >= 1 else 'lower'} its odds {many}"


def percent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{100 * share:.0f} %"


def _probability(p: float) -> str:
    return "above 0.99" if p > 0.99 else "below 0.01" if p < 0.01 else f"{p:.2f}"  # noqa: PLR2004 - two digits are said


def _draw(figure: Figure, pair: Pair, found: Coverage) -> None:
    axes = figure.subplots()
    kappa, height = _curve(pair, found)
    threshold, top = 1 - pair.delta, float(height.max())
    short = kappa <= threshold
    axes.plot(kappa, height, color=INK, linewidth=1.2)
    axes.fill_between(
        kappa, height, where=short.tolist(), color=OTHER, alpha=0.35, hatch="///", edgecolor=OTHER, linewidth=0
    )
    axes.fill_between(kappa, height, where=(~short).tolist(), color=MAIN, alpha=0.25, linewidth=0)
    axes.axvline(threshold, color=OTHER, linewidth=1.2, label=f"undercount: below {percent(threshold)}")
    axes.axvline(1, color=FAINT, linestyle="--", linewidth=1, label="everybody counted")
    ends = [[found.median - found.low], [found.high - found.median]]
    axes.errorbar(
        found.median, -0.07 * top, xerr=ends, fmt="o", color=INK, capsize=3, markersize=4, label="median, 90 %"
    )
    axes.set(xlabel="official count as a share of the true one", ylabel="probability density", yticks=[])
    axes.set(xlim=(kappa[0], kappa[-1]), ylim=(-0.16 * top, 1.06 * top))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.legend(frameon=False, fontsize=7)


def _curve(pair: Pair, found: Coverage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coverage ratios worth looking at, and the density of each."""
    kappa, of_log = density(pair.citizen, pair.published, pair.spread, pair.growth, prior=pair.prior)
    low, high = min(0.6 * found.low, 0.8), max(1.25 * found.high, 1.2)
    shown = np.linspace(max(low, float(kappa[0])), min(high, float(kappa[-1])), 400)
    return shown, np.interp(np.log(shown), np.log(kappa), of_log) / shown
