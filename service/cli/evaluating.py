"""The command that measures: findings against known truth, or a list part of which is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from matchers.evaluation.bootstrap import Figure
from matchers.evaluation.figures import MEANING, PREVALENCES
from service.cli import terminal
from service.errors import INVALID, Problem
from service.offline import evaluate as evaluate_verb
from service.offline.evaluate import Evaluation, HideRequest
from service.offline.labelled import Files
from service.plots import reliability
from service.plots.figure import form_of

#: Figures shown for each part; all of them are in the JSON.
_OF_PARTS = ("precision", "recall", "average_precision", "calibration_error", "false_hidden", "first_choice", "review")


def evaluate(  # noqa: PLR0913 - every option of a command is a parameter
    first: Annotated[Path, typer.Argument(metavar="FINDINGS|OFFICIAL", help="Findings of compare; or a list to hide.")],
    truth: Annotated[Path | None, typer.Argument(help="record_id, label (listed, hidden), official_id.")] = None,
    *,
    hide: Annotated[float | None, typer.Option(help="Hide this share of OFFICIAL and look for it.")] = None,
    citizen: Annotated[Path | None, typer.Option(help="The file compared: brings country, kind and columns.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="A further column to take figures apart by. Repeatable.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Column of what errs together, e.g. district.")] = None,
    sample: Annotated[int | None, typer.Option(help="With --hide: so many accounts, in whole units.", min=1)] = None,
    parameters: Annotated[Path | None, typer.Option(help="With --hide: numbers of `uncounted train`.")] = None,
    seed: Annotated[int, typer.Option(help="The same number gives the same figures.", min=0)] = evaluate_verb.SEED,
    plot: Annotated[Path | None, typer.Option(help="Reliability plot to write: .svg or .png.")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="File for every figure.")] = None,
) -> None:
    """Measure how often findings are right, with 95 % intervals.

    Examples: **uncounted evaluate findings.csv truth.csv --citizen villages.csv --plot reliability.svg**

    **uncounted evaluate --hide 0.2 census.csv --sample 2000**
    """
    if plot is not None:
        form_of(plot)
    if out is not None and not out.resolve().parent.is_dir():
        detail = f"The folder of {out} does not exist."
        raise Problem(INVALID, detail)
    with terminal.progress("Measuring"):
        if hide is None:
            files = Files(first, _needed(truth), citizen, tuple(by or ()), cluster)
            measured = evaluate_verb.evaluate_findings(files, seed)
        else:
            _refuse(truth, citizen, by, cluster)
            request = HideRequest(first, hide, sample, parameters)
            measured = evaluate_verb.evaluate_hiding(request, seed, today=datetime.now(UTC).date())
    _show(measured)
    if plot is not None:
        reliability.plot(measured.outcomes, measured.title, plot)
        terminal.err.print(f"Plot written to {plot}.", markup=False)
    if out is not None:
        out.write_bytes(orjson.dumps(measured.as_dict(), option=orjson.OPT_INDENT_2) + b"\n")
        terminal.err.print(f"Figures written to {out}.", markup=False)


def _needed(truth: Path | None) -> Path:
    if truth is None:
        detail = "Name a file of known truth behind the findings; or give --hide and an official list."
        raise Problem(INVALID, detail)
    return truth


def _refuse(*given: object) -> None:
    if any(given):
        detail = "With --hide the truth is made: leave TRUTH, --citizen, --by and --cluster away."
        raise Problem(INVALID, detail)


def _show(measured: Evaluation) -> None:
    hidden = int(measured.outcomes.hidden.sum())
    terminal.table(
        f"{measured.title}: {len(measured.outcomes):,} records, {hidden:,} of them hidden",
        ("figure", "value", "95 % interval", "of", "meaning"),
        [(_label(name), *_cells(measured.figures[name]), meaning) for name, meaning in MEANING.items()],
    )
    for by in dict.fromkeys(one.by for one in measured.slices):
        terminal.entries(
            f"By {by}",
            (by, "records", "hidden"),
            [
                ((one.value, f"{one.records:,}", f"{one.hidden:,}"), _sentence(one.figures))
                for one in measured.slices
                if one.by == by
            ],
        )
    for note in measured.notes:
        terminal.err.print(note, markup=False)


def _label(name: str) -> str:
    return f"precision at {100 * PREVALENCES[name]:g} %" if name in PREVALENCES else name.replace("_", " ")


def _cells(figure: Figure) -> tuple[str, str, str]:
    if figure.value is None or figure.low is None or figure.high is None:
        return terminal.NOTHING, terminal.NOTHING, terminal.NOTHING
    return f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}", f"{figure.of:,}"


def _sentence(figures: Mapping[str, Figure]) -> str:
    told = [(name.replace("_", " "), *_cells(figures[name])) for name in _OF_PARTS]
    return "; ".join(f"{name} {value} ({interval})" for name, value, interval, _ in told if value != terminal.NOTHING)
