"""Commands for quarantine: list what is set aside, let it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from service.aside import quarantine
from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.context import Context
from service.store import records
from service.store.filters import RecordFilter
from service.store.values import Record, RecordState

app = typer.Typer(help="Records set aside until a person has looked at them: list, release.", no_args_is_help=True)

_WAITING = RecordFilter(state=RecordState.QUARANTINED)


@app.command(name="list")
def show() -> None:
    """List the records in quarantine, oldest first, and why each is there."""
    with opened() as context:
        waiting = list(_waiting(context))
    terminal.table(
        "Quarantine",
        ("id", "organisation", "sent", "why"),
        (
            (
                record.id,
                record.organisation,
                f"{record.updated_at:%Y-%m-%d}",
                " ".join(ground.sentence for ground in record.quarantine),
            )
            for record in waiting
        ),
    )


@app.command()
def release(
    record_ids: Annotated[list[str], typer.Argument(help="The ids that `quarantine list` shows.")],
    reason: Annotated[str, typer.Option(help="Why they may pass, in a word, such as checked_with_sender.")],
) -> None:
    """Let records out, and verify them.

    Example: **uncounted quarantine release 4f6c0d --reason checked_with_sender**
    """
    with opened() as context:
        for record_id in record_ids:
            record = quarantine.release(context, record_id, reason, OPERATOR)
            terminal.out.print(f"{record.id} {record.verdict or record.state}", markup=False)


def _waiting(context: Context) -> Iterator[Record]:
    cursor = None
    while True:
        with context.store.read() as session:
            page = records.page(session, _WAITING, cursor, 1_000)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return
