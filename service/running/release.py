"""The release of this software, as certificates name it."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version


@lru_cache(maxsize=1)
def release() -> str:
    """Return the version of the installed distribution."""
    return version("uncounted")
