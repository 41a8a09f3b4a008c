"""Commands for official sources: sync one, list all, check them."""

from __future__ import annotations

from typing import Annotated

import typer

from connectors import catalogue
from connectors.errors import ConnectorError
from service import sync as sync_verb
from service.cli import terminal
from service.cli.running import opened
from service.context import Context
from service.errors import INVALID, Problem
from service.store import sources as stored

Settings = Annotated[list[str] | None, typer.Option("--set", help="Option of the source: path=list.csv. Repeatable.")]


def sync(
    source: Annotated[str, typer.Argument(help="A configured source, a connector's name, or a new name of your own.")],
    connector: Annotated[str | None, typer.Option(help="Which connector brings it, for a new source.")] = None,
    settings: Settings = None,
) -> None:
    """Bring one official source up to date; what it touches is verified again.

    Examples: **uncounted sync worldbank**

    **uncounted sync ke-villages --connector register --set path=villages.csv**
    """
    with opened() as context:
        sync_verb.configure(context, source, connector, _options(settings or []))
        with terminal.progress(f"Bringing {source} up to date") as step:
            result = sync_verb.sync(context, source, step, fetching=step)
    terminal.pairs(
        f"{source}: {result.outcome}",
        {
            "snapshot": result.snapshot,
            "places": f"{result.places:,}",
            "observations": f"{result.observations:,}",
            "rows set aside": f"{result.problems:,}",
        },
    )


def sources(*, check: Annotated[bool, typer.Option("--check", help="Ask each source, store nothing.")] = False) -> None:
    """List the official sources: what is followed, as of when, under which terms.

    Example: **uncounted sources --check**
    """
    with opened() as context:
        with context.store.read() as session:
            followed = stored.all(session)
        terminal.table(
            "Sources followed",
            ("source", "connector", "vintage", "places", "observations", "licence", "last error"),
            (
                (
                    one.id,
                    one.connector,
                    one.current.vintage if one.current else "never synced",
                    f"{one.current.places:,}" if one.current else terminal.NOTHING,
                    f"{one.current.observations:,}" if one.current else terminal.NOTHING,
                    one.current.licence if one.current else terminal.NOTHING,
                    one.last_error or "",
                )
                for one in followed
            ),
        )
        terminal.table(
            "Connectors installed",
            ("connector", "brings", "needs"),
            (
                (name, kind.title, "; ".join(f"{key}: {what}" for key, what in kind.needs.items()) or "nothing")
                for name, kind in sorted(catalogue.connectors().items())
            ),
        )
        answered = [_checked(context, one.id) for one in followed] if check else []
        if not all(answered):
            raise typer.Exit(code=1)


def _options(settings: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in settings]
    for name, equals, _ in pairs:
        if not name or not equals:
            detail = f"--set {name} cannot be read. Write it as name=value."
            raise Problem(INVALID, detail)
    return {name: value for name, _, value in pairs}


def _checked(context: Context, source: str) -> bool:
    try:
        with terminal.progress(f"Asking {source}") as step:
            outcome = sync_verb.check(context, source, fetching=step)
    except ConnectorError as stopped:
        terminal.problem(f"{source}: {stopped}", stopped.hint)
        return False
    terminal.err.print(f"{source}: {'nothing new' if outcome == 'unchanged' else 'something new; sync brings it'}.")
    return True
