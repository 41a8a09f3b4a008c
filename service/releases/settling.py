"""Settling a release: while a snapshot becomes the present one, mark the records that it concerns."""

from __future__ import annotations

from datetime import UTC, datetime

from service.releases.concern import Concern
from service.store import recodings, records, released
from service.store.engine import Session
from service.store.values import SnapshotEntry


def brought_in(session: Session, entry: SnapshotEntry, concerned: Concern, countries: frozenset[str] | None) -> int:
    """Mark the records to verify again, in the transaction that makes a snapshot the present one; return how many.

    The findings of all others hold for it. Where all are concerned, those of the countries wait (None: of any). A
    record verified since the records were looked at waits too.
    """
    if concerned.everything is not None:
        return records.set_pending(session, countries)
    released.hold(session, entry.source, entry.sha256, concerned.until)
    released.let_go(session, entry.source, concerned.records)
    recodings.add(session, entry.source, concerned.recodings, (entry.sha256, datetime.now(UTC)))
    return released.set_pending(session, entry.source, entry.sha256, countries)
