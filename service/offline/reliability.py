"""The reliability plot: stated probability of absence against how often such records were truly absent."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchers.evaluation.bootstrap import exact
from matchers.evaluation.measures import bins_of
from matchers.evaluation.outcomes import Outcomes
from service.errors import INVALID, NOT_ACCEPTABLE, Problem

#: Endings a plot is written as.
ENDINGS = (".svg", ".png")
_LEVEL = 0.95


def require_plot(out: Path) -> None:
    """Refuse at once what no plot can be written to, before anybody waits for figures.

    Raises `Problem`: not acceptable for another ending, invalid for a folder that is not there.
    """
    if out.suffix.casefold() not in ENDINGS:
        detail = f"A plot is not written as {out.suffix or 'a file without an ending'}; use {' or '.join(ENDINGS)}."
        raise Problem(NOT_ACCEPTABLE, detail)
    if not out.resolve().parent.is_dir():
        detail = f"The folder of {out} does not exist."
        raise Problem(INVALID, detail)


def plot(outcomes: Outcomes, title: str, out: Path) -> None:
    """Draw ten bins of equal size with exact 95 % intervals, over where the probabilities lie; write SVG or PNG.

    The same outcomes give the same bytes of SVG. Raises `Problem` as `require_plot` does, or when no record has a
    probability.
    """
    require_plot(out)
    searched = np.isfinite(outcomes.p_absent)
    if not searched.any():
        detail = "No record has a probability of absence, so there is nothing to plot."
        raise Problem(INVALID, detail)
    _draw(outcomes.hidden[searched], outcomes.p_absent[searched], title, out)


def _draw(hidden: NDArray[np.bool_], stated: NDArray[np.float64], title: str, out: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415 - takes half a second to load, and most runs draw nothing
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above; without pyplot no window system is touched

    with (
        warnings.catch_warnings(),
        mpl.rc_context({"svg.hashsalt": "uncounted", "svg.fonttype": "none", "font.size": 9}),
    ):
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a title in a script the font lacks
        figure = Figure(figsize=(5.2, 5.6), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=(4, 1), sharex=True)
        above.plot((0, 1), (0, 1), color="0.6", linestyle="--", linewidth=1, label="as often as stated")
        bins = bins_of(stated)
        x = [float(stated[rows].mean()) for rows in bins]
        y = [float(hidden[rows].mean()) for rows in bins]
        ends = [exact(int(hidden[rows].sum()), len(rows), _LEVEL) for rows in bins]
        error = np.array([(at - low, high - at) for at, (low, high) in zip(y, ends, strict=True)]).T.clip(0)
        above.errorbar(x, y, yerr=error, fmt="o-", color="#7a1f6b", capsize=2, linewidth=1, markersize=4)
        above.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), ylabel="truly absent (share)")
        above.set_title(title, parse_math=False)
        above.legend(loc="upper left", frameon=False)
        below.hist(stated, bins=np.linspace(0, 1, 21).tolist(), color="#7a1f6b")
        below.set(xlabel="stated probability of absence", ylabel="records")
        metadata = {"Date": None} if out.suffix.casefold() == ".svg" else {}
        figure.savefig(out, dpi=150, metadata=metadata)
