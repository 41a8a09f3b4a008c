"""The command line. It composes and decides nothing: each body is a call to the verb the API calls."""

from __future__ import annotations

import sys

import typer

from connectors.errors import ConnectorError
from geodata.countries import UnknownCountry
from geodata.files.headers import UnknownColumn
from geodata.files.tables import UnreadableTable
from service.cli import (
    auditing,
    backing_up,
    bulk,
    consulting,
    coverage,
    desk,
    evaluating,
    examining,
    findings,
    following,
    form,
    holding,
    importing,
    inviting,
    keys,
    learning,
    personal,
    policy,
    pulling,
    quality,
    quarantine,
    queueing,
    replaying,
    reporting,
    running,
    sources,
    terminal,
    undercounting,
    upkeep,
    users,
    webhooks,
    withdrawing,
)
from service.errors import INVALID, Problem
from service.running.tracing import TelemetryMissing
from service.serving import PortTaken

app = typer.Typer(
    name="uncounted",
    help="Cross-verify community data against official statistics, with probabilities and reasons.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.callback()(running.version)

for _panel, _commands in {
    "To begin": (running.demo, running.serve, running.migrate),
    "Official sources": (sources.sync, following.sources, following.connectors, upkeep.schedule, upkeep.prune),
    "Communities' own data": (form.form, pulling.pull, personal.personal, consulting.consult, quality.quality),
    "What was found": (findings.verify, queueing.queue, reporting.report, consulting.summary, replaying.replay),
    "Without a server": (
        findings.compare,
        bulk.bulk,
        undercounting.undercount,
        coverage.coverage,
        learning.train,
        evaluating.evaluate,
    ),
    "For those who run or build on it": (
        running.openapi,
        backing_up.backup,
        backing_up.restore,
        examining.doctor,
        policy.policy,
    ),
}.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
app.command(name="import", rich_help_panel="Communities' own data")(importing.import_file)
app.command(name="withdraw", rich_help_panel="Rights of communities")(withdrawing.withdraw)
app.add_typer(holding.app, name="hold", rich_help_panel="Rights of communities")
app.add_typer(desk.app, name="desk", rich_help_panel="What was found")
app.add_typer(quarantine.app, name="quarantine", rich_help_panel="What was found")
app.add_typer(auditing.app, name="audit", rich_help_panel="For those who run or build on it")
app.add_typer(inviting.app, name="invite", rich_help_panel="For those who run or build on it")
app.add_typer(keys.app, name="keys", rich_help_panel="For those who run or build on it")
app.add_typer(users.app, name="users", rich_help_panel="For those who run or build on it")
app.add_typer(webhooks.app, name="webhooks", rich_help_panel="For those who run or build on it")


def main() -> None:
    """Run the command line; a failure people can mend is two lines and exit code 1, never a traceback."""
    try:
        app()
    except Problem as stopped:
        hint = "Mend that and run it again." if stopped.kind is INVALID else stopped.kind.hint
        terminal.problem(stopped.detail, hint, stopped.extra.get("errors", ()))
    except (ConnectorError, PortTaken, TelemetryMissing, UnknownColumn, UnknownCountry, UnreadableTable) as stopped:
        terminal.problem(str(stopped), stopped.hint)
    else:
        return
    sys.exit(1)
