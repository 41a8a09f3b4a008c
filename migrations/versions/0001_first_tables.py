"""Keep records, findings, flags, reviews, sources and snapshots.

A migration stands for itself: it names its columns and the words of its day, and never imports the tables, which will
have moved on when it runs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROLES = ("contributor", "reviewer", "admin")
_STATES = ("pending", "verified")
_VERDICTS = (
    "hidden_place",
    "hidden_group",
    "undercount",
    "consistent",
    "stale_official",
    "needs_review",
    "not_assessable",
    "insufficient_evidence",
)
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
#: Tables whose rows are never changed and never deleted.
_APPEND_ONLY = ("events", "reviews")


def upgrade() -> None:
    """Make every table, its indexes, and the guards of the append-only ones."""
    _who()
    _official()
    _said()
    _found()
    _decided()
    for table in _APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
    """Take every table away."""
    for table in _APPEND_ONLY:
        _unguard(table)
    for table in (
        "receipts",
        "events",
        "reviews",
        "flags",
        "findings",
        "revisions",
        "records",
        "snapshots",
        "sources",
        "keys",
        "organisations",
    ):
        op.drop_table(table)


def _who() -> None:
    op.create_table("organisations", sa.Column("id", sa.String(), primary_key=True), _moment("created_at"))
    op.create_table(
        "keys",
        _sequence(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("hash"),
        _one_of("role", _ROLES),
    )
    op.create_index(None, "keys", ["organisation"])


def _official() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("connector", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("last_checked_at", nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
    )
    op.create_table(
        "snapshots",
        _sequence(),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("connector", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("vintage", sa.String(), nullable=False),
        sa.Column("vintage_kind", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("licence_url", sa.String(), nullable=True),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        _moment("retrieved_at"),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.JSON(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("sha256"),
        sa.CheckConstraint("places >= 0 AND observations >= 0 AND problems >= 0", name="sizes"),
    )
    present = sa.text("current")
    op.create_index(
        "uq_snapshots_current", "snapshots", ["source"], unique=True, sqlite_where=present, postgresql_where=present
    )


def _said() -> None:
    op.create_table(
        "records",
        _sequence(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("own_id", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("admin", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("p_absent", sa.Float(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("organisation", "own_id"),
        sa.CheckConstraint("revision >= 1", name="revision"),
        sa.CheckConstraint("length(country) = 3", name="country"),
        _one_of("state", _STATES),
        _one_of("verdict", _VERDICTS),
        _between("lat", -90, 90),
        _between("lon", -180, 180),
        _between("p_absent", 0, 1),
    )
    for column in ("state", "country", "collection", "verdict", "updated_at"):
        op.create_index(None, "records", [column])
    op.create_table(
        "revisions",
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        _moment("created_at"),
    )
    op.create_table(
        "receipts",
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("receipts", sa.JSON(), nullable=False),
        _moment("created_at"),
    )


def _found() -> None:
    op.create_table(
        "findings",
        _sequence(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), sa.ForeignKey("snapshots.sha256"), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("subtype", sa.String(), nullable=True),
        sa.Column("p_absent", sa.Float(), nullable=True),
        sa.Column("p_match", sa.Float(), nullable=True),
        sa.Column("official_id", sa.String(), nullable=True),
        sa.Column("official_name", sa.String(), nullable=True),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("failed_preconditions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("id"),
        _one_of("verdict", _VERDICTS),
        _between("p_absent", 0, 1),
        _between("p_match", 0, 1),
    )
    op.create_index(None, "findings", ["record_id", "place"])
    op.create_index(None, "findings", ["snapshot"])
    op.create_table(
        "flags",
        _sequence(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("subtype", sa.String(), nullable=True),
        sa.Column("p_absent", sa.Float(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("snapshot", sa.String(), nullable=True),
        sa.Column("official_name", sa.String(), nullable=True),
        sa.Column("account_hash", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("record_id"),
        sa.CheckConstraint("version >= 1", name="version"),
        _one_of("status", _STATUSES),
        _one_of("verdict", _VERDICTS),
        _between("p_absent", 0, 1),
    )
    for column in ("status", "verdict", "updated_at"):
        op.create_index(None, "flags", [column])


def _decided() -> None:
    op.create_table(
        "reviews",
        _sequence(),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("flag_id", sa.String(), sa.ForeignKey("flags.id"), nullable=False),
        sa.Column("flag_version", sa.Integer(), nullable=False),
        sa.Column("evidence_hash", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("id"),
        _one_of("decision", _STATUSES),
    )
    op.create_index(None, "reviews", ["flag_id"])
    op.create_table(
        "events",
        _sequence(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("noun_id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        _moment("created_at"),
    )
    op.create_index(None, "events", ["noun", "noun_id"])


def _sequence() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(column: str, terms: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{term}'" for term in terms)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _between(column: str, low: float, high: float) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} >= {low} AND {column} <= {high}", name=column)


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
    # For each statement, so that TRUNCATE, which touches no single row, is refused too.
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_refuse_{change}")
        return
    op.execute(f"DROP TRIGGER {table}_refuse ON {table}")
    op.execute(f"DROP FUNCTION {table}_refuse()")
