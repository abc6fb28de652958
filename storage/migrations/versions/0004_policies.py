"""The law of a case as data: imported policies, decreed days, and years that somebody confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Instant = sa.DateTime(timezone=True)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three new tables; until something is imported, what was shipped with the program holds."""
    op.create_table(
        "policies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("in_force_at", Instant, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("imported_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_policies"),
    )
    op.create_table(
        "day_overrides",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("swapped_with", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_day_overrides"),
    )
    op.create_table(
        "confirmed_years",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_confirmed_years"),
    )


def downgrade() -> None:
    """Only what was shipped holds again."""
    for name in ("confirmed_years", "day_overrides", "policies"):
        op.drop_table(name)
