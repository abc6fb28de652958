"""A press that is acknowledged together with the message that answers it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits now has rows of its own for its presses."""
    op.add_column("outbox", sa.Column("press", sa.Text()))


def downgrade() -> None:
    """A press that waits is not acknowledged; its message goes out."""
    op.drop_column("outbox", "press")
