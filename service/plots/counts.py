"""The counts behind a flag: each source with its range, what they come to, and how much of it a list covers.

What a caller may not see is not drawn: the plot is made from values that were redacted already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchers.counting.mechanisms import NONE, Mechanism, Published
from matchers.counting.posterior import density
from matchers.parameters import DEFAULTS
from service.plots.figure import FAINT, INK, MAIN, OTHER, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 34  # letters of a label
_WIDE = 6.0  # greatest over smallest number from which the axis is logarithmic
_SHORT = "#f0cf8a"  # `figure.WARM`, paler: a region, not a thing
_ENOUGH = 0.9  # of the true count: an official one that covers less is short
_SHOWN = (0.2, 1.6)  # coverage ratios drawn, wider where the interval is
_MARKS = {"combined": "o", "alone": "o", "lower_bound": ">"}  # of what takes part; all else is a cross
_WORDS = {
    "method_unknown": "unknown method, left out",
    "official_copy": "copy of the list, left out",
    "other_date": "other date, left out",
    "in_the_future": "dated in the future, left out",
    "quality_too_low": "quality too low, left out",
    "lower_bound": "at least",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plot: a number with its 95 % range; the low alone where it is a lower bound."""

    label: str
    value: float
    low: float
    high: float | None
    part: str


def plot(shown: Mapping[str, Any], name: str, form: Form = "svg") -> bytes:
    """Return the picture of what `GET /v1/flags/{flag_id}/counts` answers, for a community of this name."""
    rows = [_row(claim) for claim in shown["claims"]]
    tests = [test for test in shown["tests"] if test["ratio"] is not None]
    combined = shown["combined"]
    caption = Caption(f"Counts of {name}", " ".join(_described(shown)), _source(tests))
    height = 1.3 + 0.34 * (len(rows) + (combined is not None)) + (2.1 if tests else 0.0)
    return drawn(caption, lambda figure: _draw(figure, rows, combined, tests), (7.2, max(height, 2.4)), form)


def _draw(
    figure: Figure, rows: Sequence[Row], combined: Mapping[str, Any] | None, tests: Sequence[Mapping[str, Any]]
) -> None:
    parts = [part for part, there in (("counts", rows), ("tests", tests)) if there]
    if not parts:
        figure.text(0.5, 0.45, "No counts that may be shown here.", ha="center", color=INK)
        return
    heights = {"counts": 0.8 + 0.34 * (len(rows) + (combined is not None)), "tests": 2.1}
    axes = figure.subplots(len(parts), 1, squeeze=False, height_ratios=[heights[part] for part in parts])[:, 0]
    for part, axis in zip(parts, axes, strict=True):
        if part == "counts":
            _forest(axis, rows, combined, tests)
        else:
            _coverage(axis, tests)


def _forest(
    axes: Axes, rows: Sequence[Row], combined: Mapping[str, Any] | None, tests: Sequence[Mapping[str, Any]]
) -> None:
    for at, row in enumerate(rows):
        _line(axes, at, row)
    labels = [row.label for row in rows]
    if combined is not None:
        at = len(rows)
        low, value, high = combined["low"], combined["value"], combined["high"]
        axes.fill([low, value, high, value], [at, at - 0.26, at, at + 0.26], color=MAIN, linewidth=0)
        labels.append(f"together {value:,.0f}")
    numbers = [number for row in rows for number in (row.low, row.high or row.value)]
    official = [test["official_high"] for test in tests if test["official_high"] is not None]
    for at, number in enumerate(official):
        axes.axvline(number, color=OTHER, linestyle=("--", ":", "-.")[at % 3], linewidth=1.2)
        axes.annotate(f"official {number:,.0f}", (number, 1), xycoords=("data", "axes fraction"), **_ABOVE)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    every = [number for number in (*numbers, *official) if number > 0]
    if every and max(every) / min(every) > _WIDE:
        from matplotlib.ticker import LogLocator  # noqa: PLC0415 - Matplotlib loads only when something is drawn

        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    axes.minorticks_off()
    axes.set_xlabel(f"{combined['unit'] if combined else 'persons'}, with 95 % ranges")


_ABOVE: dict[str, Any] = {
    "xytext": (3, 2),
    "textcoords": "offset points",
    "fontsize": 7.5,
    "color": OTHER,
    "va": "bottom",
    "ha": "left",
}


def _line(axes: Axes, at: int, row: Row) -> None:
    used = row.part in _MARKS
    color = INK if used else FAINT
    if row.high is None:
        axes.annotate("", xy=(row.value * 1.25, at), xytext=(row.value, at), arrowprops={"arrowstyle": "->"})
    else:
        axes.plot((row.low, row.high), (at, at), color=color, linewidth=1.2, linestyle="-" if used else ":")
    axes.plot(row.value, at, _MARKS.get(row.part, "x"), color=color, markersize=5)


def _coverage(axes: Axes, tests: Sequence[Mapping[str, Any]]) -> None:
    left = min(_SHOWN[0], *(test["ratio_low"] for test in tests))
    right = max(_SHOWN[1], *(test["ratio_high"] for test in tests))
    axes.axvspan(left, _ENOUGH, facecolor="none", edgecolor=_SHORT, hatch="///", linewidth=0, zorder=0)
    axes.axvline(1.0, color=FAINT, linewidth=0.8)
    top = 0.0
    for test, style in zip(tests, ("-", "--", ":", "-.") * len(tests), strict=False):
        height = _curve(axes, test, style)
        top = max(top, height)
    axes.set(xlim=(left, right), ylim=(0, top * 1.25 or 1), yticks=[], ylabel="how likely")
    axes.set_xlabel("official count as a share of all who live there; hatched: less than nine tenths")
    axes.xaxis.set_major_formatter(lambda ratio, _: f"{ratio:.0%}")
    axes.legend(loc="upper right", frameon=False, fontsize=7.5)


def _curve(axes: Axes, test: Mapping[str, Any], style: str) -> float:
    """Draw the posterior of one test and return its height; of a test whose numbers are withheld, its interval."""
    label = (
        f"{_short(test['list']['title'])}: {test['ratio']:.0%} ({test['ratio_low']:.0%} to {test['ratio_high']:.0%})"
    )
    if test["citizen"] is None or test["spread"] is None:
        axes.plot((test["ratio_low"], test["ratio_high"]), (0.5, 0.5), style, color=MAIN, label=label)
        axes.plot(test["ratio"], 0.5, "o", color=MAIN)
        return 1.0
    pair = test["citizen"], _published(test), test["spread"], test["growth"] or 0.0
    kappa, likely = density(*pair, prior=DEFAULTS.counting.prior)  # by which the service judges
    axes.plot(kappa, likely, style, color=MAIN, linewidth=1.5, label=label)
    inside = (kappa >= test["ratio_low"]) & (kappa <= test["ratio_high"])
    axes.fill_between(kappa, likely, where=inside.tolist(), color=MAIN, alpha=0.18, linewidth=0)
    return float(likely.max())


def _published(test: Mapping[str, Any]) -> Published:
    low, high, noise = test["official_low"], test["official_high"], test.get("noise")
    if low != high:
        return Published(low=low, high=high)
    return Published(low, mechanism=Mechanism.normal(noise) if noise else NONE)


def _row(claim: Mapping[str, Any]) -> Row:
    year = f", {claim['date'][:4]}" if claim["date"] else ""
    words = _WORDS.get(claim["part"], claim["method"].replace("_", " "))
    return Row(
        label=f"{_short(claim['organisation'])}\n{words}{year}",
        value=claim["value"],
        low=claim["low"],
        high=claim["high"],
        part=claim["part"],
    )


def _described(shown: Mapping[str, Any]) -> list[str]:
    if shown["combined"]:
        return [shown["combined"]["sentence"]]
    told = [f"{claim['organisation']} counts {claim['value']:,.0f}." for claim in shown["claims"]]
    told += [
        f"{test['list']['title']} covers less than nine tenths with probability {test['p_under']:.2f}."
        for test in shown["tests"]
    ]
    return told or ["No counts may be shown."]


def _source(tests: Sequence[Mapping[str, Any]]) -> str:
    lists = [
        f"{test['list']['title']}{f', vintage {vintage}' if (vintage := test['list']['vintage']) else ''}"
        for test in tests
    ]
    return f"Official: {'; '.join(dict.fromkeys(lists))}." if lists else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
