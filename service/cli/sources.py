"""Commands for official sources: sync one or all, list them, check them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from connectors import catalogue
from connectors.errors import ConnectorError
from connectors.offline.routes import ONLINE, FromFolder, Route, SavedTo
from connectors.patience import tell_retries
from service import sync as sync_verb
from service.cli import all_sources, effects, terminal
from service.cli.running import opened
from service.context import Context
from service.errors import INVALID, Problem
from service.store import sources as stored
from service.store.values import NEVER, SourceEntry, Upkeep
from service.sync import How, Outcome
from service.syncing.sizes import measure
from service.syncing.upkeep import upkeep

Source = Annotated[
    str | None, typer.Argument(help="A configured source, a connector's name, or a new name of your own.")
]
Settings = Annotated[list[str] | None, typer.Option("--set", help="Option of the source: path=list.csv. Repeatable.")]
Offline = Annotated[
    Path | None,
    typer.Option(help="Folder of downloaded files to read instead of the network.", exists=True, file_okay=False),
]
Save = Annotated[
    Path | None, typer.Option(help="Folder to keep what sources answer, for a machine offline.", file_okay=False)
]


def sync(  # noqa: PLR0913 - every option of a command is a parameter
    source: Source = None,
    connector: Annotated[str | None, typer.Option(help="Which connector brings it, for a new source.")] = None,
    settings: Settings = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every configured source, one after another.")] = False,
    offline: Offline = None,
    save: Save = None,
) -> None:
    """Bring one official source up to date, or all; what they touch is verified again.

    Examples: **uncounted sync worldbank**

    **uncounted sync ke-villages --connector register --set path=villages.csv**

    **uncounted sync --all**

    **uncounted sync worldbank --save usb**, and where there is no internet **uncounted sync worldbank --offline usb**
    """
    route = _route(offline, save)
    tell_retries(terminal.waiting)
    if everything:
        if source or connector or settings:
            detail = (
                "--all brings every configured source as it was configured: leave out source, --connector and --set."
            )
            raise Problem(INVALID, detail)
        all_sources.sync_all(route)
        return
    if source is None:
        detail = "Name the source to bring up to date, or write --all."
        raise Problem(INVALID, detail)
    with opened() as context:
        sync_verb.configure(context, source, connector, _options(settings or []))
        with terminal.progress(f"Bringing {source} up to date") as step:
            result = sync_verb.sync(context, source, step, How(step, route))
    terminal.pairs(
        f"{source}: {result.outcome}",
        {
            "snapshot": result.snapshot,
            "places": f"{result.places:,}",
            "observations": f"{result.observations:,}",
            "rows set aside": f"{result.problems:,}",
        },
    )
    if result.outcome is Outcome.UPDATED:
        terminal.out.print(effects.told(result.effect))
    all_sources.tell_broken_off(result)


def sources(*, check: Annotated[bool, typer.Option("--check", help="Ask each source, store nothing.")] = False) -> None:
    """List the official sources: what is followed, as of when, under which terms, and what it weighs.

    Example: **uncounted sources --check**
    """
    tell_retries(terminal.waiting)
    with opened() as context:
        measure(context)
        with context.store.read() as session:
            followed = stored.all(session)
        standing = upkeep(context)
        terminal.table(
            "Sources followed",
            ("source", "connector", "vintage", "places", "observations", "on disk", "licence", "state"),
            (_row(one, standing.get(one.id, NEVER)) for one in followed),
        )
        terminal.out.print(f"Snapshots weigh {terminal.weight(sum(one.bytes for one in followed))} in all.")
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


def _route(offline: Path | None, save: Path | None) -> Route:
    if offline and save:
        detail = "--offline reads a folder and --save fills one: choose one of them."
        raise Problem(INVALID, detail)
    return FromFolder(offline) if offline else SavedTo(save) if save else ONLINE


def _row(one: SourceEntry, standing: Upkeep) -> Sequence[str]:
    present = one.current
    return (
        one.id,
        one.connector,
        present.vintage if present else "never synced",
        f"{present.places:,}" if present else terminal.NOTHING,
        f"{present.observations:,}" if present else terminal.NOTHING,
        _weights(one),
        present.licence if present else terminal.NOTHING,
        _state(one, standing),
    )


def _weights(one: SourceEntry) -> str:
    """Return what the present snapshot weighs, and all of the source where there are more."""
    present = (one.current.bytes if one.current else None) or 0
    return (
        f"{terminal.weight(present)} of {terminal.weight(one.bytes)}"
        if one.bytes > present
        else terminal.weight(present)
    )


def _state(one: SourceEntry, standing: Upkeep) -> str:
    if standing.under_way_since:
        return f"being brought up to date since {terminal.moment(standing.under_way_since)}"
    if standing.broken_off_at:
        return f"the sync that began {terminal.moment(standing.broken_off_at)} died; run it again"
    due = f"due {terminal.moment(standing.due_at)}" if standing.due_at else ""
    return "; ".join(filter(None, (one.last_error, due)))


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
            outcome = sync_verb.check(context, source, How(step))
    except ConnectorError as stopped:
        terminal.problem(f"{source}: {stopped}", stopped.hint)
        return False
    terminal.err.print(f"{source}: {'nothing new' if outcome == 'unchanged' else 'something new; sync brings it'}.")
    return True
