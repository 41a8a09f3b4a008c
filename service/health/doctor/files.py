"""Looks at the files: snapshots, indexes, room on the disk, and who may read what."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing
from geodata.index import PlaceIndex
from geodata.saved import SavedDamaged
from service.auditing.verifying import Step
from service.configuration.settings import Settings
from service.health.doctor.finding import Finding, State, looked, well
from service.store import snapshots
from service.store.engine import Store

_ROOM = 1 << 30  # bytes free below which a sync or an import may not fit
_TIGHT = 100 << 20  # bytes free below which the database itself may not fit
_SYNC = "Restore them from a backup, or fetch the source again: uncounted sync SOURCE."
_SECRET = ("KEY", "TOKEN", "PASSWORD", "DATABASE_URL", "SECRET")


def examine(settings: Settings, store: Store | None, step: Step) -> Iterator[Finding]:
    """Look at everything in turn; snapshots only where a database says which there are to be."""
    if store is not None:
        yield looked("snapshots", partial(_snapshots, store, Archive(settings.snapshots), step), _SYNC)
    yield looked("indexes", partial(_indexes, settings.indexes), f"Remove {settings.indexes}; it is made again.")
    yield looked("disk", partial(_disk, settings.data_dir), "Make room, or move UNCOUNTED_DATA_DIR.")
    yield looked("permissions", partial(_permissions, settings), f"chmod -R go-rwx {settings.data_dir}")
    yield looked("secrets", partial(_secrets, Path(".env")), "chmod 600 .env")


def _snapshots(store: Store, archive: Archive, step: Step) -> Finding:
    with store.read() as session:
        there = snapshots.there(session)
    wrong: list[str] = []
    for number, entry in enumerate(there, 1):
        try:
            archive.get(entry.sha256)
        except SnapshotMissing:
            wrong.append(f"{entry.source} {entry.vintage} ({entry.sha256[:12]}) is missing")
        except SnapshotDamaged:
            wrong.append(f"{entry.source} {entry.vintage} ({entry.sha256[:12]}) is damaged")
        step(number, len(there))
    if wrong:
        return Finding("snapshots", State.WRONG, "; ".join(wrong), _SYNC)
    return well("snapshots", f"{len(there):,} are there, each with the content of its sha256")


def _indexes(folder: Path) -> Finding:
    kept = [path for path in sorted(folder.glob("*-*")) if path.is_dir()]
    damaged = []
    for path in kept:
        try:
            PlaceIndex.open(path)
        except SavedDamaged as error:
            damaged.append(f"{path.name[:12]}…: {error}")
    if damaged:
        mend = "Nothing is lost: what is damaged is built again by itself. Test the disk if it comes back."
        return Finding("indexes", State.MIND, "; ".join(damaged), mend)
    return well("indexes", f"{len(kept):,} kept")


def _disk(folder: Path) -> Finding:
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    seen = f"{free / 1e9:,.1f} GB free at {there}"
    if not os.access(there, os.W_OK):
        return Finding("disk", State.WRONG, f"{there} cannot be written", "Mount it for writing, or chown it.")
    if free < _ROOM:
        state = State.WRONG if free < _TIGHT else State.MIND
        return Finding("disk", state, seen, "Make room: uncounted prune --keep 2, or a larger disk.")
    return well("disk", seen)


def _permissions(settings: Settings) -> Finding:
    """Find the files with the places of people that anybody on this machine may read."""
    folder = settings.data_dir
    private = [*folder.glob("*.sqlite*"), *folder.glob("imports/*/upload"), *folder.glob("*.tar")]
    behind = any(_closed(parent) for parent in (folder.resolve(), *folder.resolve().parents))
    open_to_all = [] if behind else [path for path in private if path.stat().st_mode & stat.S_IROTH]
    if open_to_all:
        seen = f"everybody on this machine may read {', '.join(str(path) for path in open_to_all[:5])}"
        return Finding("permissions", State.MIND, seen, f"chmod go-rwx {folder}")
    return well("permissions", f"what is in {folder} is not for everybody")


def _closed(folder: Path) -> bool:
    return folder.exists() and not folder.stat().st_mode & stat.S_IXOTH


def _secrets(file: Path) -> Finding:
    if not file.exists():
        return well("secrets", "no .env here")
    named = [line.partition("=")[0].strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    secret = [name for name in named if not name.startswith("#") and name.upper().endswith(_SECRET)]
    if secret and file.stat().st_mode & (stat.S_IROTH | stat.S_IRGRP):
        return Finding(
            "secrets", State.WRONG, f".env holds {', '.join(secret)} and others may read it", "chmod 600 .env"
        )
    return well("secrets", ".env is not for others" if secret else ".env holds no secret")
