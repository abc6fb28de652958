"""Words that a unit sends often."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has any yet."""
    op.create_table(
        "stock_replies",
        sa.Column("id", Id, nullable=False),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock_replies"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_stock_replies_agency_id"),
    )
    op.create_index("ix_stock_replies_agency_id", "stock_replies", ["agency_id"])


def downgrade() -> None:
    """Stock replies are lost; what was sent with them stays."""
    op.drop_table("stock_replies")
