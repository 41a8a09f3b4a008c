"""Let records of one community belong together, flags to communities, and suspicious records wait for a person.

Every record that is here becomes a community of its own, under its own identifier; verifying everything again gathers
those that are one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATES = ("pending", "verified")
_INDEXES = (["community_id"], ["lat", "lon"], ["country", "name_key"], ["organisation", "created_at"])
_CHUNK = 10_000  # records read at a time


def upgrade() -> None:
    """Make the table of communities from the records, and bind records and flags to it."""
    op.create_table(
        "communities",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("merged_into", sa.String(), sa.ForeignKey("communities.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("INSERT INTO communities (id, created_at) SELECT id, created_at FROM records")
    with op.batch_alter_table("records") as records:
        records.add_column(sa.Column("community_id", sa.String(), nullable=True))
        records.add_column(sa.Column("name_key", sa.String(), nullable=False, server_default=""))
        records.add_column(sa.Column("quarantine", sa.JSON(), nullable=True))
        records.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        records.drop_constraint(op.f("ck_records_state"), type_="check")
        records.create_check_constraint(op.f("ck_records_state"), _one_of("state", (*_STATES, "quarantined")))
        records.create_foreign_key(op.f("fk_records_community_id_communities"), "communities", ["community_id"], ["id"])
    op.execute("UPDATE records SET community_id = id")
    _name_keys()
    for columns in _INDEXES:
        op.create_index(None, "records", columns)
    with op.batch_alter_table("flags") as flags:
        flags.add_column(sa.Column("community_id", sa.String(), nullable=True))
    op.execute("UPDATE flags SET community_id = record_id")
    with op.batch_alter_table("flags") as flags:
        flags.alter_column("community_id", existing_type=sa.String(), nullable=False)
        flags.create_foreign_key(op.f("fk_flags_community_id_communities"), "communities", ["community_id"], ["id"])
        flags.create_unique_constraint(op.f("uq_flags_community_id"), ["community_id"])
        flags.drop_constraint(op.f("uq_flags_record_id"), type_="unique")
    op.create_index(None, "flags", ["record_id"])


def downgrade() -> None:
    """Take communities away again. Records in quarantine wait to be verified like any other."""
    op.drop_index(op.f("ix_flags_record_id"), "flags")
    with op.batch_alter_table("flags") as flags:
        flags.create_unique_constraint(op.f("uq_flags_record_id"), ["record_id"])
        flags.drop_constraint(op.f("uq_flags_community_id"), type_="unique")
        flags.drop_constraint(op.f("fk_flags_community_id_communities"), type_="foreignkey")
        flags.drop_column("community_id")
    op.execute("UPDATE records SET state = 'pending' WHERE state = 'quarantined'")
    for columns in _INDEXES:
        op.drop_index(op.f(f"ix_records_{'_'.join(columns)}"), "records")
    with op.batch_alter_table("records") as records:
        records.drop_constraint(op.f("ck_records_state"), type_="check")
        records.create_check_constraint(op.f("ck_records_state"), _one_of("state", _STATES))
        records.drop_constraint(op.f("fk_records_community_id_communities"), type_="foreignkey")
        for column in ("community_id", "name_key", "quarantine", "released_at"):
            records.drop_column(column)
    op.drop_table("communities")


def _name_keys() -> None:
    """Give every record the letters of its first name, as they are kept folded for searching."""
    records = sa.table("records", sa.column("seq"), sa.column("search"), sa.column("name_key"))
    connection, after = op.get_bind(), 0
    change = sa.update(records).where(records.c.seq == sa.bindparam("of_seq")).values(name_key=sa.bindparam("key"))
    query = sa.select(records.c.seq, records.c.search).order_by(records.c.seq).limit(_CHUNK)
    while rows := connection.execute(query.where(records.c.seq > after)).all():
        keys = [{"of_seq": row.seq, "key": row.search.partition("\n")[0].replace(" ", "")} for row in rows]
        connection.execute(change, keys)
        after = rows[-1].seq


def _one_of(column: str, terms: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(term) for term in terms)})"
