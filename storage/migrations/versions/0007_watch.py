"""When each case is to be looked at next by whoever reminds of what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

Instant = sa.DateTime(timezone=True)
# Written out here and not taken from the models: a step must stay what it was when the models go on.
WATCHED = sa.text("look_at is not null")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every case that somebody has to do something about is looked at once, soon."""
    op.add_column("cases", sa.Column("look_at", Instant))
    op.execute("update cases set look_at = opened_at where open")
    op.create_index("ix_cases_look", "cases", ["look_at", "id"], postgresql_where=WATCHED, sqlite_where=WATCHED)


def downgrade() -> None:
    """Nobody is reminded."""
    op.drop_index("ix_cases_look", "cases")
    op.drop_column("cases", "look_at")
