"""Find records by what their fields evidence: SDG indicators, factors of exclusion and themes."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; records of before are tagged when the service next starts, or when they are verified again."""
    op.execute("ALTER TABLE records ADD COLUMN tags VARCHAR NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE records ADD COLUMN tagged_by VARCHAR NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE records DROP COLUMN tagged_by")
    op.execute("ALTER TABLE records DROP COLUMN tags")
