"""Commands for the desk: the queue as a spreadsheet, and the filled one back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.countries import country_code
from service.api.wanted_flags import FlagsAsked, wanted_flags
from service.callers.caller import Caller
from service.cli import terminal
from service.cli.importing import check_errors
from service.cli.opening import OPERATOR, opened
from service.context import Context, codes_of_reasons
from service.deciding.asking import MOST, What
from service.deciding.checking import Deciding
from service.desk_sheets.book import Made, book
from service.desk_sheets.columns import columns
from service.desk_sheets.filled import read_filled
from service.desk_sheets.results import COLUMNS, Result, results, told
from service.desk_sheets.rows import row_of
from service.errors import INVALID, KEY_UNKNOWN, NOT_ACCEPTABLE, Problem
from service.running import clock
from service.store import keys
from service.store.values import FlagStatus
from service.writing.formats import csv_text
from service.writing.spreadsheets.delimited import pieces
from service.writing.spreadsheets.dialects import PLAIN, excel
from service.writing.workbooks import workbook

app = typer.Typer(help="The queue as a spreadsheet: write it, decide as a filled one says.", no_args_is_help=True)

_SHOWN = 20  # rows; more would scroll the summary away

Key = Annotated[
    str | None,
    typer.Option(envvar="UNCOUNTED_KEY", help="A reviewer's key; better in the environment than on the command line."),
]


@app.command()
def sheet(  # noqa: PLR0913 - every option of a command is a parameter
    out: Annotated[Path, typer.Argument(help="File to write: .xlsx or .csv.")],
    *,
    country: Annotated[str | None, typer.Option(help="Only this country (code or name).")] = None,
    admin: Annotated[str | None, typer.Option(help="Only this unit: its code or name, or level=value.")] = None,
    status: Annotated[
        list[FlagStatus] | None, typer.Option(help="Only these; else what waits for a person. Repeatable.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only flags against this list.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Leave out verdicts and probabilities.")] = False,
    locale: Annotated[
        str | None, typer.Option(help="Write a .csv that Excel of this language opens, such as fr or pt-BR.")
    ] = None,
    key: Key = None,
) -> None:
    """Write the flags that wait for a person as a sheet with columns to fill.

    Examples: **uncounted desk sheet queue.xlsx --country KE**

    **uncounted desk sheet queue.csv --locale fr --blind**
    """
    if out.suffix.casefold() not in {".xlsx", ".csv"}:
        detail = f"A sheet is not written as {out.suffix or 'a file without an ending'}; use .xlsx or .csv."
        raise Problem(NOT_ACCEPTABLE, detail)
    asked = FlagsAsked(
        country=country_code(country) if country else None, admin=admin, status=status or [], source=source
    )
    number = 0
    with opened() as context, terminal.progress("Writing") as step:

        def rows() -> Iterator[dict[str, Any]]:
            nonlocal number
            found = wanted_flags(context, asked, _caller(context, key) if key else OPERATOR)
            for number, one in enumerate(islice(found, MOST), start=1):
                step(number, None, "flags")
                yield row_of(one.flag, one.claimed_by, blind=blind)

        made = Made(clock.now(), asked.plain(), blind, MOST, codes_of_reasons(context.settings))
        out.write_bytes(_written(out, rows(), made, locale))
    more = f" There are more than {MOST:,}; narrow what you ask for." if number == MOST else ""
    terminal.err.print(f"{terminal.counted(number, 'flag')} written to {out}.{more}", markup=False)


@app.command()
def decide(
    filled: Annotated[Path, typer.Argument(help="The filled sheet: .xlsx, .ods or .csv.", exists=True)],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Decide; without it, only say what would become of it.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Where to write what was refused: .csv or .xlsx.")] = None,
    key: Key = None,
) -> None:
    """Say what would become of each row of a filled sheet; with --yes, decide as it says.

    The key says who decides. Examples: **uncounted desk decide queue.xlsx**

    **uncounted desk decide queue.xlsx --yes --errors refused.csv**
    """
    check_errors(errors)
    if key is None:
        detail = "Whose decisions are these? Put a reviewer's key into UNCOUNTED_KEY."
        raise Problem(INVALID, detail)
    found: list[Result] = []
    with opened() as context, terminal.progress("Deciding" if yes else "Looking") as step:
        by, said = Deciding.here(context, _caller(context, key)), read_filled(filled, filled.name)
        for one in results(context, said, by, preview=not yes):
            found.append(one)
            step(len(found), len(said.lines), "rows")
    refused = [one for one in found if one.what is What.REFUSED]
    counts = {what.value: f"{sum(one.what is what for one in found):,}" for what in What}
    _show(refused or found)
    title = f"{filled.name}: {'decided' if yes else 'a preview; --yes decides'}"
    terminal.pairs(title, {"rows": f"{said.rows:,}", "without a decision": f"{said.undecided:,}", **counts})
    if errors is not None:
        rows = told(refused)
        csv = errors.suffix.casefold() == ".csv"
        errors.write_bytes(csv_text(COLUMNS, rows) if csv else workbook("errors", COLUMNS, rows))
        terminal.err.print(f"{terminal.counted(len(refused), 'row')} to mend, written to {errors}.", markup=False)
    if refused and yes:
        raise typer.Exit(1)


def _show(found: list[Result]) -> None:
    rows = [[str(row[name] or terminal.NOTHING) for name in _COLUMNS] for row in told(found[:_SHOWN])]
    terminal.table("What became of the rows", _COLUMNS, rows)
    if len(found) > _SHOWN:
        terminal.err.print(f"{len(found) - _SHOWN:,} more rows.")


_COLUMNS = ("row", "name", "outcome", "status_before", "decision", "problem")


def _caller(context: Context, secret: str) -> Caller:
    with context.store.read() as session:
        found = keys.find(session, secret)
    if found is None:
        detail = "The key in UNCOUNTED_KEY is not known here, or was revoked."
        raise Problem(KEY_UNKNOWN, detail)
    return found


def _written(out: Path, rows: Iterator[dict[str, Any]], made: Made, locale: str | None) -> bytes:
    if out.suffix.casefold() == ".xlsx":
        return book(rows, made)
    try:
        dialect = excel(locale) if locale else PLAIN
    except ValueError as error:
        detail = f"--locale: {error}."
        raise Problem(INVALID, detail) from error
    return b"".join(pieces([column.name for column in columns(blind=made.blind)], rows, dialect))
