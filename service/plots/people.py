"""People whom no list names, and people whom official counts leave out: two estimates, each with its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.plots.figure import INK, MAIN, OTHER, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Part of a report, what its people are, its range in per cent, colour and mark.
_SORTS = (
    ("people", "in communities\nnot found on a list", 95, MAIN, "o"),
    ("undercounts", "left out of official\ncounts of listed ones", 90, OTHER, "D"),
)


def plot(report: Mapping[str, Any], form: Form = "svg") -> bytes | None:
    """Return the picture of a gap report's two estimates of people; None where it has neither.

    They are drawn beside one another and never added up: each rests on other evidence.
    """
    told = [(words, of, color, mark, one) for words, of, color, mark, one in _estimates(report)]
    if not told:
        return None
    said = "; ".join(
        f"{one['estimate']:,} people {words.replace(chr(10), ' ')}, {of} % range {one['low']:,} to {one['high']:,}"
        for words, of, _, _, one in told
    )
    caption = Caption(
        "People", said, "Lines are ranges. The two estimates rest on different evidence: not to be added."
    )
    return drawn(caption, lambda figure: _draw(figure, told), (7.2, 1.2 + 0.55 * len(told)), form)


def _estimates(report: Mapping[str, Any]) -> list[tuple[str, int, str, str, Mapping[str, Any]]]:
    """Return what is drawn: estimates that are told, with their range."""
    parts = {"people": report["people"], "undercounts": report["undercounts"]["people"]}
    return [
        (words, of, color, mark, parts[part])
        for part, words, of, color, mark in _SORTS
        if all(parts[part][edge] is not None for edge in ("estimate", "low", "high"))
    ]


def _draw(figure: Figure, told: list[tuple[str, int, str, str, Mapping[str, Any]]]) -> None:
    axes = figure.subplots()
    for at, (_, of, color, mark, one) in enumerate(told):
        axes.plot([one["low"], one["high"]], [at, at], color=color, linewidth=2.2, solid_capstyle="butt")
        axes.plot([one["estimate"]], [at], mark, color=color, markersize=7, markeredgecolor=INK, markeredgewidth=0.6)
        words = f"{one['estimate']:,}  ({one['low']:,} to {one['high']:,}, {of} %)"
        axes.annotate(words, (one["low"], at), xytext=(0, 8), textcoords="offset points", fontsize=8)
    axes.set_yticks(range(len(told)), [words for words, *_ in told])
    axes.set_ylim(len(told) - 0.5, -0.75)
    axes.set_xlim(0, max(one["high"] for *_, one in told) * 1.4 + 1)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("persons")
