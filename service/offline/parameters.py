"""A file of parameters, as `uncounted train` writes it, read for a comparison."""

from __future__ import annotations

from pathlib import Path

from matchers.parameters import DEFAULTS, Parameters
from matchers.training.saved import read
from service.errors import INVALID, Problem


def read_parameters(path: Path | None) -> Parameters:
    """Return the parameters of a file; the defaults where none is named.

    Raises `Problem` (invalid) when it cannot be read, saying which entry is wrong.
    """
    if path is None:
        return DEFAULTS
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        detail = f"The parameters {path} cannot be opened: {error.strerror}."
        raise Problem(INVALID, detail) from error
    except ValueError as error:
        detail = f"The parameters {path} cannot be used: {error}."
        raise Problem(INVALID, detail) from error
