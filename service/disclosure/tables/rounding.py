"""Rounding up or down to five by a secret: the same cell with the same count is told as the same number, always.

Which way a count goes is drawn as in random rounding, more often to the nearer multiple, so that sums stay true on
average; but it is drawn by a keyed hash of the cell, not by chance, so that asking again teaches nothing. A reader
knows only that the count lies less than five from what is told.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from service.disclosure.policy import ROUNDED_TO

_DRAWS = 1 << 32


@dataclass(frozen=True, slots=True)
class Rounder:
    """The secret of this installation, and the step."""

    secret: bytes
    step: int = ROUNDED_TO

    def told(self, cell: str, value: int) -> int:
        """Return what is told of a cell. A greater count is never told as a smaller number."""
        below, over = divmod(value, self.step)
        drawn = int.from_bytes(hmac.digest(self.secret, cell.encode(), hashlib.sha256)[:4]) * self.step // _DRAWS
        return (below + (over > drawn)) * self.step

    def bounds(self, told: int) -> tuple[int, int]:
        """Return between which counts, both included, a reader knows a told one to lie."""
        return max(0, told - self.step + 1), told + self.step - 1
