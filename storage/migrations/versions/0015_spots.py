"""Positions by cell of a grid, and spots where the same trouble comes back."""

from __future__ import annotations

from math import floor

import sqlalchemy as sa
from alembic import op

from storage.models import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GRID = 500  # cells to a degree, as workflows/nearby.py has them


def upgrade() -> None:
    """Every position that is known gets its cell; no spot is known yet."""
    op.add_column("positions", sa.Column("cell", sa.Text()))
    _fill()
    op.create_index("ix_positions_cell", "positions", ["cell"])
    op.create_table(
        "spots",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name="fk_spots_category"),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name="fk_spots_area"),
        sa.PrimaryKeyConstraint("id", name="pk_spots"),
    )
    op.create_table(
        "spot_cases",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("spot_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_spot_cases_case_id"),
        sa.ForeignKeyConstraint(["spot_id"], ["spots.id"], name="fk_spot_cases_spot_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_spot_cases"),
    )
    op.create_index("ix_spot_cases_spot_id", "spot_cases", ["spot_id"])


def _fill() -> None:
    connection = op.get_bind()
    known = connection.execute(sa.text("select id, lat, lon from positions where lat is not null and lon is not null"))
    rows = [{"id": row.id, "cell": f"{floor(row.lat * GRID)}:{floor(row.lon * GRID)}"} for row in known]
    if rows:
        connection.execute(sa.text("update positions set cell = :cell where id = :id"), rows)


def downgrade() -> None:
    """Chains are forgotten; they stand in the cases' events."""
    op.drop_table("spot_cases")
    op.drop_table("spots")
    op.drop_index("ix_positions_cell", "positions")
    op.drop_column("positions", "cell")
