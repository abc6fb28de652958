"""What is looked up in the queues all the time has small indexes of its own, and rows pass through few of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

QUEUES = ("inbox", "outbox")
# PostgreSQL waits by default until a fifth of a table has changed: of a queue with a year behind it far too long.
SWEEPS = {
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.01",
}


def upgrade() -> None:
    """What waits is found apart from what is being sent; a chat's deliveries are found by when they are due."""
    op.drop_index("ix_inbox_chat_new", "inbox")
    op.drop_index("ix_outbox_open", "outbox")
    op.drop_index("ix_outbox_case", "outbox")
    _index("ix_outbox_due", "outbox", ["due_at", "id"], "status = 'new'")
    _index("ix_outbox_sending", "outbox", ["lease_until"], "status = 'sending'")
    _index("ix_outbox_case", "outbox", ["case_id", "id"], "case_id is not null")
    _set(", ".join(f"{name} = {value}" for name, value in SWEEPS.items()), "SET")


def downgrade() -> None:
    """Both together again."""
    _set(", ".join(SWEEPS), "RESET")
    op.drop_index("ix_outbox_case", "outbox")
    op.drop_index("ix_outbox_sending", "outbox")
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_case", "outbox", ["case_id", "id"])
    _index("ix_outbox_open", "outbox", ["due_at", "id"], "status in ('new', 'sending')")
    _index("ix_inbox_chat_new", "inbox", ["platform", "chat", "id"], "status = 'new'")


def _index(name: str, table: str, columns: list[str], which: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(which), sqlite_where=sa.text(which))


def _set(what: str, how: str) -> None:
    """How eagerly PostgreSQL tidies the queues up; SQLite has nothing to tidy."""
    if op.get_bind().dialect.name == "postgresql":
        for table in QUEUES:
            op.execute(f"ALTER TABLE {table} {how} ({what})")
