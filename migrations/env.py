"""How Alembic runs a migration: on the connection that `service.store.migrate` hands over, in one transaction."""

from __future__ import annotations

from alembic import context

from service.store import tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.METADATA,
    render_as_batch=True,  # SQLite cannot change a table in place: batch mode copies it
)
with context.begin_transaction():
    context.run_migrations()
