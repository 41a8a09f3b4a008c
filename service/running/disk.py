"""The disk: how much room is left beside the data, and what the system says when it cannot be written to."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.configuration.settings import Settings
from service.errors import READ_ONLY, STORAGE_FAILED, STORAGE_FULL, Problem, ProblemType

_KINDS: dict[int | None, ProblemType] = {
    errno.ENOSPC: STORAGE_FULL,
    errno.EDQUOT: STORAGE_FULL,
    errno.EFBIG: STORAGE_FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: STORAGE_FAILED,
}

_DETAILS = {
    STORAGE_FULL: "There is no room left on the disk.",
    READ_ONLY: "The disk can only be read.",
    STORAGE_FAILED: "The disk cannot be read or written.",
}

_AGAIN_S = 60  # seconds after which a full disk may have been emptied


def problem_of(error: BaseException) -> Problem | None:
    """Return the problem of a disk that is full, read-only or broken; None for any other failure."""
    kind = _KINDS.get(error.errno) if isinstance(error, OSError) else None
    return None if kind is None else Problem(kind, _DETAILS[kind], retry_after=_AGAIN_S)


@contextmanager
def written() -> Iterator[None]:
    """Raise a `Problem` (storage full, read only, storage failed) where the block finds the disk so."""
    try:
        yield
    except OSError as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


def require_room(settings: Settings, size: int = 0) -> None:
    """Raise `Problem` (storage full) where so many bytes more would use up what is held back for records.

    What is held back is `Settings.disk_reserve_bytes`: a large file must not take the place of a volunteer's next post.
    """
    if free(settings.data_dir) - size < settings.disk_reserve_bytes:
        detail = "The little room that is left on the disk is held back for records."
        raise Problem(STORAGE_FULL, detail, retry_after=_AGAIN_S)


def is_low(settings: Settings) -> bool:
    """Return whether what is held back for records is being used up."""
    return free(settings.data_dir) < settings.disk_reserve_bytes


def is_writable(folder: Path) -> bool:
    """Return whether files can be made in a folder, as far as the system says without one being made."""
    return os.access(folder, os.W_OK)


def free(folder: Path) -> int:
    """Return the bytes that may still be written below a folder, which need not be there yet."""
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free
