"""Keep until when a key opens anything, and on which day it was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; keys that are there have no end, and nobody noted when they were used."""
    op.add_column("keys", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("keys", sa.Column("last_used_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take it away. A key that had an end is revoked: without one it would open again for ever."""
    op.execute("UPDATE keys SET revoked_at = expires_at WHERE revoked_at IS NULL AND expires_at IS NOT NULL")
    op.drop_column("keys", "last_used_on")
    op.drop_column("keys", "expires_at")
