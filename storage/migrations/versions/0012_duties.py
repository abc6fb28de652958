"""Heads' delegates and days away, who supervises an enterprise, and what the operators are asked to decide."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

Instant = sa.DateTime(timezone=True)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# Written out here and not taken from the models: a step must stay what it was when the models go on.
BEFORE = "(agency_id is null or state in ('transfer_requested', 'review_requested'))"
WAITS = "(agency_id is null or asked is not null or state in ('transfer_requested', 'review_requested'))"

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody delegates or is away yet; what cases ask for already is found in their facts."""
    op.create_table(
        "delegations",
        sa.Column("id", Id, nullable=False),
        sa.Column("head_id", Id, nullable=False),
        sa.Column("delegate_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        sa.ForeignKeyConstraint(["head_id"], ["staff.id"], name="fk_delegations_head_id"),
        sa.ForeignKeyConstraint(["delegate_id"], ["staff.id"], name="fk_delegations_delegate_id"),
    )
    op.create_index("ix_delegations_head_id", "delegations", ["head_id"])
    op.create_index("ix_delegations_delegate_id", "delegations", ["delegate_id"])
    op.create_table(
        "absences",
        sa.Column("id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_absences_staff_id"),
    )
    op.create_index("ix_absences_staff_id", "absences", ["staff_id"])
    op.create_table(
        "supervisions",
        sa.Column("enterprise_id", Id, nullable=False, autoincrement=False),
        sa.Column("supervisor_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", name="pk_supervisions"),
        sa.ForeignKeyConstraint(["enterprise_id"], ["agencies.id"], name="fk_supervisions_enterprise_id"),
        sa.ForeignKeyConstraint(["supervisor_id"], ["agencies.id"], name="fk_supervisions_supervisor_id"),
    )
    op.add_column("cases", sa.Column("asked", sa.Text(), nullable=True))
    _find_what_is_asked(op.get_bind())
    _index(WAITS)


def _find_what_is_asked(connection: sa.Connection) -> None:
    cases = sa.table("cases", sa.column("id", Id), sa.column("asked", sa.Text()), sa.column("facts", sa.Text()),
                     sa.column("open", sa.Boolean()))  # fmt: skip
    for row in connection.execute(sa.select(cases.c.id, cases.c.facts).where(cases.c.open)):
        facts = json.loads(row.facts) if row.facts[:1] == "{" else {}
        asked = "extension" if facts.get("extension_until") else "revival" if facts.get("revival_asked") else None
        if asked is not None:
            connection.execute(sa.update(cases).where(cases.c.id == row.id).values(asked=asked))


def _index(waits: str) -> None:
    op.drop_index("ix_cases_operators", "cases")
    op.create_index(
        "ix_cases_operators",
        "cases",
        ["due_at", "id"],
        postgresql_where=sa.text(f"open and {waits}"),
        sqlite_where=sa.text(f"open = 1 and {waits}"),
    )


def downgrade() -> None:
    """What was delegated and who was away is lost; the operators' list is shorter."""
    _index(BEFORE)
    op.drop_column("cases", "asked")
    op.drop_table("supervisions")
    op.drop_table("absences")
    op.drop_table("delegations")
