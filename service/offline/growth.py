"""The growth rates that two files are compared with."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from connectors.growth import UnreadableGrowth, read_rates
from matchers.counting.growth import NO_GROWTH, Growth
from service.errors import INVALID, Problem


def read_growth(path: Path | None) -> Growth:
    """Return the rates of a file, none without one. Raises `Problem` (invalid) when they cannot be read."""
    if path is None:
        return NO_GROWTH
    try:
        content = path.read_bytes()
        return Growth.of(read_rates(content, path.name), sha256(content).hexdigest())
    except OSError as error:
        detail = f"{path} cannot be opened: {error.strerror}."
        raise Problem(INVALID, detail) from error
    except UnreadableGrowth as error:
        detail = f"{error}."
        raise Problem(INVALID, detail) from error
