"""The command that pulls submissions from the server of a survey tool."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from connectors.client import Client
from connectors.patience import tell_retries
from service.callers.caller import Caller, Role
from service.cli import importing, terminal
from service.cli.opening import opened
from service.cli.sources import options
from service.context import Context
from service.importing.plan import columns_of
from service.importing.working import How
from service.live.pulling import Brought, Wanted
from service.live.pulling import pull as pull_verb
from service.store import import_problems
from service.store.import_tables import ImportState
from service.store.imports import Import


def pull(  # noqa: PLR0913 - every option of a command is a parameter
    collection: Annotated[str, typer.Argument(help="The collection that holds the submissions of this form alone.")],
    tool: Annotated[str, typer.Option("--from", help="kobo or odk.")],
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="url=https://…, form=…, and for odk project=…. Repeatable.")
    ] = None,
    *,
    organisation: Annotated[
        str | None, typer.Option(help="Whose collection it is; left out where there is one organisation only.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything, not what is new: brings edits, withdraws what is gone.")
    ] = False,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", "--mapping", help="field=QUESTION, such as name=kijiji. Repeatable.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A saved mapping, by its name.")] = None,
    errors: Annotated[Path | None, typer.Option(help="Where to write what could not be kept: .csv or .xlsx.")] = None,
) -> None:
    """Bring submissions from KoboToolbox or ODK Central: what came since the last time, or everything.

    Keys come from the environment: UNCOUNTED_KOBO_TOKEN; UNCOUNTED_ODK_EMAIL and UNCOUNTED_ODK_PASSWORD.

    Examples: **uncounted pull villages --from kobo --set url=https://kf.kobotoolbox.org --set form=aBcD1234**

    **uncounted pull villages --from odk --set url=https://odk.example.org --set project=7 --set form=villages --all**
    """
    importing.check_errors(errors)
    tell_retries(terminal.waiting)
    wanted = Wanted(collection, tool, options(settings or []), everything, columns_of(mapping or []), profile)
    with opened() as context:
        caller = Caller(organisation or importing.only_organisation(context), None, Role.CONTRIBUTOR)
        brought = _brought(context, wanted, caller)
        faults = []
        if brought.job is not None:
            with context.store.read() as session:
                faults = list(import_problems.of(session, brought.job.id))
    _show(wanted, brought)
    importing.tell(faults, errors)


def _brought(context: Context, wanted: Wanted, caller: Caller) -> Brought:
    with terminal.progress(f"Asking {wanted.tool}") as step, Client(context.settings.contact) as client:

        def watching(job: Import) -> None:
            step(job.verified or job.rows_read, None, "records verified" if job.verified else "submissions read")

        return pull_verb(context, client, replace(wanted, how=How(watching)), caller)


def _show(wanted: Wanted, brought: Brought) -> None:
    counts = {"submissions": brought.came, "rejected or deleted": brought.left_out, "withdrawn": brought.withdrawn}
    shown = {name: f"{number:,}" for name, number in counts.items() if number or name == "submissions"}
    terminal.pairs(f"{wanted.tool}: {'everything' if wanted.everything else 'what is new'}", shown)
    if brought.job is not None:
        importing.show(brought.job)
        if brought.job.state is not ImportState.DONE:
            terminal.err.print("The next pull asks for the same again; what is kept by then is unchanged.")
    for note in brought.notes:
        terminal.err.print(f"{note}.", markup=False)
