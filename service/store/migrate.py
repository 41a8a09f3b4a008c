"""Migrate: bring a database to the schema this version of the service speaks, from code, with no file to configure."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import OUT_OF_DATE, Problem
from service.store.engine import Store

_LOCK = 0x756E636F756E7465  # "uncounte": the number under which migrations of this service take turns


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, the newest unless another is named. Doing it twice changes nothing.

    Raises `Problem` (busy) when the database does not answer.
    """
    _run(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an older revision, or to nothing with "base". What newer tables held is lost."""
    _run(url, command.downgrade, revision)


@cache
def head() -> str:
    """Return the newest revision this version knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def known() -> frozenset[str]:
    """Return every revision this version knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def revision_of(store: Store) -> str | None:
    """Return the revision a database is at, None when it was never migrated."""
    with store.read() as session:
        return MigrationContext.configure(session).get_current_revision()


def require_current(store: Store) -> None:
    """Raise `Problem` (out of date) unless the database is at the newest revision."""
    found, wanted = revision_of(store), head()
    if found != wanted:
        state = f"at revision {found}" if found else "empty"
        detail = f"The database is {state}, but this version of the service needs revision {wanted}."
        raise Problem(OUT_OF_DATE, detail)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "migrations:")
    return config


def _run(url: str, migration: Callable[[Config, str], None], revision: str) -> None:
    store = Store(url)
    on_sqlite = store.url.get_backend_name() == "sqlite"
    if on_sqlite:
        Path(str(store.url.database)).parent.mkdir(parents=True, exist_ok=True)
        event.listen(store.engine, "connect", _without_foreign_keys)
    try:
        with store.begin() as connection:
            if not on_sqlite:  # several processes may start at once; the others wait, and find nothing left to do
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            config = _config()
            config.attributes["connection"] = connection
            migration(config, revision)
    finally:
        store.close()


def _without_foreign_keys(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # SQLite changes a table by copying it and dropping the old one, which must not count as deleting its rows.
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
