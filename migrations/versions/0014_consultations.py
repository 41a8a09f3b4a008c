"""Keep consultations: what respondents and meetings said, and words that nobody could group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room."""
    op.create_table(
        "statements",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("own_key", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.UniqueConstraint("id", "revision"),
        sa.CheckConstraint("form IN ('response', 'meeting')", name="form"),
        sa.CheckConstraint("revision >= 1", name="revision"),
        sa.CheckConstraint("people >= 0", name="people"),
        sa.CheckConstraint("length(country) = 3", name="country"),
    )
    op.create_index(None, "statements", ["arrival"])
    op.create_index(None, "statements", ["organisation", "collection", "own_key"])
    op.create_index(None, "statements", ["country", "organisation", "collection"])
    op.create_table(
        "ungrouped_words",
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("collection", sa.String(), primary_key=True),
        sa.Column("question", sa.String(), primary_key=True),
        sa.Column("word", sa.String(), primary_key=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("question IN ('groups', 'drivers', 'sdg', 'priorities')", name="question"),
        sa.CheckConstraint("times >= 1", name="times"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ungrouped_words")
    op.drop_table("statements")
