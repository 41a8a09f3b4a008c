"""Keep the files that are imported, how they are read and what was wrong in them; let records be withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATES = ("pending", "verified", "quarantined")
_COUNTS = (
    "parts",
    "rows_read",
    "created",
    "revised",
    "unchanged",
    "set_aside",
    "quarantined",
    "withdrawn",
    "verified",
    "problems",
)


def upgrade() -> None:
    """Make room. No record of before was withdrawn."""
    with op.batch_alter_table("records") as records:
        records.drop_constraint(op.f("ck_records_state"), type_="check")
        records.create_check_constraint(op.f("ck_records_state"), _one_of("state", (*_STATES, "withdrawn")))
    op.add_column("flags", sa.Column("withdrawn_from", sa.String(), nullable=True))
    op.create_table(
        "collections",
        *_of_collection(),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "mappings",
        *_of_collection(),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    _imports()


def downgrade() -> None:
    """Take it away. Withdrawn records wait to be verified like any other."""
    for table in ("import_problems", "imports", "mappings", "collections"):
        op.drop_table(table)
    op.drop_column("flags", "withdrawn_from")
    op.execute("UPDATE records SET state = 'pending' WHERE state = 'withdrawn'")
    with op.batch_alter_table("records") as records:
        records.drop_constraint(op.f("ck_records_state"), type_="check")
        records.create_check_constraint(op.f("ck_records_state"), _one_of("state", _STATES))


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cancelling", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("parts_of", sa.JSON(), nullable=False),
        sa.Column("dropped", sa.JSON(), nullable=False),
        sa.Column("stopped", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            _one_of("state", ("waiting", "running", "done", "failed", "cancelled")), name=op.f("ck_imports_state")
        ),
        sa.CheckConstraint(_one_of("mode", ("append", "replace", "correct")), name=op.f("ck_imports_mode")),
    )
    op.create_index(None, "imports", ["organisation", "seq"])
    op.create_index(None, "imports", ["state"])
    op.create_table(
        "import_problems",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("import_id", sa.String(), sa.ForeignKey("imports.id"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=True),
    )
    op.create_index(None, "import_problems", ["import_id"])


def _of_collection() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("collection", sa.String(), primary_key=True),
    )


def _one_of(column: str, terms: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(term) for term in terms)})"
