"""Commands for consultations: take in a survey or a dialogue, and write the summary of a country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.countries import country_code
from geodata.files.tables import read_table
from service.accounts.statement import Form, Question
from service.callers.caller import Caller, Role
from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.consultations.accepting import Post, accept
from service.consultations.reading import Defaults, Reading, read_statements
from service.consultations.rows import SUMMARY_COLUMNS, summary_rows
from service.consultations.summary import SummaryScope, country_summary
from service.disclosure import Consent
from service.errors import NOT_ACCEPTABLE, Problem
from service.importing.plan import columns_of
from service.plots import named_groups
from service.plots.named_groups import said_by_any
from service.writing.formats import csv_text, json_text

_SHOWN = 15  # lines; more would scroll the answer away


def consult(  # noqa: PLR0913 - every option of a command is a parameter
    file: Annotated[Path, typer.Argument(help="Responses, or meetings: CSV, TSV, XLSX or ODS, one to a row.")],
    collection: Annotated[str, typer.Option(help="The survey or dialogue they belong to.")],
    organisation: Annotated[str, typer.Option(help="Who asked.")],
    *,
    meetings: Annotated[bool, typer.Option("--meetings", help="Rows are meetings of a dialogue.")] = False,
    country: Annotated[str | None, typer.Option(help="Of every row that names none.")] = None,
    consent: Annotated[
        Consent, typer.Option(help="What those who answered agreed to; public_aggregate lets them count in totals.")
    ] = Consent.INTERNAL,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="field=HEADER. Repeatable.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how the file would be read.")] = False,
) -> None:
    """Take in the responses of a survey or the meetings of a dialogue. The same file again changes nothing.

    Free text is grouped and not kept; columns that play no part, such as names and telephones, are never read.

    Examples: **uncounted consult survey.csv --collection "Youth survey" --organisation my-coalition --dry-run**

    **uncounted consult dialogue.xlsx --meetings --collection "Dialogue 2017" --organisation my-coalition --country KE**
    """
    form = Form.MEETING if meetings else Form.RESPONSE
    defaults = Defaults(form, country_code(country) if country else None, consent.value)
    with terminal.progress("Reading and grouping"):
        reading = read_statements(read_table(file, sheet=sheet), defaults, columns_of(mapping or []))
    _show(reading, form)
    if dry_run:
        terminal.err.print("Nothing was kept (--dry-run).")
        return
    with opened() as context:
        receipts = accept(context, Post(collection, reading.sent, Caller(organisation, None, Role.ADMIN)))
    outcomes = Counter(receipt.outcome.value for receipt in receipts)
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(outcomes.items())) or "nothing"
    terminal.err.print(f"{told}.", markup=False)


def summary(
    country: Annotated[str, typer.Argument(help="Code or name.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write: .json, .csv, .svg or .png.")] = None,
    public: Annotated[bool, typer.Option("--public", help="As everybody may read it.")] = False,
) -> None:
    """Put side by side which groups people of a country name, and whether official statistics count them.

    Examples: **uncounted summary KEN**

    **uncounted summary KEN --public -o kenya.csv**
    """
    write = _FILES.get(out.suffix.casefold()) if out is not None else None
    if out is not None and write is None:
        detail = f"A summary is not written as {out.suffix or 'a file without an ending'}; use {', '.join(_FILES)}."
        raise Problem(NOT_ACCEPTABLE, detail)
    caller = Caller(None, None, None) if public else OPERATOR
    with opened() as context:
        shown = country_summary(context, SummaryScope(country_code(country)), caller)
    if out is None or write is None:
        _print(shown)
    else:
        out.write_bytes(write(shown))
        terminal.err.print(f"{len(shown['groups']):,} groups written to {out}.", markup=False)


_FILES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    ".json": json_text,
    ".csv": lambda shown: csv_text(SUMMARY_COLUMNS, summary_rows(shown)),
    ".svg": named_groups.plot,
    ".png": lambda shown: named_groups.plot(shown, "png"),
}


def _show(reading: Reading, form: Form) -> None:
    terminal.summary("How the columns were read", dict(reading.mapping))
    if reading.ignored:
        terminal.err.print(f"Left alone, and not kept: {', '.join(reading.ignored)}", markup=False)
    people = sum(sent.statement.people for sent in reading.sent)
    unknown = sum(sent.statement.groups.unknown > 0 for sent in reading.sent)
    told = {"rows read": f"{len(reading.sent):,}"} | ({"participants": f"{people:,}"} if form is Form.MEETING else {})
    words = Counter(word for sent in reading.sent for question, word in sent.words if question is Question.GROUPS)
    if unknown:
        told["with a group not recognised"] = f"{unknown:,}"
    if words:
        told["words to look at"] = ", ".join(word for word, _ in words.most_common(_SHOWN))
    terminal.summary("What they say", told)
    for problem in reading.problems[:_SHOWN]:
        terminal.err.print(problem.sentence(), markup=False)
    if len(reading.problems) > _SHOWN:
        terminal.err.print(f"{len(reading.problems) - _SHOWN:,} more cells were set aside.")


def _print(shown: dict[str, Any]) -> None:
    surveys, dialogues = shown["surveys"], shown["dialogues"]
    people = terminal.NOTHING if surveys["people"] is None else f"{surveys['people']:,}"
    terminal.entries(
        f"{shown['country']['name']}: named by {people} respondents and {dialogues['meetings']:,} meetings",
        ("group", "respondents", "share", "meetings", "participants", "asked for", "category", "published"),
        [
            (
                (
                    group["label"],
                    _number(group["respondents"]),
                    terminal.NOTHING if group["share"] is None else f"{group['share']:.0%}",
                    _number(group["meetings"]),
                    _number(group["participants"]),
                    *(_yes(said_by_any(group["official"], step)) for step in ("collected", "category", "published")),
                ),
                " ".join(
                    f"{one['list']['title']}, {one['list']['vintage']}: {one['reason']}" for one in group["official"]
                ),
            )
            for group in shown["groups"]
        ],
    )
    for limit in shown["limits"]:
        terminal.err.print(limit, markup=False)


def _number(number: int | None) -> str:
    return terminal.NOTHING if number is None else f"{number:,}"


def _yes(said: bool | None) -> str:  # noqa: FBT001 - a value to be told, not a switch
    return {True: "yes", False: "no", None: "not said"}[said]
