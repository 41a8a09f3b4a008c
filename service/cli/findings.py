"""Commands for findings: verify, and compare for two files without a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service import verify as verify_verb
from service.cli import terminal
from service.cli.opening import opened
from service.configuration.settings import Settings
from service.context import install_groups, quality_policy
from service.errors import INVALID, Problem
from service.housekeeping.retagging import retag
from service.offline import compare as compare_verb
from service.offline.inputs import Request
from service.offline.quality import Declared

Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="Which header is which: name=VILLAGE_NM, or official:id=CODE for one side. Repeatable."),
]


def verify(*, everything: Annotated[bool, typer.Option("--all", help="Verified ones again too.")] = False) -> None:
    """Verify records that still wait, e.g. after a crash.

    Example: **uncounted verify --all**
    """
    with opened() as context, terminal.progress("Verifying") as step:
        settled = verify_verb.everything(context, step) if everything else verify_verb.pending(context, step)
        retag(context)
    terminal.err.print(f"{terminal.counted(settled, 'record')} verified.")


def compare(  # noqa: PLR0913 - every option of a command is a parameter
    citizen: Annotated[Path, typer.Argument(help="The communities you know: CSV, XLSX, GeoJSON, KML, shapefile …")],
    official: Annotated[Path, typer.Argument(help="The official list, in any of the same formats.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: .csv, .geojson, .parquet or .json.")],
    *,
    mapping: Map = None,
    parameters: Annotated[Path | None, typer.Option(help="Numbers to use, as `uncounted train` writes them.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="What people decided about pairs before.")] = None,
    passport: Annotated[Path | None, typer.Option(help="How the records were made: grades them by it.")] = None,
    growth: Annotated[
        Path | None,
        typer.Option(help="Growth rates: a CSV of country, year, rate (per cent a year), or a World Bank snapshot's."),
    ] = None,
    certificates: Annotated[Path | None, typer.Option(help="File for a search certificate of every row.")] = None,
) -> None:
    """Compare two files, with no server and no database: one row out per citizen row.

    Examples: **uncounted compare villages.xlsx census.csv -o findings.csv**

    **uncounted compare ours.csv theirs.csv -o out.geojson --map name=VILLAGE_NM --map official:id=CODE**
    """
    columns, settings = columns_of(mapping or []), Settings()
    install_groups(settings)
    declared = Declared(passport, quality_policy(settings)) if passport else None
    with terminal.progress("Comparing") as step:
        summary = compare_verb.compare_files(
            Request(citizen, official, out, *columns, parameters, decisions, growth, certificates, declared),
            step,
            today=datetime.now(UTC).date(),
        )
    _show(summary, out)


def columns_of(mapping: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what `--map` says of the citizen file and of the official one (field -> header).

    Raises `Problem` (invalid) where it cannot be read.
    """
    sides: dict[str, dict[str, str]] = {"citizen": {}, "official": {}}
    for text in mapping:
        field, equals, header = text.partition("=")
        side, colon, rest = field.partition(":")
        if not equals or (colon and side not in sides):
            detail = (
                f"--map {text} cannot be read. Write field=HEADER, or citizen:field=HEADER, or official:field=HEADER."
            )
            raise Problem(INVALID, detail)
        for chosen in [side] if colon else list(sides):
            sides[chosen][rest if colon else field] = header
    return sides["citizen"], sides["official"]


def _show(summary: compare_verb.Summary, out: Path) -> None:
    terminal.summary(
        f"{summary.rows:,} rows compared with {summary.officials:,} entries of {summary.title}",
        {verdict: f"{number:,}" for verdict, number in summary.verdicts.items() if number},
    )
    of_files = {
        "citizen": summary.problems,
        "official": summary.official_problems,
        "decisions": summary.decision_problems,
    }
    for side, problems in of_files.items():
        for problem in problems[:10]:
            terminal.err.print(f"{side} file, {problem.sentence()}", markup=False)
        if len(problems) > 10:  # noqa: PLR2004 - more would scroll the summary away
            kept = "" if side == "decisions" else "; all stand in the output's reasons"
            terminal.err.print(f"{side} file: {len(problems) - 10:,} more of these{kept}.")
    terminal.err.print(summary.quality, markup=False)
    terminal.err.print(summary.measured, markup=False)
    terminal.err.print(f"Written to {out}.", markup=False)
