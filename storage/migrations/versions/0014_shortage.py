"""Figures of a period also look for what names missing equipment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
BEFORE = sa.text("action in ('accept_result', 'add')")
COUNTED = sa.text("action in ('accept_result', 'add', 'request_extension', 'request_transfer', 'decline_support')")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same index over more kinds of events."""
    op.drop_index("ix_case_events_counted", "case_events")
    _create(COUNTED)


def downgrade() -> None:
    """Over those of before."""
    op.drop_index("ix_case_events_counted", "case_events")
    _create(BEFORE)


def _create(counted: sa.TextClause) -> None:
    op.create_index(
        "ix_case_events_counted", "case_events", ["action", "at"], postgresql_where=counted, sqlite_where=counted
    )
