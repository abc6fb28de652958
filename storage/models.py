"""Every table, as typed models; statements are built from them once, in the store that owns each table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Of a case: nobody holds it, or its holder or its reporter wants it decided. Written out, as a partial index needs it.
WAITS_FOR_OPERATORS = "(agency_id is null or asked is not null or state in ('transfer_requested', 'review_requested'))"

# Of a case: somebody must be called, or the citizen told. Written out, as a partial index needs it.
OPEN_URGENT = "open and urgent"

# Of an event: an officer gave the case another category. Written out, as a partial index needs it.
CATEGORY_CORRECTED = "action = 'correct_category'"

# Of an event: figures of a period look for it by its time. Written out, as a partial index needs it.
COUNTED_EVENTS = "action in ('accept_result', 'add', 'request_extension', 'request_transfer', 'decline_support')"

# SQLite counts up only "INTEGER PRIMARY KEY"; PostgreSQL should have room for ever.
Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An instant: timezone-aware UTC in Python, `timestamptz` in PostgreSQL, naive UTC text in SQLite.

    Raises ValueError for a naive datetime: which hour it meant could only be guessed.
    """

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one metadata; `db upgrade` brings a database to it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        str: Text(),
        int: Integer(),
        float: Float(),
        bytes: LargeBinary(),
    }


class Inbox(Base):
    """What came in, or falls due: once each, in the order of its chat. Kept before it is answered."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]  # the platform's id of the delivery; timers make their own
    chat: Mapped[str]  # the platform's id of the chat
    kind: Mapped[str]  # delivery | page (sent on a page of ours) | timer
    payload: Mapped[str | None]  # emptied after the retention time and on erasure
    status: Mapped[str] = mapped_column(default="new")  # new | done | ignored | dead
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("platform", "external_id"),
        Index("ix_inbox_new", "due_at", "id",
              postgresql_where=sql("status = 'new'"), sqlite_where=sql("status = 'new'")),
        Index("ix_inbox_dead", "id", postgresql_where=sql("status = 'dead'"), sqlite_where=sql("status = 'dead'")),
        Index("ix_inbox_chat", "platform", "chat", "id"),
    )  # fmt: skip


class Chat(Base):
    """A chat on a platform: a citizen's private one, or a group linked to an agency or to the operators."""

    __tablename__ = "chats"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    kind: Mapped[str]  # private | group
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)  # of a private chat
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"), index=True)
    operators: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str] = mapped_column(default="vi")
    forum: Mapped[bool] = mapped_column(Boolean, default=False)
    status: Mapped[str] = mapped_column(default="open")  # open | lost (blocked us, threw us out) | moved
    held_until: Mapped[datetime | None]  # after a failed step: nothing of this chat is worked before
    paused_until: Mapped[datetime | None]  # the platform asked us to send nothing before
    linked_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    # Kept only where a platform limits what may be said after a person's last word.
    heard_at: Mapped[datetime | None]  # that last word
    said: Mapped[int | None]  # messages of ours since then, where they are counted
    refused_at: Mapped[datetime | None]  # the platform said that it takes nothing until the person writes
    quota_until: Mapped[datetime | None]  # the platform takes nothing before
    asked_at: Mapped[datetime | None]  # we asked the person to write
    __table_args__ = (
        UniqueConstraint("platform", "external_id"),
        Index("ix_chats_heard", "platform", "heard_at",
              postgresql_where=sql("heard_at is not null"), sqlite_where=sql("heard_at is not null")),
        Index("ix_chats_operators", "id", postgresql_where=sql("operators"), sqlite_where=sql("operators = 1")),
    )  # fmt: skip


class Person(Base):
    """Somebody who talks to us: a citizen or an officer. The row stays when the person is erased, empty."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    language: Mapped[str] = mapped_column(default="vi")
    name: Mapped[str | None]  # an officer's display name; citizens' names are not kept
    consent_version: Mapped[int] = mapped_column(default=0)
    consent_at: Mapped[datetime | None]
    blocked_until: Mapped[datetime | None]
    block_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Identity(Base):
    """A person's account on one platform; several can be the same person. Deleted on erasure."""

    __tablename__ = "identities"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    __table_args__ = (UniqueConstraint("platform", "external_id"),)


class Consent(Base):
    """Each consent given or withdrawn, with the version of its text (personal-data law 91/2025)."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    version: Mapped[int]
    given: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime]


class Dialog(Base):
    """Where one person stands in one chat; the draft lives here and nowhere else."""

    __tablename__ = "dialogs"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    state: Mapped[str]  # JSON of the pure dialog
    updated_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("chat_id", "person_id"),)


class Draft(Base):
    """A draft that ended without a case, for R102: at which step and why. Nobody's words, nobody's name."""

    __tablename__ = "dropped_drafts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    step: Mapped[str]
    why: Mapped[str]


class Outbox(Base):
    """What must go out, until it has. Order holds per chat and lane."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)  # what must not be said twice, where that matters
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    lane: Mapped[int]
    kind: Mapped[str]  # send | card | ack | spent | fetch | leave | forget
    body: Mapped[str | None]  # JSON; emptied on erasure
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    purpose: Mapped[str] = mapped_column(default="")
    edit: Mapped[str | None]
    reply_to: Mapped[str | None]
    thread: Mapped[str | None]
    press: Mapped[str | None]  # of a button, to be acknowledged when this goes out
    status: Mapped[str] = mapped_column(default="new")  # new | held | sending | sent | never | dead
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    sent_ids: Mapped[str | None]  # the platform's message ids, JSON list
    rendered: Mapped[str | None]  # what the reader saw; what we told a citizen is a record
    outcome: Mapped[str | None]
    held_for: Mapped[str | None]  # what it waits for, or waited: window | quota | channel | bundle
    __table_args__ = (
        Index("ix_outbox_due", "due_at", "id",
              postgresql_where=sql("status = 'new'"), sqlite_where=sql("status = 'new'")),
        Index("ix_outbox_sending", "lease_until",
              postgresql_where=sql("status = 'sending'"), sqlite_where=sql("status = 'sending'")),
        Index("ix_outbox_chat_open", "chat_id", "lane", "id",
              postgresql_where=sql("status in ('new', 'sending')"), sqlite_where=sql("status in ('new', 'sending')")),
        Index("ix_outbox_held", "chat_id", "due_at",
              postgresql_where=sql("status = 'held'"), sqlite_where=sql("status = 'held'")),
        Index("ix_outbox_dead", "id", postgresql_where=sql("status = 'dead'"), sqlite_where=sql("status = 'dead'")),
        Index("ix_outbox_case", "case_id", "id",
              postgresql_where=sql("case_id is not null"), sqlite_where=sql("case_id is not null")),
        Index("ix_outbox_chat", "chat_id", "id"),
    )  # fmt: skip


class Delivery(Base):
    """The delivery ledger: every attempt to send an outbox row and what became of it."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(Id, ForeignKey("outbox.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str]  # sent | bundled | held | later | elsewhere | moved | unknown | expired | not_reached | never
    detail: Mapped[str] = mapped_column(default="")


class Post(Base):
    """A message of ours that people may answer or press: to which case it belongs and what it offered."""

    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    message: Mapped[str]  # the platform's id
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    purpose: Mapped[str]
    offered: Mapped[str | None]  # JSON of the buttons, in order
    captioned: Mapped[bool] = mapped_column(Boolean, default=False)
    thread: Mapped[str | None]
    current: Mapped[bool] = mapped_column(Boolean, default=True)  # of cards: the one that is kept up to date
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("chat_id", "message"),
        Index("ix_posts_case", "case_id", "chat_id"),
    )


class Agency(Base):
    """An agency, an organisation or a unit of one; a tree of uneven depth (R88)."""

    __tablename__ = "agencies"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"), index=True)
    vi: Mapped[str]
    en: Mapped[str]
    kind: Mapped[str] = mapped_column(default="agency")  # agency | enterprise | team
    search: Mapped[str] = mapped_column(default="")  # folded names
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]
    valid_from: Mapped[datetime | None]  # None: as long as anybody asks
    valid_until: Mapped[datetime | None]  # the moment from which it takes no more cases


class AgencySuccessor(Base):
    """Who took over from an agency: one or several."""

    __tablename__ = "agency_successors"
    agency_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"), primary_key=True)


class Staff(Base):
    """Who may act for whom: one row a person and group or office; pending until somebody confirms."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"))
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"), index=True)  # None: operators
    role: Mapped[str] = mapped_column(default="member")  # member | focal | head
    status: Mapped[str] = mapped_column(default="pending")  # pending | confirmed | removed
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    __table_args__ = (
        Index("uq_staff_person_agency", "person_id", "agency_id", unique=True),
        Index("uq_staff_operator", "person_id", unique=True,
              postgresql_where=sql("agency_id is null"), sqlite_where=sql("agency_id is null")),
    )  # fmt: skip


class Supervision(Base):
    """Who checks the results of an enterprise, where that is not the agency above it."""

    __tablename__ = "supervisions"
    enterprise_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"), primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"))


class Delegation(Base):
    """A head's acts in the hands of a colleague for some days (R16); never changed but to end it earlier."""

    __tablename__ = "delegations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    head_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Absence(Base):
    """A head who is away for some days; never changed but to end it earlier."""

    __tablename__ = "absences"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Membership(Base):
    """A short cache of what the platform said about somebody's membership of a group."""

    __tablename__ = "memberships"
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"), primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    present: Mapped[bool] = mapped_column(Boolean)
    checked_at: Mapped[datetime]


class Category(Base):
    """A field of reports; two levels. The store is the only truth for them."""

    __tablename__ = "categories"
    code: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("categories.code"), index=True)
    vi: Mapped[str]
    en: Mapped[str]
    emoji: Mapped[str] = mapped_column(default="")
    examples: Mapped[str] = mapped_column(default="[]")  # JSON lists
    words: Mapped[str] = mapped_column(default="[]")
    danger: Mapped[str] = mapped_column(default="[]")
    sensitive: Mapped[bool] = mapped_column(Boolean, default=False)
    photo_required: Mapped[bool] = mapped_column(Boolean, default=False)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Sentence(Base):
    """A sentence of our own that shows how people write about a category; suggestions are learned from them."""

    __tablename__ = "category_sentences"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"), index=True)
    text: Mapped[str]


class Area(Base):
    """A commune-level unit with its outline, imported from GeoJSON."""

    __tablename__ = "areas"
    code: Mapped[str] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(default="")
    vi: Mapped[str]
    en: Mapped[str]
    search: Mapped[str] = mapped_column(default="")
    lat: Mapped[float]
    lon: Mapped[float]
    outline: Mapped[bytes | None]  # WKB
    served: Mapped[bool] = mapped_column(Boolean, default=True)  # in our territory; others say who serves it
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_from: Mapped[datetime | None]  # None: as long as anybody asks
    valid_until: Mapped[datetime | None]  # the moment from which it is no more; None: it stands


class AreaVersion(Base):
    """What an area was called before: units are renamed, and codes of old units are given to new ones."""

    __tablename__ = "area_versions"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    province: Mapped[str] = mapped_column(default="")
    vi: Mapped[str]
    en: Mapped[str]
    served: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime]
    __table_args__ = (UniqueConstraint("code", "valid_until"),)


class AreaSuccessor(Base):
    """What became of an area's version that ended at ``until``: one or several areas."""

    __tablename__ = "area_successors"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    until: Mapped[datetime]
    successor: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    __table_args__ = (UniqueConstraint("area", "until", "successor"),)


class AreaAlias(Base):
    """Another name that people use: of an old unit, or a nickname; several rows when it became several areas."""

    __tablename__ = "area_aliases"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    __table_args__ = (UniqueConstraint("name", "area"),)


class Route(Base):
    """Which agency answers for a category in an area (R48); empty means any."""

    __tablename__ = "routes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    category: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    agency_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"), index=True)
    __table_args__ = (UniqueConstraint("category", "area", "agency_id"),)


class Case(Base):
    """A case as its events add up to; rebuilt from them by `cases verify`, never the other way."""

    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    version: Mapped[int]
    opened_at: Mapped[datetime]
    reporter_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))
    home_chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))  # where the reporter is answered
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"))
    sensitive: Mapped[bool] = mapped_column(Boolean)
    urgent: Mapped[bool] = mapped_column(Boolean)
    open: Mapped[bool] = mapped_column(Boolean)  # somebody has to do something
    due_at: Mapped[datetime | None]  # the nearest due date of an open case: forward or resolve
    asked: Mapped[str | None]  # what the operators are asked to decide: extension | revival | cancel | merge | check
    look_at: Mapped[datetime | None]  # when there may be something to remind of; None: nothing runs
    facts: Mapped[str]  # JSON of the pure Case
    __table_args__ = (
        Index(
            "ix_cases_desk",
            "agency_id",
            "due_at",
            "id",
            postgresql_where=sql("open"),
            sqlite_where=sql("open = 1"),  # as the condition is written there: SQLite compares by the letter
        ),
        Index(
            "ix_cases_operators",
            "due_at",
            "id",
            postgresql_where=sql(f"open and {WAITS_FOR_OPERATORS}"),
            sqlite_where=sql(f"open = 1 and {WAITS_FOR_OPERATORS}"),
        ),
        Index("ix_cases_look", "look_at", "id",
              postgresql_where=sql("look_at is not null"), sqlite_where=sql("look_at is not null")),
        Index("ix_cases_urgent", "id", postgresql_where=sql(OPEN_URGENT), sqlite_where=sql("open = 1 and urgent = 1")),
        Index("ix_cases_area", "area", "category", "id",
              postgresql_where=sql("open"), sqlite_where=sql("open = 1")),
        Index("ix_cases_reporter", "reporter_id", "opened_at"),
        Index("ix_cases_opened", "opened_at"),
        Index("ix_cases_state", "state", "opened_at"),
    )  # fmt: skip


class SupportTask(Base):
    """A support task of a case that a unit has not answered: whose list it stands in, and until when."""

    __tablename__ = "support_tasks"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    agency_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"))
    due_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        Index("ix_support_tasks_agency", "agency_id", "due_at"),
    )


class Instrument(Base):
    """A measuring instrument and the unit that owns it, for units that have none (R47)."""

    __tablename__ = "instruments"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int] = mapped_column(Id, ForeignKey("agencies.id"), index=True)
    kind: Mapped[str]  # noise | air | waste_water | other
    vi: Mapped[str]
    en: Mapped[str]
    serial: Mapped[str] = mapped_column(default="")
    usable: Mapped[bool] = mapped_column(Boolean, default=True)  # not while it is broken or away for calibration
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (UniqueConstraint("agency_id", "kind", "serial"),)


class StockReply(Base):
    """Words that a unit sends often (R43); without a unit they are the operators'."""

    __tablename__ = "stock_replies"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"), index=True)
    verb: Mapped[str] = mapped_column(default="")  # ask | submit_result | reply, or "" for all of them
    title: Mapped[str]
    text: Mapped[str]


class CaseEvent(Base):
    """One thing that happened to a case; only ever added to."""

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]
    move: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    role: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"))
    data: Mapped[str]  # JSON: codes, ids and instants only
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_case_events_corrected", "id",
              postgresql_where=sql(CATEGORY_CORRECTED), sqlite_where=sql(CATEGORY_CORRECTED)),
        Index("ix_case_events_counted", "action", "at",
              postgresql_where=sql(COUNTED_EVENTS), sqlite_where=sql(COUNTED_EVENTS)),
    )  # fmt: skip


class CaseWords(Base):
    """Words that somebody wrote about a case; emptied on erasure, the row and its id stay."""

    __tablename__ = "case_words"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str | None]
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Position(Base):
    """Where something is said to be; emptied on erasure."""

    __tablename__ = "positions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    address: Mapped[str | None]
    cell: Mapped[str | None]  # of a grid (workflows/nearby.py), where there is a position
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_positions_cell", "cell", "lat", "lon"),)


class Spot(Base):
    """A place where the same trouble came back, as a person has confirmed (R52)."""

    __tablename__ = "spots"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)  # of its first case
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    made_at: Mapped[datetime]


class SpotCase(Base):
    """Which case is in the chain of which spot; follows from the cases' events."""

    __tablename__ = "spot_cases"
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    spot_id: Mapped[int] = mapped_column(Id, ForeignKey("spots.id"), index=True)


class Attachment(Base):
    """A photo, video or voice note: where its bytes are. ``original`` and ``shown`` are content hashes."""

    __tablename__ = "attachments"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"), index=True)  # None: still a draft's
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    kind: Mapped[str]  # photo | video | voice | document
    handle: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="waiting")  # waiting | kept | failed | erased
    problem: Mapped[str] = mapped_column(default="")
    original: Mapped[str | None]
    shown: Mapped[str | None]  # the copy without metadata
    mime: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    dhash: Mapped[str | None]
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_attachments_original", "original"), Index("ix_attachments_shown", "shown"))


class Term(Base):
    """A folded word of a case's words, address or code, for search; deleted on erasure."""

    __tablename__ = "case_terms"
    term: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, index=True)


class LinkCode(Base):
    """A one-time code that links a group to an agency or to the operators; kept as a hash."""

    __tablename__ = "link_codes"
    hash: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"))  # None: operators
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    chat_id: Mapped[int | None] = mapped_column(Id, ForeignKey("chats.id"))


class PersonCode(Base):
    """A one-time code by which a person proves, on another platform, to be the same; kept as a hash."""

    __tablename__ = "person_codes"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime]


class Channel(Base):
    """How a platform does: ``up``, ``down`` (an outage, with its code) or ``off`` (by settings), and since when."""

    __tablename__ = "channels"
    name: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]


class Token(Base):
    """Credentials of a platform that renew themselves, and other small secrets of the program, by name."""

    __tablename__ = "tokens"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class Schedule(Base):
    """When each periodic piece of work runs next; claimed by compare-and-set, so exactly one runner."""

    __tablename__ = "schedule"
    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class Cursor(Base):
    """How far a poller has read (Telegram's getUpdates offset)."""

    __tablename__ = "cursors"
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Record(Base):
    """The administrators' log: who changed what by command line or by a right of office (blocks, links, erasures)."""

    __tablename__ = "records"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # "cli", or "person:<id>"
    what: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    data: Mapped[str] = mapped_column(default="{}")
    __table_args__ = (Index("ix_records_what", "what", "at"),)


class LinkRevocation(Base):
    """Links to a case's page that were made until then open nothing any more."""

    __tablename__ = "link_revocations"
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    revoked_at: Mapped[datetime]


class StaffPin(Base):
    """An officer's own PIN for pages, as a salted hash."""

    __tablename__ = "staff_pins"
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), primary_key=True)
    hash: Mapped[str]
    set_at: Mapped[datetime]


class PageCode(Base):
    """The one-time code that an officer was sent for the page of one case, as a salted hash."""

    __tablename__ = "page_codes"
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    hash: Mapped[str]
    expires_at: Mapped[datetime]


class PageTry(Base):
    """How often something was tried since when; ``subject`` names a link, or an officer's number at a group."""

    __tablename__ = "page_tries"
    subject: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class PageSession(Base):
    """An officer at one page: the desk's dialog there, and what it said last. ``id`` is a hash of the cookie."""

    __tablename__ = "page_sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(Id, ForeignKey("chats.id"))
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    desk: Mapped[str]
    shown: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class PolicyVersion(Base):
    """A policy as it was imported: a row is never changed, and old cases go on by theirs."""

    __tablename__ = "policies"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    in_force_at: Mapped[datetime]
    digest: Mapped[str]
    text: Mapped[str]  # the file, word for word
    file: Mapped[str]
    imported_at: Mapped[datetime]


class DayOverride(Base):
    """A day off, or a day that is worked, by a decree that the holidays library does not know."""

    __tablename__ = "day_overrides"
    day: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM-DD
    works: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str]
    source: Mapped[str]
    seen: Mapped[str]  # YYYY-MM-DD: when somebody read it there
    swapped_with: Mapped[str | None]  # the other day of a swap


class ConfirmedYear(Base):
    """A year whose days off somebody compared with the government's notice."""

    __tablename__ = "confirmed_years"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    seen: Mapped[str]


class CaseSource(Base):
    """How a report came that somebody else took down: a hotline, a counter, a portal, and the number it has there."""

    __tablename__ = "case_sources"
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    channel: Mapped[str]
    number: Mapped[str | None]  # as it was written there; emptied on erasure
    number_key: Mapped[str | None]  # the same as it is compared
    slip_hash: Mapped[str | None]  # of the secret on the slip that was printed last, until it is used
    slip_until: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("channel", "number_key"),
        Index("ix_case_sources_number_key", "number_key"),
    )


class IdentityLook(Base):
    """That somebody was shown who reported a case, and why; only ever added to."""

    __tablename__ = "identity_looks"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), index=True)
    actor: Mapped[str]  # "cli", or "person:<id>"
    role: Mapped[str]
    reason: Mapped[str | None]  # emptied on erasure


class Shift(Base):
    """A turn of duty in a unit's roster (``agency_id`` null: the operators); kept when it is over."""

    __tablename__ = "shifts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(Id, ForeignKey("agencies.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))
    stand_in_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))
    on_duty_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))  # who took it over
    note: Mapped[str] = mapped_column(default="")  # for the next shift
    opened_at: Mapped[datetime | None]  # it was told what it inherits
    alerted_at: Mapped[datetime | None]  # it was told that nobody has it
    __table_args__ = (
        Index("ix_shifts_ends", "ends_at"),
        Index("ix_shifts_agency", "agency_id", "ends_at"),
    )


class UrgentCall(Base):
    """How far the call-out to an urgent case has come, and which late word has been told of."""

    __tablename__ = "urgent_calls"
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    since: Mapped[datetime | None]
    rounds: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    late_for: Mapped[datetime | None]  # the due moment of which it was said that it has passed


class Storm(Base):
    """A storm mode: for which area (null: everywhere) and time, and what citizens are told."""

    __tablename__ = "storms"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    vi: Mapped[str]
    en: Mapped[str]
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_storms_on", "id", postgresql_where=sql("ended_at is null"), sqlite_where=sql("ended_at is null")),
    )


def table_of(model: type[Base]) -> Any:
    """The Core table behind a model."""
    return model.__table__
