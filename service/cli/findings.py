"""Commands for findings: verify, report, and compare for two files without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.countries import country_code
from geodata.tags import goals, tagging
from geodata.tags.tag import Factor, TagKind
from service import documents
from service import report as report_verb
from service import verify as verify_verb
from service.api.rows import FLAG_COLUMNS, flag_row
from service.caller import Caller, Role
from service.cli import terminal
from service.cli.running import opened
from service.context import Context, install_groups, quality_policy
from service.disclosure.tags import AskedTags
from service.errors import INVALID, NOT_ACCEPTABLE, Problem
from service.offline import compare as compare_verb
from service.offline.inputs import Request
from service.offline.quality import Declared
from service.plots import gaps
from service.retagging import retag
from service.settings import Settings
from service.spool import Spool
from service.streams import CsvStream, GeoJsonStream, Items, JsonStream, Stream

Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="Which header is which: name=VILLAGE_NM, or official:id=CODE for one side. Repeatable."),
]
#: The operator of the machine sees what an admin sees; nobody's key is involved.
OPERATOR = Caller(organisation=None, key_id=None, role=Role.ADMIN)


def verify(*, everything: Annotated[bool, typer.Option("--all", help="Verified ones again too.")] = False) -> None:
    """Verify records that still wait, e.g. after a crash.

    Example: **uncounted verify --all**
    """
    with opened() as context, terminal.progress("Verifying") as step:
        settled = verify_verb.everything(context, step) if everything else verify_verb.pending(context, step)
        retag(context)
    terminal.err.print(f"{settled:,} records verified.")


def report(  # noqa: PLR0913 - every option of a command is a parameter
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File to write: .html, .pdf, .json, .geojson, .csv, .svg or .png.")
    ],
    *,
    country: Annotated[str | None, typer.Option(help="Only this country (code or name).")] = None,
    source: Annotated[str | None, typer.Option(help="Only findings against this source.")] = None,
    sdg: Annotated[list[str] | None, typer.Option(help="Only with this goal, target or indicator. Repeatable.")] = None,
    factor: Annotated[list[Factor] | None, typer.Option(help="Only left behind by this factor. Repeatable.")] = None,
    theme: Annotated[list[str] | None, typer.Option(help="Only of this theme. Repeatable.")] = None,
) -> None:
    """Write a gap report: what official lists do not name, per verdict and tag, with the snapshots used.

    Examples: **uncounted report --country KE -o gaps.csv**

    **uncounted report --sdg 11.1 --factor shocks -o settlements.geojson**

    **uncounted report --country KE -o gaps.pdf** is to be read and printed, with maps and plots; **.html** is a page.

    **uncounted report --country KE -o gaps.svg** draws where the gaps lie.
    """
    ending = out.suffix.casefold()
    if ending not in _REPORTS:
        detail = f"A report is not written as {out.suffix or 'a file without an ending'}; use {', '.join(_REPORTS)}."
        raise Problem(NOT_ACCEPTABLE, detail)
    flags = 0
    with opened() as context:
        code = country_code(country) if country else None
        scope = report_verb.ReportScope(code, source=source, tags=_asked(sdg or [], factor or [], theme or []))
        retag(context)  # the rules may be others than when the service last ran
        stream = _REPORTS[ending](context)

        def take(shown: report_verb.Shown) -> None:
            nonlocal flags
            flags += len(shown)
            stream.take(shown)

        told = report_verb.gap_report(context, scope, OPERATOR, take)
        with out.open("wb") as file:
            file.writelines(stream.done(told).pieces())
    for measured in told["measured_error"]:
        terminal.err.print(measured["sentence"], markup=False)
    verb = "drawn" if ending in {".svg", ".png"} else "written"
    terminal.err.print(f"{flags:,} flags {verb} to {out}.")


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


def _asked(sdg: list[str], factor: list[Factor], theme: list[str]) -> AskedTags:
    themes = tagging.rules_in_force().labels[TagKind.THEME]
    if unknown := [code for code in sdg if not goals.is_sdg(code)]:
        detail = f"--sdg {unknown[0]}: there is no such goal, target or indicator. Write 11, 11.1 or 11.1.1."
        raise Problem(INVALID, detail)
    if unknown := [one for one in theme if one not in themes]:
        detail = f"--theme {unknown[0]}: there is no such theme. Write one of {', '.join(sorted(themes))}."
        raise Problem(INVALID, detail)
    return AskedTags(tuple(sdg), tuple(factor), tuple(theme))


class _Drawn:
    """Draws where the gaps of a report lie; its flags are not in the picture."""

    def __init__(self, settings: Settings, form: gaps.Form) -> None:
        self._out, self._form = Spool(settings), form

    def take(self, _items: Items) -> None:
        pass

    def done(self, told: Mapping[str, Any]) -> Spool:
        self._out.write(gaps.plot(told, self._form))
        return self._out


class _Printed:
    """Writes a report as people read it."""

    def __init__(self, context: Context, write: Callable[[documents.Document], bytes]) -> None:
        self._context, self._write, self._found = context, write, documents.Gathered()

    def take(self, items: Items) -> None:
        self._found.take(items)

    def done(self, told: Mapping[str, Any]) -> Spool:
        out = Spool(self._context.settings)
        borders = partial(documents.outlines, self._context)
        out.write(self._write(documents.document(told, self._found, borders)))
        return out


_REPORTS: dict[str, Callable[[Context], Stream]] = {
    ".html": lambda context: _Printed(context, documents.html),
    ".pdf": lambda context: _Printed(context, documents.pdf),
    ".json": lambda context: JsonStream(context.settings),
    ".geojson": lambda context: GeoJsonStream(context.settings, flag_row),
    ".csv": lambda context: CsvStream(context.settings, FLAG_COLUMNS, flag_row),
    ".svg": lambda context: _Drawn(context.settings, "svg"),
    ".png": lambda context: _Drawn(context.settings, "png"),
}


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
