"""The one place where numba is named: `compiled` turns a function over arrays into machine code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

from geodata.kernels.kept import folder_of, name_apart

F = TypeVar("F", bound=Callable[..., Any])

#: Whether kernels are compiled: not without numba (the extra "fast"), and not where UNCOUNTED_PLAIN=1 asks for the
#: plain way.
COMPILED = os.environ.get("UNCOUNTED_PLAIN", "") in {"", "0"} and find_spec("numba") is not None

_PACKAGES = Path(__file__).parents[1], Path(__file__).parents[2] / "matchers"


def compiled(function: F) -> F:
    """Compile a function when it is first called, and keep the machine code on disk; as it stands without numba.

    It runs without the interpreter's lock and in the order of its loops, so that threads may call it at the same time
    and answers never depend on how many do. Modules that use it are imported where they are first needed.
    """
    if not COMPILED:
        return function
    njit = _njit()
    try:
        kernel: F = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder may be written to: every process compiles for itself
        return cast("F", njit(nogil=True)(function))
    name_apart(kernel)
    return kernel


@cache
def _njit() -> Any:
    """Load numba, with a folder for machine code that changes with the sources of kernels.

    numba alone keeps a kernel for as long as its own file is unchanged, even when a kernel that it calls is not. The
    folder is in NUMBA_CACHE_DIR, or else beside this file.
    """
    import numba  # noqa: PLC0415 - half a second that nobody should wait for who runs no kernel

    config: Any = numba.config
    texts = [path.read_bytes() for package in _PACKAGES for path in sorted(package.rglob("*.py"))]
    kernels = (text for text in texts if b"@compiled" in text)
    state = hashlib.sha256(b"".join((numba.__version__.encode(), *kernels))).hexdigest()[:16]
    config.CACHE_DIR = str(folder_of(state, Path(config.CACHE_DIR or Path(__file__).parent / "__pycache__")))
    return numba.njit
