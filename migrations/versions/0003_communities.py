"""Let records of one community belong together, flags to communities, and suspicious records wait for a person.

Every record that is here becomes a community of its own, under its own identifier; verifying everything again gathers
those that are one.
"""

from __future__ import annotations

from math import floor

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATES = ("pending", "verified")
_INDEXES = (
    ["community_id"],
    ["cell"],
    ["country", "name_key"],
    ["organisation", "spot"],
    ["organisation", "created_at"],
)
_COLUMNS = ("community_id", "cell", "spot", "name_key", "quarantine", "released_at")
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
        records.add_column(sa.Column("cell", sa.Integer(), nullable=True))
        records.add_column(sa.Column("spot", sa.String(), nullable=True))
        records.add_column(sa.Column("name_key", sa.String(), nullable=False, server_default=""))
        records.add_column(sa.Column("quarantine", sa.JSON(), nullable=True))
        records.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        records.drop_constraint(op.f("ck_records_state"), type_="check")
        records.create_check_constraint(op.f("ck_records_state"), _one_of("state", (*_STATES, "quarantined")))
        records.create_foreign_key(op.f("fk_records_community_id_communities"), "communities", ["community_id"], ["id"])
    op.execute("UPDATE records SET community_id = id")
    _search_keys()
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
        for column in _COLUMNS:
            records.drop_column(column)
    op.drop_table("communities")


def _search_keys() -> None:
    """Give every record what it is found by: the letters of its first name, its point, and the cell that is in."""
    names = ("seq", "search", "lat", "lon", "name_key", "cell", "spot")
    records = sa.table("records", *map(sa.column, names))
    connection, after = op.get_bind(), 0
    keys = ("name_key", "cell", "spot")
    new: dict[str, sa.BindParameter[str | int]] = {name: sa.bindparam(f"new_{name}") for name in keys}
    change = sa.update(records).where(records.c.seq == sa.bindparam("of_seq")).values(new)
    query = sa.select(*records.c[:4]).order_by(records.c.seq).limit(_CHUNK)
    while rows := connection.execute(query.where(records.c.seq > after)).all():
        connection.execute(change, [{"of_seq": row.seq} | _keys(row.search, row.lat, row.lon) for row in rows])
        after = rows[-1].seq


def _keys(search: str, lat: float | None, lon: float | None) -> dict[str, object]:
    name = search.partition("\n")[0].replace(" ", "")
    if lat is None or lon is None:
        return {"new_name_key": name, "new_cell": None, "new_spot": None}
    cell = floor((lat + 90) * 100) * 36_000 + floor((lon + 180) * 100) % 36_000
    return {"new_name_key": name, "new_cell": cell, "new_spot": f"{lat + 0.0:.5f},{lon + 0.0:.5f}"}


def _one_of(column: str, terms: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(term) for term in terms)})"
