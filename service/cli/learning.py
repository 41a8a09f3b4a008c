"""Commands for learning: train, which makes a file of parameters from the user's own pairs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchers.training.folds import Held
from service.cli import terminal
from service.cli.findings import Map, columns_of
from service.errors import INVALID, Problem
from service.offline import train as train_verb


def train(  # noqa: PLR0913 - every option of a command is a parameter
    citizen: Annotated[Path, typer.Argument(help="The communities you know, as `uncounted compare` reads them.")],
    official: Annotated[Path, typer.Argument(help="The official list, in any of the same formats.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File of parameters to write (JSON).")],
    *,
    truth: Annotated[
        Path | None, typer.Option(help="What is true: record_id, label (listed or hidden), official_id.")
    ] = None,
    parameters: Annotated[Path | None, typer.Option(help="Numbers to start from; else the defaults.")] = None,
    growth: Annotated[
        Path | None, typer.Option(help="Growth rates (per cent a year), for counts of several years.")
    ] = None,
    today: Annotated[str | None, typer.Option(help="Date to note in the file, YYYY-MM-DD; else today.")] = None,
    mapping: Map = None,
) -> None:
    """Learn the model's numbers from your own pairs, with or without labels.

    Examples: **uncounted train ours.csv register.csv --truth checked.csv -o parameters.json**

    **uncounted compare ours.csv register.csv --parameters parameters.json -o findings.csv**
    """
    request = train_verb.Request(citizen, official, out, truth, parameters, growth, *columns_of(mapping or []))
    with terminal.progress("Learning"):
        summary = train_verb.train_files(request, today=_day(today))
    _show(summary)
    terminal.err.print(f"Written to {out}.", markup=False)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        detail = f"--today {text} is not a date. Write it as 2026-01-31."
        raise Problem(INVALID, detail) from error


def _show(summary: train_verb.Summary) -> None:
    terminal.out.print(
        f"{summary.version}, from {summary.base}: {summary.records:,} records, {summary.labelled:,} labelled, "
        f"{summary.matches:,.0f} true pairs {'known' if summary.labelled else 'expected'}.",
        markup=False,
        soft_wrap=True,
    )
    if summary.changes:
        changed = (
            (one.parameter, *map(_number, (one.before, one.after)), f"{one.pairs:,.0f}") for one in summary.changes
        )
        terminal.table("What changed", ("parameter", "before", "after", "pairs or records that spoke for it"), changed)
    if summary.held:
        held = summary.held
        rows = [("before", held.before), ("learned", held.learned), ("learned and calibrated", held.calibrated)]
        terminal.table(
            f"On records not learned from ({held.folds} folds of {held.records:,})",
            ("parameters", "average precision", "calibration error", "Brier score", "right first choice"),
            (_figures(name, each) for name, each in rows),
        )
        if held.isotonic_error is not None:
            terminal.out.print(f"Isotonic regression would reach a calibration error of {held.isotonic_error:.3f}.")
    for note in summary.notes:
        terminal.out.print(note, markup=False, soft_wrap=True)


def _figures(name: str, held: Held) -> tuple[str, ...]:
    return (
        name,
        *(f"{value:.3f}" for value in (held.average_precision, held.calibration_error, held.brier, held.first_choice)),
    )


def _number(value: float) -> str:
    return f"{value:.4g}"
