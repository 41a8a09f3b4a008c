"""Taken back: whether anything was held, set free or withdrawn since somebody read who keeps what was read."""

from __future__ import annotations

from collections.abc import Hashable

from service.store import holds, tombstones
from service.store.engine import Session


def mark(session: Session) -> Hashable:
    """Return what moves with every hold that begins or ends, and with everything that is taken back."""
    return holds.mark(session), tombstones.mark(session)
