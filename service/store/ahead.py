"""Ahead: statements that change rows are sent to PostgreSQL without waiting for its word on each (its pipeline mode).

A way to the server and back takes longer than most statements. What waits is answered with the next rows that are read,
or with the commit; a failure is raised there. SQLite lives in this process, and nothing changes for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

#: Option of a statement whose rows nobody looks at, such as one that only locks them.
UNREAD = "unread"

_PIPELINE = "pipeline"


def install(engine: Engine) -> None:
    """Have rows waited for that are read between statements sent ahead."""
    event.listen(engine, "after_cursor_execute", _wait_for_rows)


@contextmanager
def ahead(connection: Connection) -> Iterator[None]:
    """Send statements ahead until the end of the block, which is to hold the transaction with its commit."""
    pooled, driver = connection.connection, connection.dialect.loaded_dbapi
    if connection.dialect.name != "postgresql" or not driver.Pipeline.is_supported():
        yield
        return
    done = False
    try:
        with pooled.driver_connection.pipeline() as pipeline:  # type: ignore[union-attr]  # psycopg's own
            pooled.info[_PIPELINE] = pipeline
            yield
            done = True
    except driver.Error:
        if not done:  # what is done is committed: a connection that breaks now is the pool's concern
            raise
    finally:
        pooled.info.pop(_PIPELINE, None)


def _wait_for_rows(connection: Connection, *told: Any) -> None:
    context = told[3]  # after the cursor, the statement and its parameters
    pipeline = connection.info.get(_PIPELINE)
    if pipeline is not None and _has_rows(context):
        pipeline.sync()


def _has_rows(context: Any) -> bool:
    """Return whether a statement has rows that are read; of one that is not known, it may."""
    if context is None or context.compiled is None:
        return True
    if context.isinsert or context.isupdate or context.isdelete:
        return bool(context.compiled.effective_returning)
    return not context.execution_options.get(UNREAD, False)
