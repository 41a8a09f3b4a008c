"""Which groups people name as left behind, each beside whether official lists count it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from service.plots.figure import FAINT, GOOD, INK, MAIN, OTHER, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST = 20  # groups drawn
_LONGEST = 34  # letters of a name
_STEPS = (("collected", "asked\nfor"), ("category", "has a\ncategory"), ("published", "number\npublished"))
#: What a list says -> how it is drawn: marker, colour, words.
_MARKS = {True: ("o", GOOD, "yes"), False: ("X", OTHER, "no"), None: ("_", FAINT, "the list does not say")}


def said_by_any(counted: Sequence[Mapping[str, Any]], step: str) -> bool | None:
    """Return yes where one list says so, no where one says no and none yes, None where none says."""
    said = {one[step] for one in counted}
    return True if True in said else False if False in said else None


def plot(summary: Mapping[str, Any], form: Form = "svg") -> bytes:
    """Return the picture of a summary of a country, as a caller may see it: the groups named most, from the top."""
    groups = summary["groups"][:_MOST]
    caption = Caption(
        f"Named as left behind in {summary['country']['name']}, and counted by official statistics?",
        "; ".join(_said(group) for group in groups) or "No group is told.",
        _source(summary),
    )
    size = (7.6, 2.0 + 0.32 * max(len(groups), 2))
    return drawn(caption, lambda figure: _draw(figure, groups), size, form)


def _draw(figure: Figure, groups: Sequence[Mapping[str, Any]]) -> None:
    if not groups:
        axes = figure.subplots()
        axes.set_axis_off()
        axes.text(0.5, 0.5, "No group is told.", ha="center", color=INK)
        return
    bars, marks = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1.5))
    _bars(bars, groups)
    _marks(marks, groups)
    bars.set_yticks(range(len(groups)), [_name(group) for group in groups])
    bars.set_ylim(len(groups) - 0.4, -0.6)
    _legend(figure, bars)


def _bars(axes: Axes, groups: Sequence[Mapping[str, Any]]) -> None:
    for at, group in enumerate(groups):
        share = group["share"] or 0
        axes.barh(at, share * 100, height=0.62, color=MAIN)
        axes.annotate(
            _number(group), (share * 100, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7.5
        )
    longest = max(group["share"] or 0 for group in groups) * 100
    axes.set_xlim(0, max(longest, 1) * 1.45)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("% of respondents who name the group")


def _marks(axes: Axes, groups: Sequence[Mapping[str, Any]]) -> None:
    for at, group in enumerate(groups):
        for column, (step, _) in enumerate(_STEPS):
            marker, color, _ = _MARKS[said_by_any(group["official"], step)]
            axes.plot(column, at, marker=marker, color=color, markersize=8, linestyle="none")
    axes.set_xticks(range(len(_STEPS)), [label for _, label in _STEPS], fontsize=7.5)
    axes.set_xlim(-0.6, len(_STEPS) - 0.4)
    axes.tick_params(axis="both", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.xaxis.tick_top()


def _legend(figure: Figure, axes: Axes) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - Matplotlib loads only when something is drawn
    from matplotlib.transforms import blended_transform_factory  # noqa: PLC0415 - as above

    handles = [
        Line2D([], [], marker=marker, color=color, linestyle="none", markersize=7, label=words)
        for marker, color, words in _MARKS.values()
    ]
    axes.legend(
        handles=handles,
        title="What official lists say of the group:",
        title_fontsize=7.5,
        alignment="left",
        loc="lower left",
        bbox_to_anchor=(0.01, 1.0),  # above the bars, however long the names of groups are
        bbox_transform=blended_transform_factory(figure.transFigure, axes.transAxes),
        ncols=len(handles),
        frameon=False,
        fontsize=7.5,
    )


def _number(group: Mapping[str, Any]) -> str:
    more = " or more" if group["at_least"] else ""
    if group["respondents"]:
        return f"{group['respondents']:,}{more}"
    return f"in meetings of {group['participants']:,}{more}" if group["participants"] else ""


def _name(group: Mapping[str, Any]) -> str:
    name = str(group["label"])
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _said(group: Mapping[str, Any]) -> str:
    steps = ", ".join(
        f"{label.replace(chr(10), ' ')}: {_MARKS[said_by_any(group['official'], step)][2]}" for step, label in _STEPS
    )
    share = "" if group["share"] is None else f" ({group['share']:.0%} of respondents)"
    return f"{group['label']}: {_number(group)}{share}; {steps}"


def _source(summary: Mapping[str, Any]) -> str:
    lists = [f"{one['title']}, vintage {one['vintage']}" for one in summary["lists"] if one["speaks_of_groups"]]
    asked = f"{summary['surveys']['people'] or 0:,} respondents, {summary['dialogues']['meetings']:,} meetings. "
    held = f"Held against {'; '.join(lists)}. " if lists else "No list here says anything about groups. "
    return f"{asked}{held}Absence of data is not absence of people."
