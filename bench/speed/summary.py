"""One table of every ratio, with what was asked, and its picture; what is missing is said."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.speed.claims import CLAIMS, Claim, Ratio
from bench.speed.contest import PEERS
from bench.table import RESULTS, Table

#: The benchmarks whose figures the summary gathers, and where each stands.
PARTS = {
    "verification": "bench.speed.verification",
    "kernels": "bench.kernels",
    "candidates": "bench.speed.candidates",
    "posting": "bench.posting",
    "copying": "bench.copying",
    "bulkwork": "bench.bulkwork",
    "importing": "bench.importing",
    "serving": "bench.speed.serving",
    "drawing": "bench.speed.drawing",
}
COLUMNS = ("work", "peer", "measured", "asked", "met", "table")
_OURS = ("numba", "numpy", "pyarrow", "rapidfuzz", "fastapi", "sqlalchemy", "distributed")
_THEIRS = ("splink", "duckdb", "recordlinkage")
_MET, _MISSED, _FREE = "#2a8a57", "#c2482f", "#7a7a7a"


def summarised(results: Path = RESULTS) -> Table:
    """Return the table of all claims, and draw it."""
    ratios = [Ratio.of(claim, results) for claim in CLAIMS]
    plot([one for one in ratios if one.value is not None and one.claim.unit == Claim.unit], results / "speed.svg")
    rows = [
        (
            one.claim.work,
            one.claim.peer,
            "not measured" if one.value is None else f"{_short(one.value)} {one.claim.unit}",
            _asked(one),
            {True: "yes", False: "**no**", None: ""}[one.met],
            one.claim.table if one.value is None else f"[{one.claim.table}](../bench/results/{one.claim.table}.md)",
        )
        for one in ratios
    ]
    return Table("speed", f"How many times as fast ({', '.join(_versions())})", COLUMNS, tuple(rows))


def plot(ratios: Sequence[Ratio], out: Path) -> None:
    """Draw a bar for each ratio on a logarithmic axis, and a mark where it was asked to be."""
    with mpl.rc_context({"svg.hashsalt": "uncounted", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(10, 0.42 * len(ratios) + 1.0), layout="constrained")
        axes = figure.subplots()
        for at, one in enumerate(ratios):
            colour = {True: _MET, False: _MISSED, None: _FREE}[one.met]
            axes.barh(at, one.value or 1.0, color=colour, height=0.6)
            axes.text(one.value or 1.0, at, f" {_short(one.value or 1.0)}", va="center")
            if one.claim.asked is not None:
                axes.plot([one.claim.asked] * 2, [at - 0.42, at + 0.42], color="black", linewidth=1.5)
        axes.set_xscale("log")
        axes.set_xlim(1.0, 3 * max((one.value or 1.0 for one in ratios), default=10.0))
        axes.set_yticks(
            range(len(ratios)), [f"{one.claim.work}\nbeside {one.claim.peer}" for one in ratios], fontsize=7
        )
        axes.invert_yaxis()
        axes.set_xlabel("times as fast; black marks: asked for")
        axes.grid(axis="x", color="0.9")
        axes.set_axisbelow(True)
        figure.savefig(out, metadata={"Date": None})


def _asked(one: Ratio) -> str:
    if one.claim.asked is None:
        return ""
    return f"{'at most' if one.claim.at_most else 'at least'} {_short(one.claim.asked)}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _versions() -> list[str]:
    """Return the packages on both sides with their versions."""
    said = []
    for package in _OURS:
        try:
            said.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            said.append(f"no {package}")
    if not PEERS.exists():
        return [*said, "the peers are not installed"]
    asked = "import sys; from importlib.metadata import version; [print(n, version(n)) for n in sys.argv[1:]]"
    done = subprocess.run([PEERS, "-c", asked, *_THEIRS], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return [*said, *done.stdout.splitlines()]
