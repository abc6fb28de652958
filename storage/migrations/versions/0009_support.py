"""Support tasks that units have not answered, and the register of measuring instruments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "support_tasks",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("cases.id", name="fk_support_tasks_case_id_cases"), nullable=False),
        sa.Column(
            "agency_id", Id, sa.ForeignKey("agencies.id", name="fk_support_tasks_agency_id_agencies"), nullable=False
        ),
        sa.Column("due_at", Instant, nullable=False),
        sa.UniqueConstraint("case_id", "agency_id", name="uq_support_tasks_case_id_agency_id"),
    )
    op.create_index("ix_support_tasks_agency", "support_tasks", ["agency_id", "due_at"])
    op.create_table(
        "instruments",
        sa.Column("id", Id, primary_key=True),
        sa.Column(
            "agency_id", Id, sa.ForeignKey("agencies.id", name="fk_instruments_agency_id_agencies"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("agency_id", "kind", "serial", name="uq_instruments_agency_id_kind_serial"),
    )
    op.create_index("ix_instruments_agency_id", "instruments", ["agency_id"])


def downgrade() -> None:
    """Who helps stands in the cases themselves; the register is lost."""
    op.drop_index("ix_instruments_agency_id", "instruments")
    op.drop_table("instruments")
    op.drop_index("ix_support_tasks_agency", "support_tasks")
    op.drop_table("support_tasks")
