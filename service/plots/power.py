"""What counts can show: the greatest official share that still proves an undercount, by size and error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matchers.counting.power import BAR, Bar, detectables
from service.plots.figure import INK, SERIES, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZES = np.unique(np.round(np.geomspace(10, 10_000, 160)))
_SPREADS = (0.05, 0.10, 0.20, 0.40)
_LINES = ("-", "--", "-.", ":")


def plot(bar: Bar = BAR, form: Form = "svg") -> bytes:
    """Return the picture: one line per total error, over the number of people in the community."""
    ends = ", ".join(f"{detectables(1000, s, bar).item():.0%} at an error of {s:.2f}" for s in _SPREADS)
    caption = Caption(
        "How large a shortfall must be to show",
        f"The official share of a community of 1,000 below which an undercount is shown: {ends}.",
        f"Shown: coverage below {1 - bar.delta:.0%} with probability {bar.p:.2f}. "
        "Error: total standard deviation on the log scale.",
    )
    return drawn(caption, lambda figure: _draw(figure, bar), (6.4, 4.0), form)


def _draw(figure: Figure, bar: Bar) -> None:
    axes = figure.subplots()
    for s, line, (colour, _) in zip(_SPREADS, _LINES, SERIES, strict=False):
        axes.plot(_SIZES, detectables(_SIZES, s, bar), line, color=colour, linewidth=1.6, label=f"error {s:.2f}")
    axes.axhline(1 - bar.delta, color=INK, linewidth=0.6)
    axes.set(xscale="log", ylim=(0, 1), xlabel="people in the community, by the citizens' count")
    axes.set_ylabel("official share that shows an undercount: at most")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.legend(frameon=False, loc="lower right", ncols=2)
