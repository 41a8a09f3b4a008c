"""Where the gaps of a report lie: communities of each region, hidden, undercounted, in review and consistent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from service.plots.figure import CALM, FAINT, INK, MAIN, OTHER, WARM, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST = 20  # regions drawn one by one
_LONGEST = 30  # letters of a name
#: What a bar is made of: what it is called, its colour, and the hatch that tells it apart in print.
_SORTS = (
    ("hidden", "not on the list", MAIN, ""),
    ("undercount", "counted too low", OTHER, "///"),
    ("in_review", "in review", WARM, "..."),
    ("consistent", "consistent", CALM, "\\\\"),
)


def plot(report: Mapping[str, Any], form: Form = "svg") -> bytes:
    """Return the picture of a gap report's `regions`, as a caller may see them; what is withheld is hatched in grey."""
    regions = _drawn(report["regions"]["items"])
    level = report["regions"]["level"]
    caption = Caption(
        f"Communities by {level}" if level else "Communities",
        "; ".join(_said(region) for region in regions) or "No communities.",
        _source(report),
    )
    size = (7.2, 1.5 + 0.32 * max(len(regions), 2))
    return drawn(caption, lambda figure: _draw(figure, regions, named=bool(level)), size, form)


def _drawn(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the regions to draw: the first ones, and all others as one."""
    if len(items) <= _MOST:
        return list(items)
    rest = items[_MOST - 1 :]
    others: dict[str, Any] = {"area": f"{len(rest)} others", "withheld": None}
    for sort, *_ in _SORTS:
        numbers = [item[sort] for item in rest]
        others[sort] = None if None in numbers else sum(numbers)
    return [*items[: _MOST - 1], others]


def _draw(figure: Figure, regions: Sequence[Mapping[str, Any]], *, named: bool) -> None:
    axes = figure.subplots()
    if not regions:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "No communities in this report.", ha="center", color=INK)
        return
    longest = max(_total(region) for region in regions)
    hidden = max(longest * 0.04, 0.4)  # how long a number that is withheld is drawn, whatever it is
    for at, region in enumerate(regions):
        _bar(axes, at, region, hidden)
    axes.set_yticks(range(len(regions)), [_name(region, named=named) for region in regions])
    axes.set_ylim(len(regions) - 0.4, -0.6)
    axes.set_xlim(0, max(longest, 1) * 1.12 + hidden)
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel("communities; the numbers stand in the order of the colours")
    _legend(figure, axes, withheld=any(region["withheld"] for region in regions))


def _bar(axes: Axes, at: int, region: Mapping[str, Any], hidden: float) -> None:
    left = 0.0
    numbers = []
    for sort, _, color, hatch in _SORTS:
        number = region[sort]
        numbers.append("<10" if number is None else f"{number:,}")
        if number is None:
            axes.barh(at, hidden, left=left, height=0.62, color="white", edgecolor=FAINT, hatch="xxxx", linewidth=0.6)
        elif number:
            axes.barh(at, number, left=left, height=0.62, color=color, edgecolor="white", hatch=hatch, linewidth=0.6)
        left += hidden if number is None else number
    axes.annotate(" / ".join(numbers), (left, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7.5)


def _legend(figure: Figure, axes: Axes, *, withheld: bool) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415 - Matplotlib loads only when something is drawn
    from matplotlib.transforms import blended_transform_factory  # noqa: PLC0415 - as above

    patches = [Patch(facecolor=color, edgecolor="white", hatch=hatch, label=label) for _, label, color, hatch in _SORTS]
    if withheld:
        patches.append(Patch(facecolor="white", edgecolor=FAINT, hatch="xxxx", label="under 10, withheld"))
    axes.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(0.01, 1.0),  # from the figure's left edge, above the bars, however long the names are
        bbox_transform=blended_transform_factory(figure.transFigure, axes.transAxes),
        ncols=len(patches),
        frameon=False,
        fontsize=7.5,
    )


def _total(region: Mapping[str, Any]) -> int:
    return sum(region[sort] or 0 for sort, *_ in _SORTS)


def _name(region: Mapping[str, Any], *, named: bool) -> str:
    name = region["area"] or ("not said" if named else "all")
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _said(region: Mapping[str, Any]) -> str:
    parts = [
        f"{'under 10' if region[sort] is None else f'{region[sort]:,}'} {label}"
        for sort, label, *_ in _SORTS
        if region[sort] != 0
    ]
    return f"{region['area'] or 'without a unit'}: {', '.join(parts)}"


def _source(report: Mapping[str, Any]) -> str:
    lists = [f"{one['title']}, vintage {one['vintage']}" for one in report["snapshots"]]
    checked = f"{report['generated_at']:%Y-%m-%d}"
    held = f"Held against {'; '.join(lists)}, " if lists else ""
    return f"{held}{'on' if held else 'On'} {checked}. Absence from a list says something about the list."
