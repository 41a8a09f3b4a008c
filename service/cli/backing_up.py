"""Commands that keep an installation safe: backup, restore."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from service.backup import making, reading, restoring
from service.backup.making import Installation
from service.backup.manifest import Manifest
from service.cli import auditing, terminal
from service.configuration.settings import Settings
from service.errors import INVALID, Problem

_STANDARD_OUTPUT = Path("-")


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, e.g. uncounted-2026-03-01.tar; - for standard output.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Verify the backup FILE, write nothing.")] = False,
) -> None:
    """Write everything into one file while the service runs: database, snapshots, uploads that wait.

    The file is not encrypted and holds the places of people: only its owner may read it. Encrypt it on its way:

    **uncounted backup - | age -r RECIPIENT > uncounted.tar.age**

    Examples: **uncounted backup uncounted-2026-03-01.tar**

    **uncounted backup --check uncounted-2026-03-01.tar**
    """
    if check:
        with terminal.progress(f"Verifying {file}") as step, reading.opened(file, _bytes(step)) as found:
            manifest = found.manifest
        _tell(f"{file} is whole", manifest)
        return
    with _installation() as installation, terminal.progress("Writing the backup") as step:
        if file == _STANDARD_OUTPUT:
            if sys.stdout.isatty():
                raise Problem(INVALID, "A backup is no text to read. Send it on: uncounted backup - | age …")
            manifest = making.write(installation, sys.stdout.buffer, lambda done: step(done, what="bytes written"))
        else:
            manifest = making.backup(installation, file, lambda done: step(done, what="bytes written"))
    _tell("Written" if file == _STANDARD_OUTPUT else f"Written to {file}", manifest)
    if manifest.missing:
        terminal.err.print("What is missing was not there to be kept: uncounted doctor says what to do.")
        raise typer.Exit(1)


def restore(file: Annotated[Path, typer.Argument(help="A file that `uncounted backup` wrote.")]) -> None:
    """Make an installation as it was when the backup was made, on SQLite or PostgreSQL, where there is none yet.

    Every byte is verified before anything is written, and the chain of events afterwards. Settings and keys of
    sources are not in a backup.

    Example: **UNCOUNTED_DATA_DIR=var-new uncounted restore uncounted-2026-03-01.tar**
    """
    with _installation() as installation, terminal.progress(f"Verifying and restoring {file}") as step:
        restored = restoring.restore(installation, file, step)
    _tell("Restored", restored.manifest)
    auditing.tell(restored.audited)
    if not restored.sound:
        terminal.err.print("The chain of events is not whole, or not the one the backup was made of.")
        raise typer.Exit(1)


@contextmanager
def _installation() -> Iterator[Installation]:
    installation = Installation.of(Settings())
    try:
        yield installation
    finally:
        installation.store.close()


def _bytes(step: terminal.Step) -> reading.Step:
    return lambda done, total: step(done, total, "bytes verified")


def _tell(title: str, manifest: Manifest) -> None:
    tables = {member.parts[1].removesuffix(".parquet"): member.rows or 0 for member in manifest.of("tables")}
    snapshots = {member.parts[1] for member in manifest.of("snapshots")}
    told = {
        "made": f"{terminal.moment(manifest.made_at)}, release {manifest.made_by}, on {manifest.database}",
        "records": f"{tables.get('records', 0):,}",
        "flags": f"{tables.get('flags', 0):,}",
        "snapshots": f"{len(snapshots):,}",
        "uploads": f"{len(manifest.of('uploads')):,}",
        "bytes": terminal.weight(sum(member.bytes for member in manifest.members)),
        "events": "not chained" if manifest.head_link is None else f"{manifest.head_seq:,}, to {manifest.head_link}",
    }
    missing = {"missing": "; ".join(manifest.missing)} if manifest.missing else {}
    terminal.summary(title, told | missing)
