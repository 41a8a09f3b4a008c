"""Ahead: the next part of a file is read and worked out while the one before it is being written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_END = object()


def one_ahead(parts: Iterator[T]) -> Iterator[T]:
    """Yield the same, one of them made ahead in a thread of its own; what making one raises comes where it would be.

    Whoever stops waits for the one that is being made.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        waiting = thread.submit(next, parts, _END)
        while (part := waiting.result()) is not _END:
            waiting = thread.submit(next, parts, _END)
            yield part  # type: ignore[misc]  # what is not the end is one of them
