"""Commands about the audit chain: is everything as it was, where does it end, what happened to one thing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from service.auditing import verifying
from service.auditing.verifying import SHOWN, Audited
from service.cli import terminal
from service.configuration.settings import Settings
from service.errors import INVALID, NOT_FOUND, Problem
from service.store import audit, chain
from service.store.chain import BEGINNING
from service.store.engine import Store
from service.store.migrate import require_current

app = typer.Typer(
    help="The audit chain: verify it, write down where it ends, show what happened.", no_args_is_help=True
)

_LINK_LENGTH = len(BEGINNING.link)


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A link written down earlier, which must be part of the chain.", metavar="LINK")
    ] = None,
) -> None:
    """Read all events from the first to the last, and say whether each, and what it vouches for, is as it was.

    Exit code 1 where something was changed, taken out, put in or moved, with the first of it. A tail that was cut off
    together with the head in the database shows only against a link written down elsewhere: **--head**.

    Example: **uncounted audit verify --head 9f2c…**
    """
    if head is not None and not _is_link(head):
        detail = (
            f"{head!r} is no link: it has {_LINK_LENGTH} characters from 0-9 and a-f, as `uncounted audit head` shows."
        )
        raise Problem(INVALID, detail)
    with _store() as store, terminal.progress("Verifying the chain of events") as step:
        audited = verifying.verify(store, step, head)
    tell(audited, head)
    if not audited.sound or (head is not None and audited.found is None):
        raise typer.Exit(1)


@app.command()
def head() -> None:
    """Print the number and the link of the last event, to be written down where nobody here can change it.

    Example: **uncounted audit head >> /mnt/elsewhere/heads.txt**
    """
    with _store() as store, store.read() as session:
        at = chain.head(session)
    terminal.out.print(f"{at.seq} {at.link} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", soft_wrap=True)


@app.command()
def show(
    about: Annotated[str, typer.Option(help="Identifier of a record, flag, key, import, snapshot, source …")],
) -> None:
    """Print what happened to one thing, oldest first: when, what, by whom, and with which link.

    Example: **uncounted audit show --about 5f2b0c9d8e7a4b6c9d0e1f2a3b4c5d6e**
    """
    with _store() as store, store.read() as session:
        found = audit.about(session, about)
    if not found:
        raise Problem(NOT_FOUND, f"No event is about {about}.")
    terminal.table(
        f"Events about {about}",
        ("event", "when", "what", "by", "link", "with"),
        (
            (
                str(one.seq),
                terminal.moment(one.event.at),
                one.event.kind,
                " ".join(filter(None, (one.event.by.organisation, (one.event.by.key_id or "")[:8]))) or "the service",
                one.link[:12],
                json.dumps(one.event.data, ensure_ascii=False) if one.event.data else terminal.NOTHING,
            )
            for one in found
        ),
    )


@contextmanager
def _store() -> Iterator[Store]:
    """Open the database as it is: whoever audits changes nothing, and migrates nothing."""
    store = Store(Settings().database)
    try:
        require_current(store)
        yield store
    finally:
        store.close()


def _is_link(text: str) -> bool:
    return len(text) == _LINK_LENGTH and set(text) <= set("0123456789abcdef")


def tell(audited: Audited, head: str | None = None) -> None:
    """Say what a verification came to, and whether the link that was asked for is part of the chain."""
    if not audited.sound:
        terminal.table(
            f"{audited.wrong:,} {'thing is' if audited.wrong == 1 else 'things are'} not as they were"
            + (f"; the first {SHOWN}" if audited.wrong > SHOWN else ""),
            ("what", "when", "what is wrong"),
            ((one.what, terminal.moment(one.at) if one.at else terminal.NOTHING, one.why) for one in audited.broken),
        )
        terminal.err.print("Stop writing to this database, keep a copy of it as it is, and compare it with a backup.")
    if head is not None and audited.found is None:
        terminal.out.print(f"The link {head[:12]}… is not part of the chain: what led to it is gone or was rewritten.")
    elif head is not None:
        terminal.out.print(f"The link {head[:12]}… is that of event {audited.found:,}: nothing before it is missing.")
    if audited.sound:
        terminal.out.print(
            f"{terminal.counted(audited.events, 'event')} verified. The chain ends at event {audited.head.seq:,}:"
        )
        terminal.out.print(audited.head.link, soft_wrap=True)
