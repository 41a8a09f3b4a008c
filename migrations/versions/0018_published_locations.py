"""Keep where each published community is shown, so that no two answers about it can be averaged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; the service fills it in when it starts, and shows no place until then."""
    op.create_table(
        "published_locations",
        sa.Column("community_id", sa.String(), sa.ForeignKey("communities.id"), primary_key=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("sensitivity", sa.String(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("cell", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('donut', 'h3', 'admin', 'hold')", name="method"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )
    op.create_index(None, "published_locations", ["policy"])


def downgrade() -> None:
    """Take it away; places are drawn anew when it is there again."""
    op.drop_table("published_locations")
