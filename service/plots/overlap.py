"""The overlap of lists: how many communities each combination of lists names (UpSet bars, Lex et al. 2014)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.plots.figure import FAINT, INK, MAIN, WARM, Caption, Form, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 28  # letters of a list's name


@dataclass(frozen=True, slots=True)
class Overlap:
    """What is drawn: how many each list names, and how many have each combination; None where that is withheld."""

    sizes: Mapping[str, int | None]
    together: Sequence[tuple[frozenset[str], int | None]]
    unit: str
    at_least: int | None  # on one list or more
    summary: Sequence[str]  # what was estimated, in sentences
    source: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any], source: str = "") -> Overlap:
        """Return the overlap that an estimate tells as plain values (`matchers.coverage.estimate.Estimate.as_dict`)."""
        return cls(
            sizes={one["name"]: one["size"] for one in told["lists"]},
            together=[(frozenset(one["on"]), one["count"]) for one in told["histories"]],
            unit=told["unit"],
            at_least=told["at_least"],
            summary=told["summary"],
            source=source,
        )


def plot(overlap: Overlap, form: Form = "svg") -> bytes:
    """Return the picture. Combinations stand by size, those nobody has left out; what is withheld is hatched."""
    shown = sorted(
        ((on, count) for on, count in overlap.together if count != 0),
        key=lambda one: (-(one[1] or 0), len(one[0]), sorted(one[0])),
    )
    below = "\n".join(line for line in (*overlap.summary[1:2], overlap.source) if line)
    caption = Caption(_title(overlap), " ".join((*map(_told, shown), *overlap.summary)), below)
    size = (max(5.6, 2.6 + 0.36 * len(shown)), 3.0 + 0.3 * len(overlap.sizes))
    return drawn(caption, lambda figure: _draw(figure, overlap, shown), size, form)


def _title(overlap: Overlap) -> str:
    if overlap.at_least is None:
        return f"How {len(overlap.sizes)} lists overlap"
    return f"How {len(overlap.sizes)} lists overlap: {overlap.at_least:,} {overlap.unit} on one or more"


def _told(one: tuple[frozenset[str], int | None]) -> str:
    on, count = one
    return f"{'withheld' if count is None else f'{count:,}'} on {' and '.join(sorted(on))} only;"


def _draw(figure: Figure, overlap: Overlap, shown: Sequence[tuple[frozenset[str], int | None]]) -> None:
    names = sorted(overlap.sizes, key=lambda name: (overlap.sizes[name] or 0, name))
    (empty, above), (beside, matrix) = figure.subplots(
        2, 2, width_ratios=(1.1, max(2.2, 0.34 * len(shown))), height_ratios=(3, 0.5 + 0.42 * len(names))
    )
    empty.set_axis_off()
    _bars(above, [count for _, count in shown], overlap.unit)
    _sizes(beside, [overlap.sizes[name] for name in names])
    _dots(matrix, names, [on for on, _ in shown])
    matrix.sharex(above)
    beside.set_ylim(matrix.get_ylim())


def _bars(axes: Axes, counts: Sequence[int | None], unit: str) -> None:
    largest = max((count or 0 for count in counts), default=1)
    for at, count in enumerate(counts):
        if count is None:
            axes.bar(at, 0.12 * largest, color="white", edgecolor=FAINT, hatch="///", width=0.7)
        else:
            axes.bar(at, count, color=MAIN, width=0.7)
            axes.annotate(f"{count:,}", (at, count), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=7)
    axes.set(ylabel=unit, xlim=(-0.6, len(counts) - 0.4))
    axes.tick_params(labelbottom=False, bottom=False)


def _sizes(axes: Axes, sizes: Sequence[int | None]) -> None:
    for at, size in enumerate(sizes):
        if size is None:
            axes.annotate("withheld", (0, at), xytext=(-3, 0), textcoords="offset points", ha="right", va="center")
        else:
            axes.barh(at, size, color=WARM, hatch="\\\\\\", edgecolor=INK, linewidth=0.4, height=0.6)
            axes.annotate(f"{size:,}", (size, at), xytext=(-3, 0), textcoords="offset points", ha="right", va="center")
    axes.invert_xaxis()
    axes.margins(x=0.45)
    axes.set_xlabel("on the list")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(_ticks())


def _ticks() -> Any:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - Matplotlib loads only when something is drawn

    return MaxNLocator(2, integer=True)


def _dots(axes: Axes, names: Sequence[str], combinations: Sequence[frozenset[str]]) -> None:
    for at, on in enumerate(combinations):
        rows = [row for row, name in enumerate(names) if name in on]
        axes.plot([at] * len(names), range(len(names)), "o", color="0.85", markersize=6, zorder=1)
        axes.plot([at] * len(rows), rows, "o-", color=INK, markersize=6, linewidth=1.5, zorder=2)
    axes.set_yticks(range(len(names)), [_short(name) for name in names], parse_math=False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("combination of lists")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
