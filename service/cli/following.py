"""Commands that show official sources: what is followed and how it stands, and what could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from connectors import catalogue
from connectors.errors import ConnectorError
from connectors.patience import tell_retries
from service import sync
from service.cli import terminal
from service.cli.opening import opened
from service.context import Context
from service.sources.fetching import How
from service.store import sources as stored
from service.store.values import NEVER, SourceEntry, Upkeep
from service.syncing import kept
from service.syncing.sizes import measure
from service.syncing.upkeep import upkeep

_NOTHING_YET = "No source is followed yet. A first one: uncounted sync worldbank. All there are: uncounted connectors."


def sources(*, check: Annotated[bool, typer.Option("--check", help="Ask each source, store nothing.")] = False) -> None:
    """List the official sources followed: as of when, under which terms, what they weigh, and what went wrong.

    Example: **uncounted sources --check**
    """
    tell_retries(terminal.waiting)
    with opened() as context:
        measure(context)
        with context.store.read() as session:
            followed = stored.all(session)
        if not followed:
            terminal.out.print(_NOTHING_YET)
            return
        standing = upkeep(context)
        terminal.entries(
            "Sources followed",
            ("source", "places", "figures", "on disk", "vintage"),
            ((_row(one), _below(one, standing.get(one.id, NEVER))) for one in followed),
        )
        terminal.out.print(f"Snapshots weigh {terminal.weight(sum(one.bytes for one in followed))} in all.")
        if files := kept.weights(context):
            each = ", ".join(f"{source} {terminal.weight(size)}" for source, size in files.items())
            terminal.out.print(f"Files kept, to be fetched again only when they change: {each}.")
        answered = [_checked(context, one.id) for one in followed] if check else []
        if not all(answered):
            raise typer.Exit(code=1)


def connectors() -> None:
    """List the connectors installed: what each brings, and what it needs.

    Example: **uncounted connectors**
    """
    terminal.entries(
        "Connectors installed",
        ("connector", "needs"),
        (
            ((name, ", ".join(kind.needs) or "nothing"), "\n".join((kind.title, *_needs(kind.needs))))
            for name, kind in sorted(catalogue.connectors().items())
        ),
    )


def _needs(needs: Mapping[str, str]) -> list[str]:
    return [f"{key}: {what}" for key, what in needs.items()]


def _row(one: SourceEntry) -> Sequence[str]:
    present = one.current
    return (
        one.id,
        f"{present.places:,}" if present else terminal.NOTHING,
        f"{present.observations:,}" if present else terminal.NOTHING,
        _weights(one),
        present.vintage if present else "never synced",
    )


def _below(one: SourceEntry, standing: Upkeep) -> str:
    """Return what stands under a source: its terms, what is under way or went wrong, and when it is due."""
    present = one.current
    terms = f"{present.title}; {present.licence}" if present else ""
    through = "" if one.connector == one.id else f"through the connector {one.connector}"
    due = f"due {terminal.moment(standing.due_at)}" if standing.due_at else ""
    return "\n".join(filter(None, ("; ".join(filter(None, (terms, through, due))), _trouble(one, standing))))


def _weights(one: SourceEntry) -> str:
    """Return what the present snapshot weighs, and all of the source where there are more."""
    present = (one.current.bytes if one.current else None) or 0
    return (
        f"{terminal.weight(present)} of {terminal.weight(one.bytes)}"
        if one.bytes > present
        else terminal.weight(present)
    )


def _trouble(one: SourceEntry, standing: Upkeep) -> str:
    if standing.under_way_since:
        return f"being brought up to date since {terminal.moment(standing.under_way_since)}"
    if standing.broken_off_at:
        return f"the sync that began {terminal.moment(standing.broken_off_at)} died; run it again"
    return f"the last sync failed: {one.last_error}" if one.last_error else ""


def _checked(context: Context, source: str) -> bool:
    try:
        with terminal.progress(f"Asking {source}") as step:
            outcome = sync.check(context, source, How(step))
    except ConnectorError as stopped:
        terminal.problem(f"{source}: {stopped}", stopped.hint)
        return False
    terminal.err.print(f"{source}: {'nothing new' if outcome == 'unchanged' else 'something new; sync brings it'}.")
    return True
