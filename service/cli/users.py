"""Commands for people who sign in: invite, list, sign out, remove."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.callers.caller import Role
from service.cli import granting, terminal
from service.cli.opening import opened
from service.store import keys, sessions, users

app = typer.Typer(help="People who sign in: invite, list, sign out, remove.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The address under which the identity provider knows them.")]


@app.command()
def invite(  # noqa: PLR0913 - every option of a command is a parameter
    email: Email,
    organisation: Annotated[str, typer.Argument(help="Short name of whom they act for, e.g. map-kibera.")],
    role: Annotated[Role, typer.Argument(help="What they may do.")],
    *,
    area: granting.Areas = None,
    steward_of: granting.Charges = None,
) -> None:
    """Let somebody sign in.

    Example: **uncounted users invite amina@example.org statistics-office reviewer --area KEN**
    """
    wanted = granting.wanted(keys.Wanted(organisation, role, "signs in"), granting.Narrowed(area, steward_of))
    with opened() as context:
        user = context.store.write(lambda session: users.invite_as(session, email, wanted))
        where = context.settings.public_url
    terminal.err.print(f"{user.email} may sign in for {user.organisation} as {user.role.value}.")
    if where:
        terminal.err.print(f"Tell them to open {where.rstrip('/')}/account.")
    else:
        terminal.err.print("Signing in is not set up here yet: see docs/signing-in.md.")


@app.command(name="list")
def show() -> None:
    """List who may sign in, as what, and in how many browsers they are."""
    with opened() as context, context.store.read() as session:
        found = users.all(session)
    terminal.table(
        "People who sign in",
        ("e-mail", "organisation", "role", "invited", "signed in before", "open sessions", "key"),
        (
            (
                user.email,
                user.organisation,
                user.role.value,
                f"{user.invited_at:%Y-%m-%d}",
                "yes" if user.known else "no",
                str(number),
                user.key_id,
            )
            for user, number in found
        ),
    )


@app.command(name="sign-out")
def sign_out(email: Email) -> None:
    """End every session of somebody: a telephone was lost. They may sign in again.

    Example: **uncounted users sign-out amina@example.org**
    """
    with opened() as context:
        number = context.store.write(
            lambda session: sessions.end_all(session, users.named(session, email).id, datetime.now(UTC))
        )
    terminal.err.print(f"{number} session{'' if number == 1 else 's'} ended.")


@app.command()
def remove(email: Email) -> None:
    """Let somebody sign in no more, and end their sessions at once. What they did stays attributed to their key.

    Example: **uncounted users remove amina@example.org**
    """
    with opened() as context:
        number = context.store.write(lambda session: users.remove(session, email))
    terminal.err.print(f"Removed; {number} session{'' if number == 1 else 's'} ended.")
