"""Recodings: entries of a source that only got another identifier. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select

from service.store.engine import Session
from service.store.release_tables import RecodingRow

RECODINGS = RecodingRow.__table__


def add(session: Session, source: str, recodings: Mapping[str, str], brought: tuple[str, datetime]) -> None:
    """Keep which entries of a source only got another identifier, and the snapshot that brought it."""
    snapshot, at = brought
    rows = [
        {"source": source, "earlier": earlier, "later": later, "snapshot": snapshot, "created_at": at}
        for earlier, later in sorted(recodings.items())
    ]
    if rows:
        session.execute(insert(RECODINGS), rows)


def of(session: Session, source: str) -> dict[str, str]:
    """Return the latest identifier that each entry of a source was given instead of an earlier one."""
    query = select(RECODINGS.c.earlier, RECODINGS.c.later).where(RECODINGS.c.source == source)
    return {row.earlier: row.later for row in session.execute(query.order_by(RECODINGS.c.seq))}
