"""The command that imports a file: what became of its rows, and a file of those that could not be kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from service.callers.caller import Caller, Role
from service.cli import terminal
from service.cli.opening import opened
from service.context import Context
from service.errors import INVALID, NOT_ACCEPTABLE, Problem
from service.importing import jobs, uploads
from service.importing.faults import COLUMNS, proposed, told
from service.importing.importer import work_in_turn
from service.importing.plan import Mode, Upload, Wish, columns_of
from service.importing.preview import preview
from service.importing.showing import shown as shown_preview
from service.importing.working import How
from service.store import import_problems, keys
from service.store.import_problems import Fault
from service.store.import_tables import ImportState
from service.store.imports import Import
from service.writing.formats import csv_text
from service.writing.workbooks import workbook

_SHOWN = 10  # problems and rows; more would scroll the summary away


def import_file(  # noqa: PLR0913 - every option of a command is a parameter
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, ODS, GeoJSON, a Kobo or ODK export …", exists=True)],
    collection: Annotated[str, typer.Option(help="The survey or project its rows belong to.")],
    *,
    organisation: Annotated[
        str | None, typer.Option(help="Whose collection it is; left out where there is one organisation only.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of it, keep nothing.")] = False,
    mode: Annotated[
        Mode, typer.Option(help="append adds and revises; correct only revises; replace withdraws the others too.")
    ] = Mode.APPEND,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", "--mapping", help="field=HEADER, such as name=VILLAGE_NM. Repeatable.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A saved mapping, by its name.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    errors: Annotated[Path | None, typer.Option(help="Where to write what could not be kept: .csv or .xlsx.")] = None,
) -> None:
    """Import a file into a collection: good rows are kept, the others told by row and column.

    Examples: **uncounted import villages.xlsx --collection villages-2026 --dry-run**

    **uncounted import villages.xlsx --collection villages-2026 --errors errors.xlsx**
    """
    check_errors(errors)
    wish = Wish(mode, columns_of(mapping or []), profile, sheet)
    with opened() as context:
        caller = Caller(organisation or only_organisation(context), None, Role.CONTRIBUTOR)
        with _upload(context, file, collection, dry_run=dry_run) as upload:
            if dry_run:
                found = preview(context, upload, wish, caller)
                _show_preview(shown_preview(context, found, caller))
                tell(list(found.faults), errors)
                return
            job = _imported(context, jobs.begin(context, upload, wish, caller).job)
        with context.store.read() as session:
            faults = list(import_problems.of(session, job.id))
    show(job)
    tell(faults, errors)
    if job.stopped is not None:
        raise Problem(INVALID, job.stopped["detail"])


@contextmanager
def _upload(context: Context, file: Path, collection: str, *, dry_run: bool) -> Iterator[Upload]:
    """Give a file of its own to import from: it is still there when the process dies and another goes on."""
    import_id, path = uploads.fresh(context)
    try:
        shutil.copyfile(file, path)
        yield Upload(import_id, path, file.name, collection)
    finally:
        if dry_run:
            uploads.remove(context, import_id)


def check_errors(errors: Path | None) -> None:
    """Raise `Problem` (not acceptable) for a file of errors that is neither CSV nor a workbook."""
    if errors is not None and errors.suffix.casefold() not in {".csv", ".xlsx"}:
        detail = f"Errors are not written as {errors.suffix or 'a file without an ending'}; use .csv or .xlsx."
        raise Problem(NOT_ACCEPTABLE, detail)


def only_organisation(context: Context) -> str:
    """Return the one organisation there is. Raises `Problem` (invalid) where there is none, or several."""
    with context.store.read() as session:
        known = keys.organisations(session)
    if len(known) == 1:
        return known[0]
    there = f"There are {', '.join(known)}" if known else "There is none yet, and naming one makes it"
    detail = f"Say whose collection it is with --organisation. {there}."
    raise Problem(INVALID, detail)


def _imported(context: Context, job: Import) -> Import:
    with terminal.progress(f"Importing {job.file_name}") as step:

        def watching(job: Import) -> None:
            if job.verified:
                step(job.verified, job.created + job.revised - job.quarantined, "records verified")
            else:
                step(job.rows_read, None, "rows read")

        try:
            return work_in_turn(context, job, How(watching))
        except KeyboardInterrupt:
            caller = Caller(job.organisation, None, Role.ADMIN)
            jobs.cancel(context, job.id, caller)
            terminal.err.print("Stopped. What was kept stays; import the file again to go on.")
            raise


def show(job: Import) -> None:
    """Print what became of the rows of an import."""
    if job.state is ImportState.WAITING:
        terminal.err.print(
            f"Import {job.id} waits for another one of {job.organisation}; a running server takes it up."
        )
        return
    counts = {
        "rows read": job.rows_read,
        "new records": job.created,
        "corrected": job.revised,
        "unchanged": job.unchanged,
        "rows not kept": job.set_aside,
        "in quarantine": job.quarantined,
        "withdrawn": job.withdrawn,
        "verified": job.verified,
    }
    always = {"rows read", "new records", "rows not kept"}
    shown = {name: f"{number:,}" for name, number in counts.items() if number or name in always}
    terminal.pairs(f"{job.file_name}: {job.state.value}", shown)


def _show_preview(found: dict[str, object]) -> None:
    names = ("rows_read", "created", "revised", "unchanged", "set_aside")
    terminal.pairs("Dry run; nothing was kept", {name.replace("_", " "): f"{found[name]:,}" for name in names})
    columns: dict[str, str] = found["columns"]  # type: ignore[assignment]  # as `previews.shown` makes it
    terminal.table("How the columns are read", ("column", "part"), list(columns.items()))
    rows: list[dict[str, object]] = found["rows"]  # type: ignore[assignment]
    terminal.table(
        "What would be found",
        ("row", "name", "outcome", "verdict", "reason"),
        [
            (
                str(row["row"]),
                str(row["name"] or terminal.NOTHING),
                str(row["outcome"]),
                terminal.verdict(str(row["verdict"] or row["state"])),
                str(row["reason"] or terminal.NOTHING),
            )
            for row in rows[:_SHOWN]
        ],
    )
    if len(rows) > _SHOWN:
        terminal.err.print(f"{len(rows) - _SHOWN:,} more rows.")


def tell(faults: list[Fault], errors: Path | None) -> None:
    """Print the first things that were wrong, and write all to a file where one is named."""
    for fault in islice(faults, _SHOWN):
        terminal.err.print(_sentence(fault), markup=False)
    if errors is not None:
        rows = told(faults)
        errors.write_bytes(csv_text(COLUMNS, rows) if errors.suffix.casefold() == ".csv" else _sheet(faults))
        terminal.err.print(f"{terminal.counted(len(faults), 'thing')} to mend, written to {errors}.", markup=False)
    elif len(faults) > _SHOWN:
        terminal.err.print(f"{len(faults) - _SHOWN:,} more of these; --errors errors.xlsx writes all.")


def _sheet(faults: list[Fault]) -> bytes:
    return workbook("errors", COLUMNS, told(faults))


def _sentence(fault: Fault) -> str:
    where = ", ".join(
        filter(None, (f"row {fault.row}" if fault.row else "", f"column {fault.column}" if fault.column else ""))
    )
    guess = f" (perhaps {proposed(fault)})" if fault.proposal else ""
    return f"{where or 'file'}: {fault.message}; {fault.hint}{guess}"
