"""Keep who is told of changes: webhooks with their messages, and what each audience of the change feed saw last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_WAITS = sa.text("state = 'waiting'")


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Make room."""
    op.create_table(
        "shown_faces",
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("flag_id", sa.String(), nullable=False),
        sa.Column("face", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("audience", "flag_id"),
    )
    op.create_table(
        "passed_moments",
        sa.Column("id", sa.Integer(), primary_key=True),
        _moment("until", nullable=False),
        sa.CheckConstraint("id = 1", name="id"),
    )
    op.create_table(
        "webhooks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sealed_by", sa.String(), nullable=False),
        _moment("previous_until"),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("flag", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _moment("failing_since"),
        _moment("rests_until"),
        _moment("disabled_at"),
        sa.Column("disabled_for", sa.String(), nullable=True),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        sa.UniqueConstraint("id"),
        sa.CheckConstraint("generation >= 1", name="generation"),
    )
    op.create_index(op.f("ix_webhooks_organisation"), "webhooks", ["organisation"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("webhook", sa.BigInteger(), sa.ForeignKey("webhooks.seq"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("flag_id", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("exposure", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("due_at", nullable=False),
        _moment("attempted_at"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        _moment("created_at", nullable=False),
        _moment("ended_at"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("webhook", "number"),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state"),
    )
    op.create_index(None, "webhook_deliveries", ["webhook", "due_at"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index(None, "webhook_deliveries", ["webhook", "flag_id"])


def downgrade() -> None:
    """Take it away: nobody is told any more, and whoever follows the changes begins anew."""
    for table in ("webhook_deliveries", "webhooks", "passed_moments", "shown_faces"):
        op.drop_table(table)
