"""The command that holds two counts against each other, before anybody sends a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli import terminal
from service.errors import INVALID, Problem
from service.offline.parameters import read_parameters
from service.offline.undercount import OTHER, Question, answered
from service.plots import posterior
from service.plots.figure import form_of


def undercount(  # noqa: PLR0913 - every option of a command is a parameter
    citizen: Annotated[float, typer.Argument(help="The citizens' count.")],
    official: Annotated[
        str, typer.Argument(help="What the list has: 300, <10 or 1-9. Without it: what would show.")
    ] = "",
    *,
    method: Annotated[str, typer.Option(help="How citizens counted, in words.")] = "full enumeration",
    published: Annotated[str, typer.Option(help="What the office does to counts, e.g. random_rounded 5.")] = "",
    growth: Annotated[float, typer.Option(help="Log growth between the counts: years times rate.")] = 0.0,
    other: Annotated[float, typer.Option(help="Error of all else, on the log scale.")] = OTHER,
    shortage: Annotated[float, typer.Option(help="The share missing that a count is to show.")] = 0.2,
    parameters: Annotated[
        Path | None, typer.Option(help="Numbers by `uncounted train`, for what coverage usually is in your country.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Picture of the posterior to write: .svg or .png.")] = None,
) -> None:
    """Say what two counts show: how much of a community the official one covers, and what could have been shown.

    Examples: **uncounted undercount 500 300 --method "household listing" --plot coverage.svg**

    **uncounted undercount 1200 --method "key informants" --shortage 0.3**
    """
    form = form_of(plot) if plot is not None else "svg"
    counting = read_parameters(parameters).counting
    question = Question(citizen, method, official, published, growth, other, shortage, counting)
    if plot is not None and question.pair is None:
        raise Problem(INVALID, "A picture needs both counts: give what the list has.")
    for sentence in answered(question):
        terminal.out.print(sentence, markup=False)
    if plot is not None and question.pair is not None:
        plot.write_bytes(posterior.plot(question.pair, "Two counts", form=form))
        terminal.err.print(f"Picture written to {plot}.", markup=False)
