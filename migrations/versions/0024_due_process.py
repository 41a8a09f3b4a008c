"""Keep what due process needs: decisions that take back others, deferrals, blind opinions, appeals, what is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
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
    "regressed",
)
_JUDGEMENTS = ("confirmed", "matched_existing", "rejected", "needs_field_check", "unverifiable")
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Of a decision, what is never changed, before and from now on; what is written in somebody's words may be erased.
_BEFORE = "seq, id, flag_id, flag_version, evidence_hash, decision, reason_code, organisation, key_id, created_at"
_NOW = f"{_BEFORE}, supersedes, undo, until"
_WORDS = ("note", "message", "question")

_OPINION = ("flag_id", "review_id", "ordinal", "decision", "reason_code", "organisation", "key_id", "decided_at")
_APPEAL = "seq, id, flag_id, review_id, organisation, key_id, created_at"


def upgrade() -> None:
    """Make room. No decision takes back another yet, nothing waits for a second person, nobody has appealed."""
    with op.batch_alter_table("flags") as flags:
        flags.add_column(sa.Column("deferred_until", sa.Date(), nullable=True))
        flags.drop_constraint(op.f("ck_flags_status"), type_="check")
        flags.create_check_constraint(op.f("ck_flags_status"), _one_of("status", (*_STATUSES, "appealed")))
    op.execute(
        "ALTER TABLE reviews ADD COLUMN supersedes VARCHAR "
        "CONSTRAINT fk_reviews_supersedes_reviews REFERENCES reviews (id)"
    )
    op.add_column("reviews", sa.Column("undo", sa.Boolean(), nullable=True))
    op.add_column("reviews", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("reviews", sa.Column("message", sa.String(), nullable=True))
    op.add_column("reviews", sa.Column("question", sa.String(), nullable=True))
    op.create_index(None, "reviews", ["supersedes"], unique=True)
    _unguard_reviews(("note",))
    _guard_reviews(_NOW, _WORDS)
    _make_opinions()
    _make_appeals()


def downgrade() -> None:
    """Take it away. What was appealed is in review again; what people judged blind is forgotten."""
    for table in ("appeals", "opinions"):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_refuse()")
    _unguard_reviews(_WORDS)
    op.drop_index(op.f("ix_reviews_supersedes"), "reviews")
    for column in ("question", "message", "until", "undo", "supersedes"):
        op.execute(f"ALTER TABLE reviews DROP COLUMN {column}")
    _guard_reviews(_BEFORE, ("note",))
    op.execute("UPDATE flags SET status = 'in_review' WHERE status = 'appealed'")
    with op.batch_alter_table("flags") as flags:
        flags.drop_constraint(op.f("ck_flags_status"), type_="check")
        flags.create_check_constraint(op.f("ck_flags_status"), _one_of("status", _STATUSES))
        flags.drop_column("deferred_until")


def _make_opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("flag_id", sa.String(), sa.ForeignKey("flags.id"), nullable=False),
        sa.Column("review_id", sa.String(), sa.ForeignKey("reviews.id"), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_to", sa.String(), sa.ForeignKey("keys.id"), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("decision", "reason_code", "note")),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=True),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("review_id", "ordinal"),
        sa.CheckConstraint("ordinal BETWEEN 1 AND 3", name=op.f("ck_opinions_ordinal")),
        sa.CheckConstraint(_one_of("decision", _JUDGEMENTS), name=op.f("ck_opinions_decision")),
    )
    op.create_index(None, "opinions", ["flag_id"])
    op.create_index(None, "opinions", ["handed_to", "flag_id"])
    message = "opinions are never changed once they are given, and never deleted; a note may be erased"
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in _OPINION)
        op.execute(
            "CREATE TRIGGER opinions_refuse_update BEFORE UPDATE ON opinions WHEN old.decision IS NOT NULL "
            f"AND ({changed} OR (new.note IS NOT old.note AND new.note IS NOT NULL)) "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        _refuse_deleting("opinions", message)
        return
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _OPINION)
    _function("opinions", message)
    op.execute(
        "CREATE TRIGGER opinions_refuse_update BEFORE UPDATE ON opinions FOR EACH ROW "
        f"WHEN (OLD.decision IS NOT NULL AND ({changed} OR (NEW.note IS DISTINCT FROM OLD.note "
        "AND NEW.note IS NOT NULL))) EXECUTE FUNCTION opinions_refuse()"
    )
    op.execute(
        "CREATE TRIGGER opinions_refuse BEFORE DELETE OR TRUNCATE ON opinions "
        "FOR EACH STATEMENT EXECUTE FUNCTION opinions_refuse()"
    )


def _make_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("flag_id", sa.String(), sa.ForeignKey("flags.id"), nullable=False),
        sa.Column("review_id", sa.String(), sa.ForeignKey("reviews.id"), nullable=False, unique=True),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("key_id", sa.String(), sa.ForeignKey("keys.id"), nullable=False),
        sa.Column("grounds", sa.String(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(), sa.ForeignKey("reviews.id"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(None, "appeals", ["flag_id"])
    message = "appeals are only ever added and answered, never changed or deleted; what they say may be erased"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER appeals_refuse_update BEFORE UPDATE OF {_APPEAL} ON appeals "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        op.execute(
            "CREATE TRIGGER appeals_refuse_words BEFORE UPDATE OF grounds ON appeals WHEN new.grounds IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        _refuse_deleting("appeals", message)
        return
    _function("appeals", message)
    op.execute(
        f"CREATE TRIGGER appeals_refuse BEFORE UPDATE OF {_APPEAL} OR DELETE OR TRUNCATE ON appeals "
        "FOR EACH STATEMENT EXECUTE FUNCTION appeals_refuse()"
    )
    op.execute(
        "CREATE TRIGGER appeals_refuse_words BEFORE UPDATE OF grounds ON appeals FOR EACH ROW "
        "WHEN (NEW.grounds IS NOT NULL) EXECUTE FUNCTION appeals_refuse()"
    )


def _guard_reviews(kept: str, words: tuple[str, ...]) -> None:
    message = "reviews are only ever added, never changed or deleted; a note may be erased"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER reviews_refuse_update BEFORE UPDATE OF {kept} ON reviews "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        for word in words:
            op.execute(
                f"CREATE TRIGGER reviews_refuse_{word} BEFORE UPDATE OF {word} ON reviews WHEN new.{word} IS NOT NULL "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER reviews_refuse BEFORE UPDATE OF {kept} OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
    )
    for word in words:
        op.execute(
            f"CREATE TRIGGER reviews_refuse_{word} BEFORE UPDATE OF {word} ON reviews FOR EACH ROW "
            f"WHEN (NEW.{word} IS NOT NULL) EXECUTE FUNCTION reviews_refuse()"
        )


def _unguard_reviews(words: tuple[str, ...]) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for word in words:
        op.execute(f"DROP TRIGGER reviews_refuse_{word}" + ("" if sqlite else " ON reviews"))
    op.execute("DROP TRIGGER reviews_refuse_update" if sqlite else "DROP TRIGGER reviews_refuse ON reviews")


def _refuse_deleting(table: str, message: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _function(table: str, message: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )


def _one_of(column: str, terms: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{term}'" for term in terms)
    return f"{column} IN ({listed})"
