"""An agency's page of a case: who may open it, and who has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("page_sessions", "page_tries", "page_codes", "staff_pins", "link_revocations")


def upgrade() -> None:
    """Five small tables."""
    op.create_table(
        "link_revocations",
        sa.Column("case_id", Id, nullable=False, autoincrement=False),
        sa.Column("revoked_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_link_revocations_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_link_revocations"),
    )
    op.create_table(
        "staff_pins",
        sa.Column("person_id", Id, nullable=False, autoincrement=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_staff_pins_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_staff_pins"),
    )
    op.create_table(
        "page_codes",
        sa.Column("person_id", Id, nullable=False, autoincrement=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_page_codes_case_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_page_codes_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_page_codes_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_page_codes"),
    )
    op.create_table(
        "page_tries",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_page_tries"),
    )
    op.create_table(
        "page_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_page_sessions_case_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_page_sessions_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_page_sessions_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page_sessions"),
    )
    op.create_index("ix_page_sessions_person_id", "page_sessions", ["person_id"])
    op.create_index("ix_page_sessions_seen_at", "page_sessions", ["seen_at"])


def downgrade() -> None:
    """Their indexes go with them."""
    for table in TABLES:
        op.drop_table(table)
