"""Keep with every flag what the counts of its community's accounts came to together."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; flags of before keep none until they are verified again."""
    op.execute("ALTER TABLE flags ADD COLUMN combined JSON")


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE flags DROP COLUMN combined")
