"""The picture of a comparison with peers: one row of dots per list, one colour per system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.peers.roster import OURS, PEERS
from bench.scores import Score

_COLOURS = ("#7a1f6b", "#1b6ca8", "#2a8a57", "#d08a1d", "#b8b03a", "#c2482f", "#8a8a8a")
_MARKERS = ("D", "o", "s", "^", "v", "P", "x")
_PANELS = {"average_precision": "average precision for “hidden”", "first_choice": "right entry as first choice"}


def plot(scores: Sequence[Score], out: Path) -> None:
    """Draw ranking, first choice and speed beside one another. The same scores give the same bytes."""
    questions = list(dict.fromkeys(score.question for score in scores))
    answered = {score.system for score in scores}
    systems = [system for system in (OURS.title, *(peer.title for peer in PEERS.values())) if system in answered]
    style = dict(zip(systems, zip(_COLOURS, _MARKERS, strict=False), strict=False))
    with mpl.rc_context({"svg.hashsalt": "uncounted", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(11, 0.55 * len(questions) + 1.6), layout="constrained")
        panels = figure.subplots(1, len(_PANELS) + 1, sharey=True)
        for system in systems:
            colour, marker = style[system]
            mine = [score for score in scores if score.system == system]
            rows = [questions.index(score.question) for score in mine]
            drawn = {"color": colour, "marker": marker, "linestyle": "none", "markersize": 6, "label": system}
            drawn["zorder"] = 3 if system == OURS.title else 2  # nobody covers what the page is about
            for panel, name in zip(panels, _PANELS, strict=False):
                panel.plot([score.figures[name].value for score in mine], rows, **drawn)
            panels[-1].plot([score.a_second for score in mine], rows, **drawn)
        for panel, title in zip(panels, (*_PANELS.values(), "records a second"), strict=True):
            panel.set_title(title, fontsize=9)
            panel.grid(axis="x", color="0.9")
            panel.set_axisbelow(True)
        for panel in panels[:-1]:
            panel.set_xlim(-0.02, 1.02)
        panels[-1].set_xscale("log")
        panels[0].set_yticks(range(len(questions)), questions)
        panels[0].invert_yaxis()
        figure.legend(
            *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(systems), fontsize=8
        )
        figure.savefig(out, metadata={"Date": None})
