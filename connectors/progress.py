"""How far a long fetch is, told while it lasts."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears how far something is; called now and then, from the thread that does the work."""

    def __call__(self, done: int, total: int | None, what: str) -> None:
        """`done` of `total` (None: not known), in what is counted, e.g. "rows read"."""
        ...


def silent(done: int, total: int | None, what: str) -> None:
    """Hear nothing."""
