"""The command that estimates how many communities are on no list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from matchers.coverage.estimate import Estimate
from matchers.coverage.loglinear import Fit
from matchers.coverage.refusal import Refusal, Unit
from matchers.coverage.sentences import sentences
from matchers.coverage.strata import Stratified
from service.cli import terminal
from service.errors import INVALID, Problem
from service.importing.plan import columns_of
from service.offline.coverage import Coverage, Request, coverage_of_histories, coverage_of_lists
from service.plots import overlap
from service.plots.figure import form_of

_FEWEST = 2


def coverage(  # noqa: PLR0913 - every option of a command is a parameter
    lists: Annotated[list[Path] | None, typer.Argument(help="Two to five lists of communities, in any format.")] = None,
    *,
    cells: Annotated[Path | None, typer.Option(help="Capture histories instead of lists: 0/1 per list, count.")] = None,
    units: Annotated[Unit, typer.Option(help="What --cells counts.")] = Unit.COMMUNITIES,
    labels: Annotated[
        Path | None, typer.Option(help="Pairs that people judged: a, b, label (same, different).")
    ] = None,
    sample: Annotated[Path | None, typer.Option(help="File to write rows to judge to, drawn at random.")] = None,
    strata: Annotated[list[str] | None, typer.Option(help="kind, admin or a level to divide by. Repeatable.")] = None,
    seeded: Annotated[list[str] | None, typer.Option(help="B:A where B was made from A. Repeatable.")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="field=HEADER, of every list. Repeatable.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Picture of the overlap to write: .svg or .png.")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="File for every number, model and assumption.")] = None,
) -> None:
    """Estimate how many communities are on none of several lists, or say why nobody can.

    Examples: **uncounted coverage health.csv schools.csv --labels pairs.csv --plot overlap.svg**

    **uncounted coverage health.csv schools.csv --sample pairs.csv**

    **uncounted coverage a.csv b.csv c.csv --strata admin --strata kind --seeded c:a --json out.json**

    **uncounted coverage --cells kosovo.csv --units persons**
    """
    form = form_of(plot) if plot is not None else "svg"
    for file in filter(None, (out, sample)):
        if not file.resolve().parent.is_dir():
            detail = f"The folder of {file} does not exist."
            raise Problem(INVALID, detail)
    if cells is None:
        request = Request(
            lists=tuple(lists or ()),
            labels=labels,
            sample=sample,
            strata=tuple(strata or ()),
            seeded=tuple(seeded or ()),
            columns=columns_of(mapping or []),
        )
        found = _of_lists(request, units)
    else:
        _refuse(lists, labels, sample, strata, mapping)
        found = coverage_of_histories(cells, units, tuple(seeded or ()))
    _show(found)
    if sample is not None:
        terminal.err.print(f"Rows to judge written to {sample}: say same or different in `label`.", markup=False)
    told = found.as_dict()
    if plot is not None:
        source = ", ".join(path.name for path in ([cells] if cells else lists or []))
        plot.write_bytes(overlap.plot(overlap.Overlap.of(told, f"Drawn from {source}"), form))
        terminal.err.print(f"Picture written to {plot}.", markup=False)
    if out is not None:
        out.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
        terminal.err.print(f"Everything written to {out}.", markup=False)


def _of_lists(request: Request, units: Unit) -> Coverage:
    if len(request.lists) < _FEWEST:
        detail = (
            "One list cannot show what is on no list. Give two lists or more, or a table of histories with --cells."
        )
        raise Problem(INVALID, detail)
    if units is not Unit.COMMUNITIES:
        detail = "Lists of communities tell how many communities there are. Persons are estimated from --cells only."
        raise Problem(INVALID, detail)
    with terminal.progress("Linking") as step:
        return coverage_of_lists(request, step, today=datetime.now(UTC).date())


def _refuse(*given: object) -> None:
    if any(given):
        detail = "With --cells the lists are linked already: leave lists, --labels, --sample, --strata and --map away."
        raise Problem(INVALID, detail)


def _show(found: Coverage) -> None:
    estimate = found.estimate
    _lists(estimate)
    if found.stratified is not None:
        _strata(found.stratified)
    for sentence in sentences(estimate.as_dict()):
        terminal.out.print(sentence, markup=False)
    if len(estimate.near) > 1:
        _models(estimate)
    _refusals("No single number, because:", estimate.refusals)
    terminal.err.print("Taken for granted:")
    for assumption in estimate.assumptions:
        terminal.err.print(f"  {assumption}", markup=False)
    for note in found.notes[:10]:
        terminal.err.print(f"Left out: {note}", markup=False)
    if len(found.notes) > 10:  # noqa: PLR2004 - more would scroll the answer away
        terminal.err.print(f"{len(found.notes) - 10:,} more were left out; --json names them.")


def _lists(estimate: Estimate) -> None:
    histories = estimate.histories
    names = [*histories.lists]
    both = histories.overlaps
    rows = [
        [
            name,
            f"{size:,}",
            *(f"{both[min(a, b), max(a, b)]:,}" if a != b else terminal.NOTHING for b in range(len(names))),
        ]
        for a, (name, size) in enumerate(zip(names, histories.sizes.tolist(), strict=True))
    ]
    terminal.table(f"Lists of {estimate.unit.value}", ("list", "on it", *(f"also on {name}" for name in names)), rows)


def _models(estimate: Estimate) -> None:
    """Show the models that fit about as well, with their totals only where one of them may be told."""
    columns = ("BIC", "total", "95 % interval") if estimate.total else ("BIC",)
    terminal.table(
        "Models that fit about as well",
        ("model", *columns),
        [(fit.model, *_fitted(fit)[: len(columns)]) for fit in estimate.near],
    )


def _fitted(fit: Fit) -> tuple[str, ...]:
    return f"{fit.bic:.1f}", f"{fit.total.value:,.0f}", f"{fit.total.low:,.0f} to {fit.total.high:,.0f}"


def _strata(found: Stratified) -> None:
    terminal.entries(
        "Strata",
        ("stratum", "known", "altogether"),
        [
            (
                (
                    name,
                    f"{one.histories.distinct:,}",
                    terminal.NOTHING if one.total is None else f"{one.total.value:,.0f}",
                ),
                " ".join(refusal.reason for refusal in one.refusals),
            )
            for name, one in found.strata.items()
        ],
    )
    if found.total is not None:
        total = found.total
        terminal.out.print(f"All strata: {total.value:,.0f} (95 % interval {total.low:,.0f} to {total.high:,.0f}).")
    if found.differs:
        terminal.out.print(
            "Strata differ in how likely a community is to be on a list: rely on their sum, not on the whole."
        )
    _refusals("No sum over strata, because:", found.refusals)


def _refusals(title: str, refusals: tuple[Refusal, ...]) -> None:
    if refusals:
        terminal.out.print(title)
    for refusal in refusals:
        terminal.out.print(f"  {refusal.reason} {refusal.remedy}", markup=False)
