"""Commands for keys: create, list, rotate, revoke."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from service.callers.caller import Role
from service.cli import granting, terminal
from service.cli.opening import opened
from service.cli.spans import span
from service.errors import INVALID, Problem
from service.store import keys

app = typer.Typer(help="Keys of organisations: create, list, rotate, revoke.", no_args_is_help=True)

KeyFile = Annotated[
    Path | None, typer.Option(help="Write the key to a new file that only you can read, instead of showing it.")
]


@app.command()
def create(  # noqa: PLR0913 - every option of a command is a parameter
    organisation: Annotated[str, typer.Argument(help="Short name, e.g. map-kibera.")],
    role: Annotated[Role, typer.Argument(help="What the key may do.")],
    *,
    label: Annotated[str, typer.Option(help="Whose key it is, to know which one to revoke.")] = "",
    area: granting.Areas = None,
    steward_of: granting.Charges = None,
    expires: Annotated[str | None, typer.Option(help="How long it opens: 36h, 90d, 12w. Else without end.")] = None,
    key_file: KeyFile = None,
) -> None:
    """Make a key and show it, this once.

    Example: **uncounted keys create map-kibera contributor --label "Zack's phone" --expires 90d**

    What each role may: docs/roles.md.
    """
    ends_at = datetime.now(UTC) + span(expires) if expires else None
    wanted = granting.wanted(keys.Wanted(organisation, role, label, ends_at), granting.Narrowed(area, steward_of))
    with _shown(key_file) as out, opened() as context, context.store.begin() as session:
        out.append(keys.issue(session, wanted))


@app.command()
def rotate(
    key_id: Annotated[str, typer.Argument(help="The id that `keys list` shows.")],
    overlap: Annotated[str, typer.Option(help="How long the old key opens yet: 36h, 7d, 2w.")] = "7d",
    key_file: KeyFile = None,
) -> None:
    """Make a new key in place of another and show it, this once; both open until the overlap is over.

    Example: **uncounted keys rotate 4f6c0d --overlap 7d**
    """
    time = span(overlap)
    with _shown(key_file) as out, opened() as context, context.store.begin() as session:
        out.append(keys.rotate(session, key_id, time)[1])
    terminal.err.print(f"The old key opens for {overlap} yet, then nothing.")


@app.command(name="list")
def show() -> None:
    """List all keys: whose, which role, where, since and until when, when last used. The secrets are not kept."""
    with opened() as context, context.store.read() as session:
        entries = keys.all(session)
    columns = {
        "id": [entry.id for entry in entries],
        "created": [_day(entry.created_at) for entry in entries],
        "revoked": [_day(entry.revoked_at) for entry in entries],
        "expires": [_day(entry.expires_at) for entry in entries],
        "last used": [_day(entry.last_used_on) for entry in entries],
        "organisation": [entry.organisation for entry in entries],
        "role": [entry.role.value for entry in entries],
        "where": [granting.where(entry.areas, entry.charges) for entry in entries],
        "label": [entry.label for entry in entries],
    }
    told = {name: cells for name, cells in columns.items() if any(cells) or name == "label"}
    terminal.table("Keys", tuple(told), zip(*told.values(), strict=True))


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The id that `keys list` shows.")]) -> None:
    """Let a key open nothing from now on.

    Example: **uncounted keys revoke 4f6c0d**
    """
    with opened() as context, context.store.begin() as session:
        keys.revoke(session, key_id)
    terminal.err.print("Revoked.")


@contextmanager
def _shown(path: Path | None) -> Iterator[list[str]]:
    """Show the secret that is put into the list, once it is kept; a file is made before, so that none is lost."""
    made: list[str] = []
    file = _new(path) if path else None
    try:
        yield made
    except BaseException:
        if file is not None and path is not None:
            file.close()
            path.unlink()
        raise
    if file is None:
        terminal.err.print("Keep it safe: only a hash of it stays here.")
        terminal.out.print(*made)
        return
    with file:
        file.write(f"{made[0]}\n")
    terminal.err.print(f"Written to {path}; only a hash of it stays here.", markup=False)


def _new(path: Path) -> TextIO:
    """Open a file that was not there, for its owner alone. Raises `Problem` (invalid)."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except OSError as error:
        detail = f"The key cannot be written to {path}: {(error.strerror or 'unknown').lower()}. No key was made."
        raise Problem(INVALID, detail) from error


def _day(moment: date | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
