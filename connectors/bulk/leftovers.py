"""Temporary folders of processes that were killed: nobody comes back for them."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

#: How the folders of connectors begin.
PLACES, GEONAMES, GNIS = "uncounted-places-", "uncounted-geonames-", "uncounted-gnis-"


def sweep(before: datetime) -> int:
    """Remove our own folders in which nothing was written since a moment; return how many went."""
    root = Path(tempfile.gettempdir())
    found = [path for prefix in (PLACES, GEONAMES, GNIS) for path in root.glob(f"{prefix}*")]
    left = [path for path in found if _is_ours(path) and _written(path) < before.timestamp()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return sum(not path.exists() for path in left)


def _is_ours(path: Path) -> bool:
    """Return whether it is a folder, not a link to one, of the user this process runs as."""
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return False


def _written(path: Path) -> float:
    """Return when the latest of a folder and all in it was written; now, where it goes while one looks."""
    try:
        return max(one.lstat().st_mtime for one in (path, *path.rglob("*")))
    except OSError:
        return float("inf")
