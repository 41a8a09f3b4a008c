"""Whether probabilities of an undercount are worth what they say: stated against true, in several worlds at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from service.plots.figure import FAINT, SERIES, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS = "osD^v"


def plot(worlds: Mapping[str, Sequence[tuple[float, float]]], caption: Caption, form: Form = "svg") -> bytes:
    """Return the picture: of each world the stated probability and the share that was true, bin by bin."""
    return drawn(caption, lambda figure: _draw(figure, worlds), (6.4, 5.2), form)


def _draw(figure: Figure, worlds: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    axes = figure.subplots()
    axes.plot((0, 1), (0, 1), color=FAINT, linestyle="--", linewidth=1, label="as often as stated")
    for at, (name, points) in enumerate(worlds.items()):
        colour, marker = SERIES[at % len(SERIES)][0], _MARKERS[at % len(_MARKERS)]
        style = "-" if at < len(SERIES) else ":"
        stated, true = zip(*points, strict=True)
        axes.plot(stated, true, style, marker=marker, color=colour, linewidth=1.2, markersize=4, label=name)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    axes.set(xlabel="stated probability of an undercount", ylabel="share that was truly undercounted")
    axes.legend(frameon=False, fontsize=7, loc="upper left")
