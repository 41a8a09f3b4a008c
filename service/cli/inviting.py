"""Commands for invitations: make one, list them, take one back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.access import inviting
from service.callers.caller import Role
from service.cli import granting, terminal
from service.cli.opening import OPERATOR, opened
from service.cli.spans import span
from service.store import invitations
from service.store.invitations import Offer
from service.store.keys import Wanted

app = typer.Typer(help="Tokens that make one key, once: make, list, revoke.", no_args_is_help=True)


@app.command()
def create(  # noqa: PLR0913 - every option of a command is a parameter
    organisation: Annotated[str, typer.Argument(help="Short name of whom they will act for, e.g. map-kibera.")],
    role: Annotated[Role, typer.Argument(help="What they may do: docs/roles.md.")],
    *,
    label: Annotated[str, typer.Option(help="Whose key it will be, to know which one to revoke.")] = "",
    area: granting.Areas = None,
    steward_of: granting.Charges = None,
    waits: Annotated[str, typer.Option(help="How long it may be accepted: 36h, 7d; 30 days at most.")] = "7d",
    lasts: Annotated[str | None, typer.Option(help="How long the key opens: 90d, 12w. Else without end.")] = None,
) -> None:
    """Make an invitation and show its token, this once. Who accepts it gets a key that nobody else ever sees.

    Example: **uncounted invite create statistics-office reviewer --label "desk 3" --area KEN/county=Kitui**
    """
    key = granting.wanted(Wanted(organisation, role, label), granting.Narrowed(area, steward_of))
    offer = Offer(key, span(lasts) if lasts else None, datetime.now(UTC) + span(waits))
    with opened() as context:
        _, token = inviting.invite(context, offer, OPERATOR)
    terminal.out.print(token, markup=False)
    terminal.err.print("Send it over a line you trust. It is accepted with:")
    terminal.err.print(
        'curl -X POST ADDRESS/v1/invitations/accept -H "Authorization: Bearer TOKEN"', markup=False, soft_wrap=True
    )


@app.command(name="list")
def show() -> None:
    """List every invitation, the newest first, and what became of it. The tokens are not kept."""
    with opened() as context, context.store.read() as session:
        found = invitations.all(session)
    now = datetime.now(UTC)
    terminal.table(
        "Invitations",
        ("id", "organisation", "role", "where", "until", "state", "label"),
        (
            (
                one.id,
                one.organisation,
                one.role.value,
                granting.where(one.areas, one.charges),
                f"{one.expires_at:%Y-%m-%d}",
                _state(one, now),
                one.label,
            )
            for one in found
        ),
    )


@app.command()
def revoke(invitation_id: Annotated[str, typer.Argument(help="The id that `invite list` shows.")]) -> None:
    """Let an invitation that was not accepted yet open nothing any more.

    Example: **uncounted invite revoke 019b2c**
    """
    with opened() as context:
        inviting.revoke(context, invitation_id, OPERATOR)
    terminal.err.print("Revoked.")


def _state(invitation: invitations.Invitation, now: datetime) -> str:
    if invitation.ended_at is not None:
        return "accepted" if invitation.key_id else "revoked"
    return "waits" if invitation.expires_at > now else "expired"
