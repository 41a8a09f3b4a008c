"""Uploads: files that wait to be imported, each in a private directory, removed when their import ends."""

from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path

from service.context import Context
from service.running import disk
from service.store import imports
from service.store.imports import OPEN

_FILE = "upload"  # the name that people gave is kept in the database
_LEFT_S = 3_600  # after this long without a byte, what no import speaks of was left behind


def room(context: Context) -> Path:
    """Return the directory of all uploads, readable by nobody else."""
    where = context.settings.data_dir.resolve() / "imports"
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return where


def fresh(context: Context) -> tuple[str, Path]:
    """Return the identifier of a new import, and where its file goes. Raises `Problem` (storage full, read only)."""
    disk.require_room(context.settings)
    import_id = uuid.uuid4().hex
    with disk.written():
        own = room(context) / import_id
        own.mkdir(mode=0o700)
    return import_id, own / _FILE


def path_of(context: Context, import_id: str) -> Path:
    """Return where the file of an import lies."""
    return room(context) / import_id / _FILE


def remove(context: Context, import_id: str) -> None:
    """Remove the file of an import."""
    shutil.rmtree(room(context) / import_id, ignore_errors=True)


def sweep(context: Context) -> int:
    """Remove the files of imports that ended, and of uploads that broke off; return how many."""
    found = [path for path in room(context).iterdir() if path.is_dir()]
    with context.store.read() as session:
        states = imports.states(session, [path.name for path in found])
    gone = [path for path in found if (states[path.name].value not in OPEN if path.name in states else _is_left(path))]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return len(gone)


def _is_left(path: Path) -> bool:
    try:
        newest = max((one.stat().st_mtime for one in path.iterdir()), default=path.stat().st_mtime)
    except OSError:  # removed meanwhile
        return False
    return time.time() - newest > _LEFT_S
