"""Hide what must be hidden, and tell what was taken back: embargoes, emergency holds, withdrawals and tombstones.

From now on a published flag waits for the end of its embargo, 30 days from when it was raised; flags that are younger
are not public again before that, unless their organisations say so (`docs/rights.md`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CORNERS = (("south", 90), ("north", 90), ("west", 180), ("east", 180))


def upgrade() -> None:
    """Make room. Nothing is held, and nothing was taken back."""
    op.add_column("flags", sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("records", sa.Column("withdrawn_for", sa.String(), nullable=True))
    op.add_column("records", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "holds",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("country", "admin", "people")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("organisation", "collection")),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("west", "south", "east", "north")),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_organisation", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_holds_id")),
        *(
            sa.CheckConstraint(f"{name} >= {-most} AND {name} <= {most}", name=op.f(f"ck_holds_{name}"))
            for name, most in _CORNERS
        ),
    )
    op.create_table(
        "tombstones",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("noun_id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("reviewers", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "tombstones", ["noun", "noun_id"])
    op.create_index(None, "tombstones", ["created_at"])
    named = sa.text("competitor IS NOT NULL")
    op.create_index(None, "findings", ["competitor"], sqlite_where=named, postgresql_where=named)
    _allow_erasing_notes()


def downgrade() -> None:
    """Take it away. What was erased stays erased; what was held is shown again."""
    _refuse_any_change()
    op.drop_index(op.f("ix_findings_competitor"), "findings")
    op.drop_table("tombstones")
    op.drop_table("holds")
    op.drop_column("records", "erased_at")
    op.drop_column("records", "withdrawn_for")
    op.drop_column("flags", "embargo_until")


#: Everything of a review but its note, which may name people and is erased with the record it was written about.
_KEPT = "seq, id, flag_id, flag_version, evidence_hash, decision, reason_code, organisation, key_id, created_at"
_MESSAGE = "reviews are only ever added, never changed or deleted; a note may be erased"


def _allow_erasing_notes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER reviews_refuse_update")
        op.execute(
            f"CREATE TRIGGER reviews_refuse_update BEFORE UPDATE OF {_KEPT} ON reviews "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
        op.execute(
            "CREATE TRIGGER reviews_refuse_note BEFORE UPDATE OF note ON reviews WHEN new.note IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
        return
    op.execute("DROP TRIGGER reviews_refuse ON reviews")
    op.execute(
        f"CREATE TRIGGER reviews_refuse BEFORE UPDATE OF {_KEPT} OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
    )
    op.execute(
        "CREATE TRIGGER reviews_refuse_note BEFORE UPDATE OF note ON reviews FOR EACH ROW "
        "WHEN (new.note IS NOT NULL) EXECUTE FUNCTION reviews_refuse()"
    )


def _refuse_any_change() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER reviews_refuse_note")
        op.execute("DROP TRIGGER reviews_refuse_update")
        op.execute(
            "CREATE TRIGGER reviews_refuse_update BEFORE UPDATE ON reviews "
            "BEGIN SELECT RAISE(ABORT, 'reviews are only ever added, never changed or deleted'); END"
        )
        return
    op.execute("DROP TRIGGER reviews_refuse_note ON reviews")
    op.execute("DROP TRIGGER reviews_refuse ON reviews")
    op.execute(
        "CREATE TRIGGER reviews_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
    )
