"""What suggestions of a category are learned from: our own sentences, and officers' corrections quickly found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CORRECTED = sa.text("action = 'correct_category'")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A small table that the next start fills, and an index over the few events that correct a category."""
    op.create_table(
        "category_sentences",
        sa.Column("id", Id, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name="fk_category_sentences_category"),
        sa.PrimaryKeyConstraint("id", name="pk_category_sentences"),
    )
    op.create_index("ix_category_sentences_category", "category_sentences", ["category"])
    op.create_index(
        "ix_case_events_corrected", "case_events", ["id"], postgresql_where=CORRECTED, sqlite_where=CORRECTED
    )


def downgrade() -> None:
    """Suggestions come from the names of categories again."""
    op.drop_index("ix_case_events_corrected", "case_events")
    op.drop_table("category_sentences")
