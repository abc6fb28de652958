"""Units that end and what became of them: validity dates, earlier versions, successors, other names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty dates for whatever there is: it stands, as long as anybody asks."""
    for table in ("areas", "agencies"):
        op.add_column(table, sa.Column("valid_from", Instant, nullable=True))
        op.add_column(table, sa.Column("valid_until", Instant, nullable=True))
    op.create_table(
        "area_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("served", sa.Boolean(), nullable=False),
        sa.Column("valid_from", Instant, nullable=True),
        sa.Column("valid_until", Instant, nullable=False),
        sa.ForeignKeyConstraint(["code"], ["areas.code"], name="fk_area_versions_code"),
        sa.PrimaryKeyConstraint("id", name="pk_area_versions"),
        sa.UniqueConstraint("code", "valid_until", name="uq_area_versions_code_valid_until"),
    )
    op.create_table(
        "area_successors",
        sa.Column("id", Id, nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name="fk_area_successors_area"),
        sa.ForeignKeyConstraint(["successor"], ["areas.code"], name="fk_area_successors_successor"),
        sa.PrimaryKeyConstraint("id", name="pk_area_successors"),
        sa.UniqueConstraint("area", "until", "successor", name="uq_area_successors_area_until_successor"),
    )
    op.create_table(
        "area_aliases",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name="fk_area_aliases_area"),
        sa.PrimaryKeyConstraint("id", name="pk_area_aliases"),
        sa.UniqueConstraint("name", "area", name="uq_area_aliases_name_area"),
    )
    op.create_table(
        "agency_successors",
        sa.Column("agency_id", Id, nullable=False),
        sa.Column("successor_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_agency_successors_agency_id"),
        sa.ForeignKeyConstraint(["successor_id"], ["agencies.id"], name="fk_agency_successors_successor_id"),
        sa.PrimaryKeyConstraint("agency_id", "successor_id", name="pk_agency_successors"),
    )


def downgrade() -> None:
    """What has ended stays in the store but is no longer in use; what became of it is forgotten."""
    op.execute(sa.text("UPDATE areas SET active = FALSE WHERE valid_until IS NOT NULL"))
    for table in ("agency_successors", "area_aliases", "area_successors", "area_versions"):
        op.drop_table(table)
    for table in ("areas", "agencies"):
        op.drop_column(table, "valid_until")
        op.drop_column(table, "valid_from")
