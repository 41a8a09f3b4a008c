"""The reliability plot: what it says, and what it refuses to draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matchers.evaluation.outcomes import Known, Outcomes
from service.errors import Problem
from service.plots import reliability
from service.plots.figure import form_of


@pytest.fixture
def outcomes() -> Outcomes:
    """Return four findings, one without a probability."""
    rows = [
        {"verdict": verdict, "p_absent": p, "official_id": None, "attributes": []}
        for verdict, p in (
            ("hidden_place", 0.97),
            ("consistent", 0.01),
            ("needs_review", 0.5),
            ("not_assessable", None),
        )
    ]
    return Outcomes.of(rows, [Known(hidden) for hidden in (True, False, False, True)])


def test_the_plot_is_written_as_svg_and_png_the_same_at_every_run(outcomes: Outcomes, tmp_path: Path) -> None:
    """Both are what their ending says; SVG holds its words as text and is the same to the byte."""
    for name in ("one.svg", "two.svg", "one.png"):
        reliability.plot(outcomes, "Findings of ភូមិ against $truth", tmp_path / name)
    drawn = (tmp_path / "one.svg").read_bytes()
    assert drawn == (tmp_path / "two.svg").read_bytes()
    assert b"stated probability of absence" in drawn
    assert b"$truth" in drawn
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["plot.pdf", "plot", "nowhere/plot.svg"])
def test_a_plot_that_cannot_be_written_is_refused_before_anything_is_measured(tmp_path: Path, name: str) -> None:
    """Another ending and a folder that is not there."""
    with pytest.raises(Problem, match=r"use .svg or .png|does not exist"):
        form_of(tmp_path / name)


def test_findings_without_any_probability_cannot_be_plotted(outcomes: Outcomes, tmp_path: Path) -> None:
    """An empty plot would look like a perfect one."""
    with pytest.raises(Problem, match="nothing to plot"):
        reliability.plot(outcomes.take(np.isnan(outcomes.p_absent)), "none", tmp_path / "none.svg")
