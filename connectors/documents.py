"""JSON as sources send it: what is broken and what has no bottom are both a `ValueError`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def loads(
    text: str, *, parse_float: Callable[[str], Any] | None = None, parse_int: Callable[[str], Any] | None = None
) -> Any:
    """Return what a JSON text says, numbers as the two functions read them. Raises `ValueError`."""
    try:
        return json.loads(text, parse_float=parse_float, parse_int=parse_int)
    except RecursionError as error:
        msg = "nested too deeply to be read"
        raise ValueError(msg) from error
