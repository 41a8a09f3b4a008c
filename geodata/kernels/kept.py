"""Where machine code is kept between runs: a folder for each state of the kernels, of which few are kept."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Folders of other states that are kept, the last used first: of a service that is being exchanged, of two branches.
OTHERS = 3
#: Seconds since its last use after which one more may go.
UNUSED_S = 86_400.0


def folder_of(state: str, under: Path) -> Path:
    """Return the folder of one state of the kernels, and let go of those of states long past.

    Where nothing may be written, it is left to numba to find another place.
    """
    folder = under / f"kernels-{state}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)  # its last use
        for past in sorted(under.glob("kernels-*"), key=_last_used, reverse=True)[OTHERS + 1 :]:
            if time.time() - _last_used(past) > UNUSED_S:
                shutil.rmtree(past, ignore_errors=True)  # who still runs that state makes it anew
    return folder


def name_apart(kernel: Any) -> None:
    """Let a kernel keep each of its variants in a file that no other process may take for another variant.

    numba numbers them, and two processes that compile two variants of one kernel at the same moment both find the same
    number free: one then runs the machine code of the other, on arguments that are not its own.
    """
    kept = kernel._cache._cache_file  # noqa: SLF001 - numba has no public way to name these files
    stem = kept._index_name.removesuffix(".nbi")  # noqa: SLF001
    kept._data_name = lambda _number: f"{stem}.{uuid.uuid4().hex}.nbc"  # noqa: SLF001


def _last_used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process was quicker to let go of it
        return 0.0
