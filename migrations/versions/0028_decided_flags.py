"""Find decided flags without looking at all: at every turn it is asked how often an organisation was right."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them."""
    op.create_index(None, "flags", ["decided", "record_id"])


def downgrade() -> None:
    """Take the index away; what it found is found more slowly."""
    op.drop_index(op.f("ix_flags_decided_record_id"), "flags")
