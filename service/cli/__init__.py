"""The command line. It composes and decides nothing: each body is a call to the verb the API calls."""

from __future__ import annotations

import sys

import typer

from connectors.errors import ConnectorError
from geodata.countries import UnknownCountry
from geodata.files.headers import UnknownColumn
from geodata.files.tables import UnreadableTable
from service.cli import (
    consulting,
    coverage,
    evaluating,
    findings,
    keys,
    learning,
    quality,
    quarantine,
    replaying,
    running,
    sources,
    terminal,
    undercounting,
    upkeep,
)
from service.errors import INVALID, Problem
from service.serving import PortTaken

app = typer.Typer(
    name="uncounted",
    help="Cross-verify community data against official statistics, with probabilities and reasons.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.callback()(running.version)
app.command()(running.demo)
app.command()(running.serve)
app.command()(running.migrate)
app.command()(sources.sync)
app.command()(sources.sources)
app.command()(upkeep.schedule)
app.command()(upkeep.prune)
app.command()(findings.verify)
app.command()(findings.report)
app.command()(findings.compare)
app.command()(replaying.replay)
app.command()(evaluating.evaluate)
app.command()(coverage.coverage)
app.command()(undercounting.undercount)
app.command()(consulting.consult)
app.command()(consulting.summary)
app.command()(quality.quality)
app.command()(learning.train)
app.add_typer(keys.app, name="keys")
app.add_typer(quarantine.app, name="quarantine")
app.command()(running.openapi)


def main() -> None:
    """Run the command line; a failure people can mend is two lines and exit code 1, never a traceback."""
    try:
        app()
    except Problem as stopped:
        unnamed = stopped.kind is INVALID and "errors" not in stopped.extra
        terminal.problem(stopped.detail, "Mend that and run it again." if unnamed else stopped.kind.hint)
    except (ConnectorError, PortTaken, UnknownColumn, UnknownCountry, UnreadableTable) as stopped:
        terminal.problem(str(stopped), stopped.hint)
    else:
        return
    sys.exit(1)
