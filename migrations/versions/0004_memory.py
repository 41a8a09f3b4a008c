"""Remember what people decided about pairs of a record and an official entry, so that nobody is asked twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ANSWERS = ("same", "different", "unsure")


def upgrade() -> None:
    """Make the table of decisions, which only grows, and the names by which their records are found again."""
    op.create_table(
        "decisions",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("review_id", sa.String(), sa.ForeignKey("reviews.id"), nullable=False),
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("official_id", sa.String(), nullable=False),
        sa.Column("official_name", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("evidence_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"answer IN ({', '.join(repr(answer) for answer in _ANSWERS)})", name="answer"),
    )
    op.create_index(None, "decisions", ["record_id"])
    op.create_index(None, "decisions", ["review_id"])
    op.create_table(
        "decided_names",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), primary_key=True),
    )
    _guard()


def downgrade() -> None:
    """Forget everything."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER decisions_refuse_{change}")
    else:
        op.execute("DROP TRIGGER decisions_refuse ON decisions")
        op.execute("DROP FUNCTION decisions_refuse()")
    op.drop_table("decided_names")
    op.drop_table("decisions")


def _guard() -> None:
    message = "decisions are only ever added, never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER decisions_refuse_{change.lower()} BEFORE {change} ON decisions "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION decisions_refuse() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER decisions_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION decisions_refuse()"
    )
