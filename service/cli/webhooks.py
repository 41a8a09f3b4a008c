"""Commands for webhooks: list them, see what became of their messages, send one again."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.hooks import subscribing
from service.hooks.giving_up import WORDS, Reason
from service.hooks.subscribing import Sight
from service.store import deliveries as kept
from service.store.webhook_tables import DeliveryState
from service.store.webhooks import Webhook

app = typer.Typer(help="Who is told of changes, and whether it is received.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="The id that `webhooks list` shows.")]


@app.command(name="list")
def show() -> None:
    """List every webhook, and how well its address answers. Secrets are kept nowhere."""
    with opened() as context, context.store.read() as session:
        found = subscribing.mine(session, OPERATOR)
        number, oldest = kept.waiting(session)
    terminal.table(
        "Webhooks",
        ("id", "organisation", "address", "messages", "state"),
        ((one.id, one.organisation, one.wanted.url, str(one.number), _state(one)) for one in found),
    )
    if oldest is not None:
        terminal.err.print(
            f"{terminal.counted(number, 'message')} waiting, the oldest since {oldest:%Y-%m-%d %H:%M} UTC."
        )


@app.command()
def deliveries(
    webhook: Id,
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Only messages in this state.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many.")] = 20,
) -> None:
    """Show what became of the messages of a webhook, the newest first.

    Example: **uncounted webhooks deliveries 019b2c --state failed**
    """
    with opened() as context, context.store.read() as session:
        page = subscribing.sent(session, subscribing.one_of(session, webhook, OPERATOR), Sight(state, limit=limit))
    terminal.table(
        "Messages, the newest first",
        ("id", "number", "type", "state", "attempts", "answer", "time"),
        (
            (
                one.id,
                str(one.number),
                one.type,
                one.state.value,
                str(one.attempts),
                str(one.status or one.failure or terminal.NOTHING),
                terminal.NOTHING if one.milliseconds is None else f"{one.milliseconds} ms",
            )
            for one in page.items
        ),
    )


@app.command()
def redeliver(
    webhook: Id, delivery: Annotated[str, typer.Argument(help="The id that `webhooks deliveries` shows.")]
) -> None:
    """Let a message be sent again, by the service that runs, under its identifier, as far as it may be seen now.

    Example: **uncounted webhooks redeliver 019b2c 019b2d**
    """
    with opened() as context:
        subscribing.redeliver(context, webhook, delivery, OPERATOR)
    terminal.err.print("It is sent again as soon as the service runs.")


def _state(webhook: Webhook) -> str:
    standing = webhook.standing
    if standing.disabled_for is not None:
        return WORDS[Reason(standing.disabled_for)]
    return f"{standing.failures} attempts failed" if standing.failures else "well"
