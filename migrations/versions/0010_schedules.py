"""Bring sources up to date by schedule, one process at a time; know what snapshots weigh and which were pruned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; what the snapshots of before weigh is measured when the service next starts."""
    op.create_table(
        "schedules",
        sa.Column("source", sa.String(), sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("own", sa.String(), nullable=True),
        sa.Column("due_by", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts >= 1", name="attempts"),
    )
    op.add_column("snapshots", sa.Column("bytes", sa.BigInteger(), nullable=True))
    op.add_column("snapshots", sa.Column("pruned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("snapshots", "pruned_at")
    op.drop_column("snapshots", "bytes")
    op.drop_table("leases")
    op.drop_table("schedules")
