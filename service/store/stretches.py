"""Stretches of a list that only grows: what came after a cursor, or since a moment, and from where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which stretch: since a moment, after a cursor, at most so many."""

    since: datetime | None = None
    cursor: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Item]):
    """Items in the order they came, the cursor to go on from, and whether there are more already."""

    items: tuple[Item, ...]
    cursor: str
    more: bool
