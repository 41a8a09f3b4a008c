"""The command that says what a file of records is worth, why, and what to mend first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchers.quality.computed import Facts
from matchers.quality.grade import Grade
from service.cli import terminal
from service.cli.findings import Map, columns_of
from service.configuration.settings import Settings
from service.context import quality_policy
from service.errors import INVALID, Problem
from service.offline import quality as quality_verb

_SHOWN = 3  # improvements of one criterion; more would hide the first


def quality(
    citizen: Annotated[Path | None, typer.Argument(help="Your records: CSV, XLSX, GeoJSON, KML, shapefile …")] = None,
    *,
    passport: Annotated[Path | None, typer.Option(help="How they were made: a passport, TOML or JSON.")] = None,
    template: Annotated[Path | None, typer.Option(help="Write an empty passport to this file.")] = None,
    mapping: Map = None,
) -> None:
    """Say what a file of records is worth: a grade with the reason of every score, and what to improve.

    Examples: **uncounted quality villages.csv --template passport.toml**

    **uncounted quality villages.csv --passport passport.toml**
    """
    if citizen is None and template is None:
        detail = "Name a file of records, or --template for an empty passport."
        raise Problem(INVALID, detail)
    if template is not None:
        quality_verb.write_template(template)
        terminal.err.print(f"An empty passport was written to {template}.", markup=False)
    if citizen is not None:
        columns, _ = columns_of(mapping or [])
        request = quality_verb.Request(citizen, quality_policy(Settings()), passport, columns)
        _show(quality_verb.grade_file(request, datetime.now(UTC).date()))


def _show(report: quality_verb.Report) -> None:
    if report.facts is not None:
        terminal.pairs(f"What {report.facts.records:,} records show", _facts(report.facts))
    if report.grade is None:
        terminal.out.print("Not graded: without a passport (--template writes an empty one) nothing is declared.")
    else:
        _graded(report.grade)
        first = next(iter(report.improvements), None)
        if first is not None:
            terminal.out.print(f"First: {first.what[0]} (then {first.grade}).", markup=False, soft_wrap=True)
    terminal.out.print(f"May be used for: {', '.join(report.allowed)} (policy {report.policy}).", markup=False)
    if report.problems:
        terminal.err.print(
            f"{terminal.counted(len(report.problems), 'value')} could not be read; `uncounted compare` tells each."
        )


def _graded(grade: Grade) -> None:
    terminal.table(
        f"Grade {grade.grade}, index {grade.index:.2f}",
        ("criterion", "score", "reason", "what would raise it"),
        (
            (one.name, f"{one.score} of 3", one.reason, "; ".join(one.improve[:_SHOWN]) or terminal.NOTHING)
            for one in grade.criteria
        ),
    )
    if grade.missing:
        missing = ", ".join(name.replace("_", " ") for name in grade.missing)
        terminal.out.print(f"D whatever else is known, because it is not declared: {missing}.", markup=False)


def _facts(facts: Facts) -> dict[str, str]:
    heaped = "too few counts to tell" if facts.heaped is None else f"{facts.heaped:.0%}"
    return {
        **{f"without {name}": f"{share:.0%}" for name, share in facts.gaps if share},
        "that repeat another": f"{facts.duplicates:.0%}",
        "sharing their point with another": f"{facts.identical:.0%}",
        "located to a kilometre only": f"{facts.coarse:.0%}",
        "counts ending in 0 or 5": heaped,
        "years observed": f"{facts.rounds}",
        "latest": f"{facts.newest:%Y-%m-%d}" if facts.newest else terminal.NOTHING,
    }
