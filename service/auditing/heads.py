"""Heads: where the chain of events ends is logged once a day, so that logs kept elsewhere vouch for it."""

from __future__ import annotations

from datetime import date, datetime

import structlog

from service.store import chain
from service.store.engine import Store

log = structlog.get_logger(__name__)


class Heads:
    """Remembers on which day the head was logged last; a process logs it when it begins, and then every day."""

    def __init__(self, store: Store) -> None:
        """Name the database; nothing is read yet."""
        self._store = store
        self._day: date | None = None

    def tell(self, at: datetime) -> None:
        """Log where the chain ends, unless that was done on this day. Raises `Problem` as `chain.head` does."""
        if at.date() != self._day:
            with self._store.read() as session:
                head = chain.head(session)
            log.info("audit.head", count=head.seq, link=head.link)
            self._day = at.date()
