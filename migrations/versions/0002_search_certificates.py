"""Keep a search certificate with every finding, and every set of parameters that one was judged with.

Columns are added as both databases add them, without copying the table: findings are many.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: What findings get, each with its constraints; those that were there before have none of it.
_COLUMNS = {
    "p_absent_alone": "FLOAT CONSTRAINT ck_findings_p_absent_alone CHECK (p_absent_alone >= 0 AND p_absent_alone <= 1)",
    "competitor": "VARCHAR",
    "causes": "JSON DEFAULT '[]' NOT NULL",
    "parameters": "VARCHAR CONSTRAINT fk_findings_parameters_parameter_sets REFERENCES parameter_sets (sha256)",
    "certificate": "JSON",
}


def upgrade() -> None:
    """Make the table of parameter sets, and room for certificates."""
    op.create_table(
        "parameter_sets",
        sa.Column("sha256", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE findings ADD COLUMN {name} {kind}")


def downgrade() -> None:
    """Take both away."""
    for name in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE findings DROP COLUMN {name}")
    op.drop_table("parameter_sets")
