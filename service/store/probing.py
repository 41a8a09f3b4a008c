"""Probing: whether a database takes anything, without writing to it or waiting for who writes."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import text

from service.store.engine import Store

_READ_ONLY = text("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")


def can_be_written(store: Store) -> bool:
    """Return whether writing is possible as far as the database says. Raises `Problem` where it does not answer."""
    if store.embedded:
        path = Path(str(store.url.database))
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    with store.glance() as session:
        return not session.execute(_READ_ONLY).scalar_one()
