"""The first tables: the road, people, agencies, cases and their history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

# Written out here and not taken from the models: a step must stay what it was when the models go on.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Those first that point to others.
TABLES = (
    "deliveries",
    "posts",
    "positions",
    "outbox",
    "case_words",
    "case_terms",
    "case_events",
    "attachments",
    "memberships",
    "link_codes",
    "dialogs",
    "cases",
    "staff",
    "routes",
    "identities",
    "consents",
    "chats",
    "tokens",
    "schedule",
    "records",
    "people",
    "inbox",
    "dropped_drafts",
    "cursors",
    "categories",
    "areas",
    "agencies",
)


def only(condition: str, sqlite: str = "") -> dict[str, Any]:
    """An index of some rows only; SQLite uses it where a statement has the condition to the letter."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(sqlite or condition)}


def upgrade() -> None:
    """Every table, those first that others point to."""
    op.create_table(
        "agencies",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["agencies.id"], name="fk_agencies_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("code", name="uq_agencies_code"),
    )
    op.create_index("ix_agencies_parent_id", "agencies", ["parent_id"])
    op.create_table(
        "areas",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("outline", sa.LargeBinary(), nullable=True),
        sa.Column("served", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_areas"),
    )
    op.create_table(
        "categories",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("danger", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("photo_required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["categories.code"], name="fk_categories_parent"),
        sa.PrimaryKeyConstraint("code", name="pk_categories"),
    )
    op.create_index("ix_categories_parent", "categories", ["parent"])
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_cursors"),
    )
    op.create_table(
        "dropped_drafts",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dropped_drafts"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("done_at", Instant, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("platform", "external_id", name="uq_inbox_platform_external_id"),
    )
    op.create_index("ix_inbox_chat", "inbox", ["platform", "chat", "id"])
    op.create_index("ix_inbox_chat_new", "inbox", ["platform", "chat", "id"], **only("status = 'new'"))
    op.create_index("ix_inbox_dead", "inbox", ["id"], **only("status = 'dead'"))
    op.create_index("ix_inbox_new", "inbox", ["due_at", "id"], **only("status = 'new'"))
    op.create_table(
        "people",
        sa.Column("id", Id, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=False),
        sa.Column("consent_at", Instant, nullable=True),
        sa.Column("blocked_until", Instant, nullable=True),
        sa.Column("block_reason", sa.Text(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("erased_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "records",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
    )
    op.create_index("ix_records_what", "records", ["what", "at"])
    op.create_table(
        "schedule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule"),
    )
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tokens"),
    )
    op.create_table(
        "chats",
        sa.Column("id", Id, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("operators", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("forum", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_until", Instant, nullable=True),
        sa.Column("paused_until", Instant, nullable=True),
        sa.Column("linked_at", Instant, nullable=True),
        sa.Column("lost_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_chats_agency_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_chats_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
        sa.UniqueConstraint("platform", "external_id", name="uq_chats_platform_external_id"),
    )
    op.create_index("ix_chats_agency_id", "chats", ["agency_id"])
    op.create_index("ix_chats_operators", "chats", ["id"], **only("operators", "operators = 1"))
    op.create_index("ix_chats_person_id", "chats", ["person_id"])
    op.create_table(
        "consents",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id"])
    op.create_table(
        "identities",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_identities_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("platform", "external_id", name="uq_identities_platform_external_id"),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])
    op.create_table(
        "routes",
        sa.Column("id", Id, nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("agency_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_routes_agency_id"),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name="fk_routes_area"),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name="fk_routes_category"),
        sa.PrimaryKeyConstraint("id", name="pk_routes"),
        sa.UniqueConstraint("category", "area", "agency_id", name="uq_routes_category_area_agency_id"),
    )
    op.create_index("ix_routes_agency_id", "routes", ["agency_id"])
    op.create_table(
        "staff",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("confirmed_at", Instant, nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_staff_agency_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_staff_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    op.create_index("ix_staff_agency_id", "staff", ["agency_id"])
    op.create_index("uq_staff_operator", "staff", ["person_id"], unique=True, **only("agency_id is null"))
    op.create_index("uq_staff_person_agency", "staff", ["person_id", "agency_id"], unique=True)
    op.create_table(
        "cases",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("reporter_id", Id, nullable=True),
        sa.Column("home_chat_id", Id, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("due_at", Instant, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_cases_agency_id"),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name="fk_cases_area"),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name="fk_cases_category"),
        sa.ForeignKeyConstraint(["home_chat_id"], ["chats.id"], name="fk_cases_home_chat_id"),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name="fk_cases_reporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
    )
    op.create_index("ix_cases_desk", "cases", ["agency_id", "due_at", "id"], **only("open", "open = 1"))
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
    waits = "(agency_id is null or state in ('transfer_requested', 'review_requested'))"
    op.create_index(
        "ix_cases_operators", "cases", ["due_at", "id"], **only(f"open and {waits}", f"open = 1 and {waits}")
    )
    op.create_index("ix_cases_reporter", "cases", ["reporter_id", "opened_at"])
    op.create_index("ix_cases_state", "cases", ["state", "opened_at"])
    op.create_table(
        "dialogs",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_dialogs_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_dialogs_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dialogs"),
        sa.UniqueConstraint("chat_id", "person_id", name="uq_dialogs_chat_id_person_id"),
    )
    op.create_index("ix_dialogs_person_id", "dialogs", ["person_id"])
    op.create_table(
        "link_codes",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("chat_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_link_codes_agency_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_link_codes_chat_id"),
        sa.PrimaryKeyConstraint("hash", name="pk_link_codes"),
    )
    op.create_table(
        "memberships",
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("checked_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_memberships_chat_id"),
        sa.PrimaryKeyConstraint("chat_id", "user", name="pk_memberships"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("dhash", sa.Text(), nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("erased_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_attachments_case_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_attachments_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_attachments_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case_id", "attachments", ["case_id"])
    op.create_index("ix_attachments_original", "attachments", ["original"])
    op.create_index("ix_attachments_person_id", "attachments", ["person_id"])
    op.create_index("ix_attachments_shown", "attachments", ["shown"])
    op.create_table(
        "case_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("agency_id", Id, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_case_events_agency_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_case_events_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
        sa.UniqueConstraint("case_id", "seq", name="uq_case_events_case_id_seq"),
    )
    op.create_table(
        "case_terms",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_terms_case_id"),
        sa.PrimaryKeyConstraint("term", "case_id", name="pk_case_terms"),
    )
    op.create_index("ix_case_terms_case_id", "case_terms", ["case_id"])
    op.create_table(
        "case_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("erased_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_words_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_case_words_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_words"),
    )
    op.create_index("ix_case_words_case_id", "case_words", ["case_id"])
    op.create_index("ix_case_words_person_id", "case_words", ["person_id"])
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("edit", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("sent_ids", sa.Text(), nullable=True),
        sa.Column("rendered", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outbox_case_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_outbox_chat_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_case", "outbox", ["case_id", "id"])
    op.create_index("ix_outbox_chat", "outbox", ["chat_id", "id"])
    op.create_index("ix_outbox_chat_open", "outbox", ["chat_id", "lane", "id"], **only("status in ('new', 'sending')"))
    op.create_index("ix_outbox_dead", "outbox", ["id"], **only("status = 'dead'"))
    op.create_index("ix_outbox_open", "outbox", ["due_at", "id"], **only("status in ('new', 'sending')"))
    op.create_table(
        "positions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("erased_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_positions_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_positions_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_positions"),
    )
    op.create_index("ix_positions_case_id", "positions", ["case_id"])
    op.create_index("ix_positions_person_id", "positions", ["person_id"])
    op.create_table(
        "posts",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.Column("captioned", sa.Boolean(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_posts_case_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_posts_chat_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("chat_id", "message", name="uq_posts_chat_id_message"),
    )
    op.create_index("ix_posts_case", "posts", ["case_id", "chat_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("outbox_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_deliveries_outbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_outbox_id", "deliveries", ["outbox_id"])


def downgrade() -> None:
    """No table is left; their indexes go with them."""
    for table in TABLES:
        op.drop_table(table)
