"""Indexes of official lists, kept in a folder of this machine and shared by its processes.

::

    INDEXES/<sha256 of the snapshot>-<format>/            the index, as columns that are memory-mapped
    INDEXES/<sha256 of the snapshot>-<format>/profile-…/  what comparing needs to know of the list

The format is a fingerprint of the software that made it, so that nothing is ever read that another version would have
made otherwise. Whatever is missing or damaged is made again from the archive; nothing here is worth a backup.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import structlog

import geodata
import matchers
from geodata import saved
from geodata.index import PlaceIndex
from geodata.places import Places
from geodata.saved import SavedDamaged
from matchers.base import OfficialList
from matchers.parameters import DEFAULTS
from matchers.profile import kept_profile
from service.running.logs import told_safely

log = structlog.get_logger(__name__)

#: Places from which on an index is kept; a shorter list is indexed in the time it takes to look for its folder.
SHARED = 10_000


class Indexes:
    """Indexes under a folder. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first index is kept."""
        self._folder = folder

    def of(self, snapshot: str, places: Callable[[], Places]) -> PlaceIndex:
        """Return the index of a snapshot, given how to read its places; raises what that raises.

        It is built and kept where it is not there yet. Of several processes that want it at once one builds it, the
        others wait. Where the folder cannot be written, every process has an index of its own.
        """
        folder = self._own(snapshot)
        with suppress(SavedDamaged):
            return PlaceIndex.open(folder)
        with self._turn():
            with suppress(SavedDamaged):
                return PlaceIndex.open(folder)
            index = PlaceIndex.build(places())
            try:
                index.save(folder)
                return PlaceIndex.open(folder)
            except (OSError, SavedDamaged) as error:
                log.warning("indexes.not_kept", snapshot=snapshot, **told_safely(error))
                return index

    def measure(self, official: OfficialList) -> None:
        """Have what comparing needs to know of a list, kept beside its index."""
        try:
            with self._turn():
                kept_profile(official, DEFAULTS, self._own(official.snapshot))
        except (OSError, SavedDamaged) as error:  # it is worked out by the first comparison
            log.warning("indexes.not_measured", snapshot=official.snapshot, **told_safely(error))

    def spare(self, present: Collection[str], before: datetime) -> list[Path]:
        """Return the folders that nobody needs: of lists that are not present, of other versions, half written."""
        half = saved.leftovers(self._folder)
        needed = {self._own(snapshot) for snapshot in present}
        needed |= {path for path in half if path.stat().st_mtime >= before.timestamp()}
        return [path for path in sorted(self._folder.glob("*")) if path.is_dir() and path not in needed]

    def _own(self, snapshot: str) -> Path:
        return self._folder / f"{snapshot}-{_format()}"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process at a time build, which takes memory as well as time; none waits where no file can be made."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("wb")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def weight(folder: Path) -> int:
    """Return the bytes below a folder; what goes meanwhile counts nothing."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


@cache
def _format() -> str:
    """Return the fingerprint of what indexes and profiles follow from besides their list."""
    digest = sha256()
    for package in (geodata, matchers):
        (folder,) = package.__path__
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
