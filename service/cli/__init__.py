"""The command line. It composes and decides nothing: each body is a call to the verb the API calls."""

from __future__ import annotations

import importlib.metadata
import sys
from types import MappingProxyType
from typing import Annotated, Any

import typer

from service.cli import terminal
from service.cli.lazily import Lazily, Place
from service.errors import INVALID, Problem

#: Every command by what is typed: the module that holds it, and what it is called there.
_PANELS = {
    "To begin": {"demo": "running.demo", "serve": "running.serve", "migrate": "running.migrate"},
    "Official sources": {
        "sync": "sources.sync",
        "sources": "following.sources",
        "connectors": "following.connectors",
        "schedule": "upkeep.schedule",
        "prune": "upkeep.prune",
    },
    "Communities' own data": {
        "form": "form.form",
        "import": "importing.import_file",
        "pull": "pulling.pull",
        "personal": "personal.personal",
        "consult": "consulting.consult",
        "quality": "quality.quality",
    },
    "What was found": {
        "verify": "findings.verify",
        "queue": "queueing.queue",
        "desk": "desk.app",
        "quarantine": "quarantine.app",
        "report": "reporting.report",
        "summary": "consulting.summary",
        "replay": "replaying.replay",
    },
    "Without a server": {
        "compare": "findings.compare",
        "bulk": "bulk.bulk",
        "undercount": "undercounting.undercount",
        "coverage": "coverage.coverage",
        "train": "learning.train",
        "evaluate": "evaluating.evaluate",
    },
    "Rights of communities": {"withdraw": "withdrawing.withdraw", "hold": "holding.app"},
    "For those who run or build on it": {
        "keys": "keys.app",
        "invite": "inviting.app",
        "users": "users.app",
        "webhooks": "webhooks.app",
        "audit": "auditing.app",
        "backup": "backing_up.backup",
        "restore": "backing_up.restore",
        "doctor": "examining.doctor",
        "policy": "policy.policy",
        "openapi": "running.openapi",
    },
}


class Commands(Lazily):
    """Every command of Uncounted."""

    places = MappingProxyType(
        {
            typed: Place(panel, f"{__name__}.{module}", name)
            for panel, commands in _PANELS.items()
            for typed, (module, _, name) in ((typed, at.partition(".")) for typed, at in commands.items())
        }
    )


app = typer.Typer(
    name="uncounted",
    cls=Commands,
    help="Cross-verify community data against official statistics, with probabilities and reasons.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag
    if wanted:
        terminal.out.print(importlib.metadata.version("uncounted"))
        raise typer.Exit


@app.callback()
def version(
    *,
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Cross-verify community data against official statistics, with probabilities and reasons."""


def main() -> None:
    """Run the command line; a failure people can mend is two lines and exit code 1, never a traceback."""
    try:
        app()
    except Problem as stopped:
        hint = "Mend that and run it again." if stopped.kind is INVALID else stopped.kind.hint
        terminal.problem(stopped.detail, hint, stopped.extra.get("errors", ()))
    except _mendable() as stopped:
        terminal.problem(str(stopped), stopped.hint)
    else:
        return
    sys.exit(1)


def _mendable() -> tuple[type[Any], ...]:
    """Return the failures of other rooms that say how to mend them; loaded once something failed, and not before."""
    from connectors.errors import ConnectorError  # noqa: PLC0415 - as above
    from geodata.countries import UnknownCountry  # noqa: PLC0415
    from geodata.files.headers import UnknownColumn  # noqa: PLC0415
    from geodata.files.tables import UnreadableTable  # noqa: PLC0415
    from service.running.tracing import TelemetryMissing  # noqa: PLC0415
    from service.serving import PortTaken  # noqa: PLC0415

    return (ConnectorError, PortTaken, TelemetryMissing, UnknownColumn, UnknownCountry, UnreadableTable)
