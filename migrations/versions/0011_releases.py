"""Keep what releases do: findings that still hold, flags resolved and regressed, recoded entries, provisional codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATUSES = (
    "open",
    "in_review",
    "confirmed",
    "matched_existing",
    "rejected",
    "needs_field_check",
    "unverifiable",
    "deferred",
    "published",
    "resolved_by_release",
    "withdrawn",
)
_TABLES = ("recodings", "provisional_codes")


def upgrade() -> None:
    """Make room. Findings of before hold for the snapshot they name; nobody knows which release resolved a flag."""
    op.execute(
        "ALTER TABLE findings ADD COLUMN holds_at VARCHAR "
        "CONSTRAINT fk_findings_holds_at_snapshots REFERENCES snapshots (sha256)"
    )
    op.create_index(None, "findings", ["holds_at", "official_id"])
    with op.batch_alter_table("flags") as flags:
        flags.add_column(sa.Column("resolved_by", sa.String(), nullable=True))
        flags.drop_constraint(op.f("ck_flags_status"), type_="check")
        flags.create_check_constraint(op.f("ck_flags_status"), _one_of((*_STATUSES, "regressed")))
    op.create_index(None, "flags", ["resolved_by"])
    op.create_table(
        "recodings",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("source", sa.String(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("earlier", sa.String(), nullable=False),
        sa.Column("later", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), sa.ForeignKey("snapshots.sha256"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "recodings", ["source", "earlier"])
    op.create_table(
        "provisional_codes",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("community_id", sa.String(), sa.ForeignKey("communities.id"), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in _TABLES:
        _guard(table)


def downgrade() -> None:
    """Take it away. Regressed flags are open again; which records a release passed over is forgotten."""
    for table in reversed(_TABLES):
        _unguard(table)
        op.drop_table(table)
    op.drop_index(op.f("ix_flags_resolved_by"), "flags")
    op.execute("UPDATE flags SET status = 'open' WHERE status = 'regressed'")
    with op.batch_alter_table("flags") as flags:
        flags.drop_constraint(op.f("ck_flags_status"), type_="check")
        flags.create_check_constraint(op.f("ck_flags_status"), _one_of(_STATUSES))
        flags.drop_column("resolved_by")
    op.drop_index(op.f("ix_findings_holds_at_official_id"), "findings")
    op.execute("ALTER TABLE findings DROP COLUMN holds_at")


def _one_of(terms: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{term}'" for term in terms)
    return f"status IN ({listed})"


def _guard(table: str) -> None:
    message = f"{table} are only ever added, never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_refuse_{change}")
    else:
        op.execute(f"DROP TRIGGER {table}_refuse ON {table}")
        op.execute(f"DROP FUNCTION {table}_refuse()")
