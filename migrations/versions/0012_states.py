"""Keep what each source says of its state, so that nothing is fetched where nothing changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room. No source has told its state yet, so each is fetched once more."""
    op.create_table(
        "source_states",
        sa.Column("source", sa.String(), sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), sa.ForeignKey("snapshots.sha256"), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take it away. Every source is fetched whole again."""
    op.drop_table("source_states")
