"""Find at once which records claim an entry of a list."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index findings by the entry they name."""
    op.create_index(None, "findings", ["snapshot", "official_id"])


def downgrade() -> None:
    """Take the index away."""
    op.drop_index("ix_findings_snapshot_official_id", table_name="findings")
