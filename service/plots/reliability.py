"""The reliability plot: stated probability of absence against how often such records were truly absent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchers.evaluation.bootstrap import exact
from matchers.evaluation.measures import bins_of
from matchers.evaluation.outcomes import Outcomes
from service.errors import INVALID, Problem
from service.plots.figure import FAINT, MAIN, Caption, drawn, form_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEVEL = 0.95


def plot(outcomes: Outcomes, title: str, out: Path) -> None:
    """Draw ten bins of equal size with exact 95 % intervals, over where the probabilities lie; write SVG or PNG.

    The same outcomes give the same bytes of SVG. Raises `Problem` as `form_of` does, or when no record has a
    probability.
    """
    form = form_of(out)
    searched = np.isfinite(outcomes.p_absent)
    if not searched.any():
        detail = "No record has a probability of absence, so there is nothing to plot."
        raise Problem(INVALID, detail)
    hidden, stated = outcomes.hidden[searched], outcomes.p_absent[searched]
    caption = Caption(
        title,
        f"Stated probability of absence against the share truly absent, {len(stated):,} records in ten bins; "
        f"on average {stated.mean():.2f} was stated and {hidden.mean():.2f} was true.",
    )
    out.write_bytes(drawn(caption, lambda figure: _draw(figure, hidden, stated), (5.2, 5.6), form))


def _draw(figure: Figure, hidden: NDArray[np.bool_], stated: NDArray[np.float64]) -> None:
    above, below = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
    above.plot((0, 1), (0, 1), color=FAINT, linestyle="--", linewidth=1, label="as often as stated")
    bins = bins_of(stated)
    x = [float(stated[rows].mean()) for rows in bins]
    y = [float(hidden[rows].mean()) for rows in bins]
    ends = [exact(int(hidden[rows].sum()), len(rows), _LEVEL) for rows in bins]
    error = np.array([(at - low, high - at) for at, (low, high) in zip(y, ends, strict=True)]).T.clip(0)
    above.errorbar(x, y, yerr=error, fmt="o-", color=MAIN, capsize=2, linewidth=1, markersize=4)
    above.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), ylabel="truly absent (share)")
    above.legend(loc="upper left", frameon=False)
    below.hist(stated, bins=np.linspace(0, 1, 21).tolist(), color=MAIN)
    below.set(xlabel="stated probability of absence", ylabel="records")
