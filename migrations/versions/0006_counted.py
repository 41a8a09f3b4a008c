"""Keep with every finding what its counts came to, beside the verdict."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; findings of before keep none."""
    op.execute("ALTER TABLE findings ADD COLUMN counted JSON")


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE findings DROP COLUMN counted")
