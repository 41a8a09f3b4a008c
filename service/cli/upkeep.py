"""Commands that keep sources in order by themselves: their schedules, and the pruning of old snapshots."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.cli import terminal
from service.cli.opening import opened
from service.context import Context
from service.errors import INVALID, Problem
from service.store import sources as stored
from service.store.schedules import OFF
from service.syncing import pruning
from service.syncing.pruning import Pruned
from service.syncing.schedule import set_schedule, upcoming

#: What people write to follow the schedule of the settings again.
_DEFAULT = "default"


def schedule(
    source: Annotated[str | None, typer.Argument(help="A configured source; none lists all.")] = None,
    expression: Annotated[
        str | None, typer.Argument(help="Cron expression in UTC, 'off', or 'default' for that of the settings.")
    ] = None,
) -> None:
    """Say when a source is brought up to date by the serving process, or list when all are. Off by default.

    Examples: **uncounted schedule worldbank "0 3 * * 1"** (Mondays at 03:00 UTC)

    **uncounted schedule worldbank off**
    """
    if source is not None and expression is None:
        detail = f"Say when {source} is due, e.g. uncounted schedule {source} '0 3 * * 1'; or write off, or default."
        raise Problem(INVALID, detail)
    with opened() as context:
        if source is not None:
            set_schedule(context, source, None if expression == _DEFAULT else expression)
        _list(context)


def prune(
    keep: Annotated[int, typer.Option(help="Newest snapshots of each source to keep.", min=1)],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed, remove nothing.")] = False,
) -> None:
    """Remove old snapshots from the disk, but none that a finding, flag, certificate or decision rests on.

    Example: **uncounted prune --keep 3 --dry-run**
    """
    with opened() as context:
        pruned = pruning.plan(context, keep) if dry_run else pruning.prune(context, keep)
    done = "Would remove" if dry_run else "Removed"
    terminal.table(
        f"{done} {terminal.counted(len(pruned.removed), 'snapshot')}, {terminal.weight(pruned.bytes)}",
        ("source", "vintage", "retrieved", "on disk", "snapshot"),
        (
            (one.source, one.vintage, terminal.moment(one.retrieved_at), terminal.weight(one.bytes or 0), one.sha256)
            for one in pruned.removed
        ),
    )
    if pruned.files:
        terminal.out.print(f"{done} kept files and indexes that nobody waits for, {terminal.weight(pruned.files)}.")
    _tell_kept(pruned)


def _tell_kept(pruned: Pruned) -> None:
    if pruned.kept:
        terminal.table(
            f"Kept {len(pruned.kept)} old snapshots that something rests on",
            ("source", "vintage", "on disk", "snapshot", "why"),
            (
                (
                    one.entry.source,
                    one.entry.vintage,
                    terminal.weight(one.entry.bytes or 0),
                    one.entry.sha256,
                    "; ".join(f"{count:,} {ground.value}" for ground, count in sorted(one.why.items())),
                )
                for one in pruned.kept
            ),
        )


def _list(context: Context) -> None:
    due = upcoming(context, datetime.now(UTC))
    with context.store.read() as session:
        followed = [one.id for one in stored.all(session)]
    terminal.table(
        "Schedules, in UTC; kept by `uncounted serve`",
        ("source", "schedule", "next"),
        (
            (one, due[one][0], terminal.moment(due[one][1])) if one in due else (one, OFF, terminal.NOTHING)
            for one in followed
        ),
    )
