"""Keep how urgent each flag is, who is at work on it, and in which browsers the desk was opened with a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room. Flags that are there are ranked when the service starts next (`service.desk.ranking`)."""
    op.add_column("flags", sa.Column("people", sa.Float(), nullable=True))
    op.add_column("flags", sa.Column("urgency", sa.Float(), nullable=True))
    op.add_column("flags", sa.Column("ranked_by", sa.String(), nullable=False, server_default=""))
    waits = sa.text("urgency IS NOT NULL")
    op.create_index(None, "flags", ["urgency", "id"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "flag_claims",
        sa.Column("flag_id", sa.String(), sa.ForeignKey("flags.id"), primary_key=True),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(op.f("ix_flag_claims_key_id"), "flag_claims", ["key_id"])
    op.create_table(
        "desk_sessions",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(op.f("ix_desk_sessions_key_id"), "desk_sessions", ["key_id"])


def downgrade() -> None:
    """Take it away: who was at work on a flag has to begin again, and opens the desk anew."""
    op.drop_table("desk_sessions")
    op.drop_table("flag_claims")
    op.drop_index(op.f("ix_flags_urgency_id"), "flags")
    for column in ("ranked_by", "urgency", "people"):
        op.drop_column("flags", column)
