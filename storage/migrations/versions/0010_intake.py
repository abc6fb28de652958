"""Where reports came from that operators took down, and who was shown which reporter's name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "case_sources",
        sa.Column("case_id", Id, sa.ForeignKey("cases.id", name="fk_case_sources_case_id_cases"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("number_key", sa.Text()),
        sa.Column("slip_hash", sa.Text()),
        sa.Column("slip_until", Instant),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_sources"),
        sa.UniqueConstraint("channel", "number_key", name="uq_case_sources_channel_number_key"),
    )
    op.create_index("ix_case_sources_number_key", "case_sources", ["number_key"])
    op.create_table(
        "identity_looks",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("case_id", Id, sa.ForeignKey("cases.id", name="fk_identity_looks_case_id_cases"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
    )
    op.create_index("ix_identity_looks_case_id", "identity_looks", ["case_id"])


def downgrade() -> None:
    """Neither is known any more."""
    op.drop_table("identity_looks")
    op.drop_table("case_sources")
