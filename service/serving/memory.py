"""Memory: dozens of threads take it from few stores, so that what one of them gives back another can use."""

from __future__ import annotations

import ctypes
import os

_ARENAS = 2
_VARIABLE = "MALLOC_ARENA_MAX"
_M_ARENA_MAX = -8  # of mallopt(3)


def share_stores() -> None:
    """Let the threads of this process, and those of processes it starts, take memory from two stores.

    glibc gives each thread one of its own, up to eight for each core. A thread that once wrote a long list keeps what
    that took, and a service that answers with forty threads grows for hours without holding anything. An operator who
    set MALLOC_ARENA_MAX is obeyed; where the C library is another one, nothing happens.
    """
    if os.environ.setdefault(_VARIABLE, str(_ARENAS)) != str(_ARENAS):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, _ARENAS)
