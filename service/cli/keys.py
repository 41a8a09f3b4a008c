"""Commands for keys: create, list, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from service.caller import Role
from service.cli import terminal
from service.cli.running import opened
from service.store import keys

app = typer.Typer(help="Keys of organisations: create, list, revoke.", no_args_is_help=True)


@app.command()
def create(
    organisation: Annotated[str, typer.Argument(help="Short name, e.g. map-kibera.")],
    role: Annotated[Role, typer.Argument(help="What the key may do.")],
    label: Annotated[str, typer.Option(help="Whose key it is, to know which one to revoke.")] = "",
) -> None:
    """Make a key and show it, this once.

    Example: **uncounted keys create map-kibera contributor --label "Zack's phone"**
    """
    with opened() as context, context.store.begin() as session:
        secret = keys.create(session, organisation, role, label)
    terminal.err.print("Keep it safe: only a hash of it stays here.")
    terminal.out.print(secret)


@app.command(name="list")
def show() -> None:
    """List all keys: whose, which role, since when. The secrets themselves are not kept."""
    with opened() as context, context.store.read() as session:
        entries = keys.all(session)
    terminal.table(
        "Keys",
        ("id", "organisation", "role", "created", "revoked", "label"),
        (
            (
                entry.id,
                entry.organisation,
                entry.role.value,
                f"{entry.created_at:%Y-%m-%d}",
                f"{entry.revoked_at:%Y-%m-%d}" if entry.revoked_at else "",
                entry.label,
            )
            for entry in entries
        ),
    )


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The id that `keys list` shows.")]) -> None:
    """Let a key open nothing from now on.

    Example: **uncounted keys revoke 4f6c0d**
    """
    with opened() as context, context.store.begin() as session:
        keys.revoke(session, key_id)
    terminal.err.print("Revoked.")
