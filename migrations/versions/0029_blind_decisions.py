"""Keep with a decision whether it was taken blind: agreement of people who judged apart is told apart by that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: Of a decision, what is never changed, before and from now on.
_BEFORE = (
    "seq, id, flag_id, flag_version, evidence_hash, decision, reason_code, organisation, key_id, created_at, "
    "supersedes, undo, until"
)
_NOW = f"{_BEFORE}, blind"


def upgrade() -> None:
    """Make room. Of decisions of before nobody knows; the database refuses to change what is said from now on."""
    op.add_column("reviews", sa.Column("blind", sa.Boolean(), nullable=True))
    _unguard()
    _guard(_NOW)


def downgrade() -> None:
    """Take it away; how decisions were looked at is forgotten, and the audit finds those changed that had said it."""
    _unguard()
    op.execute("ALTER TABLE reviews DROP COLUMN blind")
    _guard(_BEFORE)


def _guard(kept: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        message = "reviews are only ever added, never changed or deleted; a note may be erased"
        op.execute(
            f"CREATE TRIGGER reviews_refuse_update BEFORE UPDATE OF {kept} ON reviews "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER reviews_refuse BEFORE UPDATE OF {kept} OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
    )


def _unguard() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER reviews_refuse_update" if sqlite else "DROP TRIGGER reviews_refuse ON reviews")
