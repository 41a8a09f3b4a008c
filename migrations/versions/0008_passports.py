"""Keep what organisations declare about their collections, and how these were graded, for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("passports", "quality_grades")


def upgrade() -> None:
    """Make the two tables, which only grow."""
    op.create_table(
        "passports",
        *_of_collection(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("organisation", "collection", "version"),
        sa.CheckConstraint("version >= 1", name="version"),
    )
    op.create_table(
        "quality_grades",
        *_of_collection(),
        sa.Column("passport", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade"),
    )
    op.create_index(None, "quality_grades", ["organisation", "collection"])
    for table in _TABLES:
        _guard(table)


def downgrade() -> None:
    """Forget everything."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _TABLES:
        if sqlite:
            for change in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuse_{change}")
        else:
            op.execute(f"DROP TRIGGER {table}_refuse ON {table}")
            op.execute(f"DROP FUNCTION {table}_refuse()")
        op.drop_table(table)


def _of_collection() -> tuple[sa.Column[int], sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
    )


def _guard(table: str) -> None:
    message = f"{table} are only ever added, never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
