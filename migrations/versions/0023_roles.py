"""Keep what a key is for: the roles reader, steward and publisher, territories, invitations, coalitions, limits.

Reviewers published until now, so the keys of reviewers become publishers and go on as before; make keys of reviewers
anew for those who shall not publish.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE = ("contributor", "reviewer", "admin")
_ROLES = ("reader", "contributor", "steward", "reviewer", "publisher", "admin")
_KINDS = ("civil_society", "statistical_office", "other")
_STANDING = "ended_at IS NULL"


def upgrade() -> None:
    """Make room; nobody is invited, no organisations share, and nothing is shown less than before."""
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("scope", sa.JSON(), nullable=True))
        keys.add_column(sa.Column("line", sa.String(), nullable=True))
        keys.drop_constraint(op.f("ck_keys_role"), type_="check")
        keys.create_check_constraint(op.f("ck_keys_role"), _one_of("role", _ROLES))
    op.create_index(op.f("ix_keys_line"), "keys", ["line"])
    op.execute("UPDATE keys SET role = 'publisher' WHERE role = 'reviewer'")
    for name in ("name", "contact"):
        op.add_column("organisations", sa.Column(name, sa.String(), nullable=True))
    _add_kind()
    _invitations()
    _coalition()
    _limits()


def downgrade() -> None:
    """Take it away. Who published reviews again, and publishes by that.

    Keys that the version before cannot hold to what they are for open nothing from now on: those of readers and of
    stewards, and those with a territory. What stewards had limited is shown again as its collection says.
    """
    for table in ("limits", "coalition", "invitations"):
        op.drop_table(table)
    _drop_kind()
    for name in ("contact", "name"):
        op.drop_column("organisations", name)
    op.execute(
        "UPDATE keys SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL "
        "AND (role IN ('reader', 'steward') OR scope IS NOT NULL)"
    )
    op.execute("UPDATE keys SET role = 'contributor' WHERE role IN ('reader', 'steward')")
    op.execute("UPDATE keys SET role = 'reviewer' WHERE role = 'publisher'")
    op.drop_index(op.f("ix_keys_line"), "keys")
    with op.batch_alter_table("keys") as keys:
        keys.drop_constraint(op.f("ck_keys_role"), type_="check")
        keys.create_check_constraint(op.f("ck_keys_role"), _one_of("role", _BEFORE))
        keys.drop_column("line")
        keys.drop_column("scope")


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("lasts_s", sa.Integer(), nullable=True),
        sa.Column("by_organisation", sa.String(), nullable=True),
        sa.Column("by_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_invitations_id")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitations_hash")),
        sa.CheckConstraint(_one_of("role", _ROLES), name=op.f("ck_invitations_role")),
    )
    op.create_index(op.f("ix_invitations_organisation"), "invitations", ["organisation"])


def _coalition() -> None:
    op.create_table(
        "coalition",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        op.f("ix_coalition_organisation_partner"),
        "coalition",
        ["organisation", "partner"],
        unique=True,
        sqlite_where=sa.text(_STANDING),
        postgresql_where=sa.text(_STANDING),
    )


def _limits() -> None:
    op.create_table(
        "limits",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("collection", sa.String(), nullable=True),
        sa.Column("record_id", sa.String(), sa.ForeignKey("records.id"), nullable=True),
        sa.Column("consent", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_limits_id")),
        sa.CheckConstraint("consent >= 0 AND consent <= 5", name=op.f("ck_limits_consent")),
        sa.CheckConstraint("sensitivity >= 0 AND sensitivity <= 3", name=op.f("ck_limits_sensitivity")),
    )
    op.create_index(op.f("ix_limits_organisation_collection"), "limits", ["organisation", "collection"])
    op.create_index(op.f("ix_limits_record_id"), "limits", ["record_id"])


def _add_kind() -> None:
    """Add the column where it stands, because copying the table on SQLite would take its triggers away."""
    said = f"VARCHAR CONSTRAINT ck_organisations_kind CHECK ({_one_of('kind', _KINDS)})"
    op.execute(f"ALTER TABLE organisations ADD COLUMN kind {said}")


def _drop_kind() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("organisations", "kind")
        return
    triggers = op.get_bind().exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'organisations'"
    )
    kept = triggers.all()
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_constraint(op.f("ck_organisations_kind"), type_="check")
        organisations.drop_column("kind")
    for _, sql in kept:
        op.execute(sql)


def _one_of(column: str, terms: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(term) for term in terms)})"
