"""Keep until when the submissions of a form were pulled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room."""
    op.create_table(
        "pulls",
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("collection", sa.String(), primary_key=True),
        sa.Column("origin", sa.String(), primary_key=True),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("pulls")
