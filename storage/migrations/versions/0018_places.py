"""A look around a place reads what lies there alone, however much is in the same cell of the grid."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The grid's index knows where in its cell a position lies."""
    op.drop_index("ix_positions_cell", "positions")
    op.create_index("ix_positions_cell", "positions", ["cell", "lat", "lon"])


def downgrade() -> None:
    """It knows the cell alone."""
    op.drop_index("ix_positions_cell", "positions")
    op.create_index("ix_positions_cell", "positions", ["cell"])
