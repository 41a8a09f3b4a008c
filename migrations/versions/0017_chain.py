"""Chain every event to the one before it, so that what is altered, taken out or put in shows.

What happened before is chained in the order in which it is kept. That proves nothing about the time until now, only
about the time from now on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CHUNK = 10_000  # events read at a time
_BEGINNING = "0" * 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENTS = sa.table(
    "events",
    sa.column("seq", sa.BigInteger()),
    *(sa.column(name, sa.String()) for name in ("kind", "noun", "noun_id", "organisation", "key_id", "link")),
    sa.column("data", sa.JSON()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Chain what is there, and say where the chain ends."""
    _unguard()
    op.add_column("events", sa.Column("link", sa.String(), nullable=True))
    seq, link = _chain()
    with op.batch_alter_table("events") as events:
        events.alter_column("link", existing_type=sa.String(), nullable=False)
    _guard()
    op.create_table(
        "event_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="id"),
    )
    head = sa.table("event_head", sa.column("id"), sa.column("seq"), sa.column("link"))
    op.execute(sa.insert(head).values(id=1, seq=seq, link=link))


def downgrade() -> None:
    """Take the chain away; the events stay."""
    op.drop_table("event_head")
    _unguard()
    with op.batch_alter_table("events") as events:
        events.drop_column("link")
    _guard()
    if op.get_bind().dialect.name == "postgresql":  # numbers were given by the chain
        op.execute(
            "SELECT setval(pg_get_serial_sequence('events', 'seq'), coalesce(max(seq), 0) + 1, false) FROM events"
        )


def _chain() -> tuple[int, str]:
    """Link the events that are there, and return the number and the link of the last."""
    connection, seq, link = op.get_bind(), 0, _BEGINNING
    text = sa.cast(_EVENTS.c.data, sa.Text).label("text")
    query = sa.select(*_EVENTS.c[:6], _EVENTS.c.created_at, text).order_by(_EVENTS.c.seq).limit(_CHUNK)
    change = sa.update(_EVENTS).where(_EVENTS.c.seq == sa.bindparam("of_seq")).values(link=sa.bindparam("new_link"))
    while rows := connection.execute(query.where(_EVENTS.c.seq > seq)).all():
        made = []
        for row in rows:
            at = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
            moment = (at - _EPOCH) // timedelta(microseconds=1)
            told = (row.seq, row.kind, row.noun, row.noun_id, row.organisation, row.key_id, moment)
            link = sha256(link.encode() + orjson.dumps(told) + row.text.encode()).hexdigest()
            made.append({"of_seq": row.seq, "new_link": link})
        connection.execute(change, made)
        seq = rows[-1].seq
    return seq, link


def _guard() -> None:
    message = "events are only ever added, never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_refuse_{change.lower()} BEFORE {change} ON events "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER events_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()"
    )


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER events_refuse_{change}")
        return
    op.execute("DROP TRIGGER events_refuse ON events")
