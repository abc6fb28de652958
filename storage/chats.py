"""Chats: citizens' private ones and linked groups; who is locked while a step is worked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, or_, select, text, update

from storage.bulk import insert_rows
from storage.driver import Query
from storage.models import Chat, Membership, table_of
from storage.sql import among, spoken, upsert
from storage.writer import Writer
from workflows.frozen import field_names, frozen

CHATS = table_of(Chat)
MEMBERSHIPS = table_of(Membership)


@frozen
class ChatRow:
    """One chat."""

    id: int
    platform: str
    external_id: str
    kind: str
    person_id: int | None
    agency_id: int | None
    operators: bool
    language: str
    forum: bool
    status: str
    paused_until: datetime | None
    heard_at: datetime | None = None
    said: int | None = None
    refused_at: datetime | None = None
    quota_until: datetime | None = None
    asked_at: datetime | None = None

    @property
    def linked(self) -> bool:
        """Whether this group belongs to somebody."""
        return self.operators or self.agency_id is not None


COLUMNS = [
    CHATS.c.id,
    CHATS.c.platform,
    CHATS.c.external_id,
    CHATS.c.kind,
    CHATS.c.person_id,
    CHATS.c.agency_id,
    CHATS.c.operators,
    CHATS.c.language,
    CHATS.c.forum,
    CHATS.c.status,
    CHATS.c.paused_until,
    CHATS.c.heard_at,
    CHATS.c.said,
    CHATS.c.refused_at,
    CHATS.c.quota_until,
    CHATS.c.asked_at,
]

_NEW = insert_rows(
    CHATS, ["platform", "external_id", "kind", "operators", "language", "forum", "status"], unless_there=True
)
# Whoever is first makes a chat; the lock ends with the transaction that holds it.
_NOBODY_MAKES = Query(
    text(
        "select made from unnest(cast(:chats as text[])) as made"
        " where pg_try_advisory_xact_lock(hashtextextended(made, 0))"
    )
)
_LOCK = Query(
    select(*COLUMNS)
    .where(
        CHATS.c.platform == bindparam("platform"),
        among(CHATS.c.external_id, "chats"),
        or_(CHATS.c.held_until.is_(None), CHATS.c.held_until <= bindparam("now")),
    )
    # Not against rows that only point to the chat: two steps that write to each other's chats must not wait in a ring.
    .with_for_update(skip_locked=True, key_share=True)
)
_BY_ID = Query(select(*COLUMNS).where(among(CHATS.c.id, "ids")))
_FIND = select(*COLUMNS).where(CHATS.c.platform == bindparam("platform"), CHATS.c.external_id == bindparam("chat"))
_OF_AGENCY = Query(
    select(*COLUMNS).where(CHATS.c.agency_id == bindparam("agency"), CHATS.c.status == "open").order_by(CHATS.c.id)
)
_OF_AGENCIES = select(*COLUMNS).where(CHATS.c.agency_id.is_not(None), CHATS.c.status == "open", CHATS.c.kind == "group")
_OPERATORS = Query(select(*COLUMNS).where(CHATS.c.operators, CHATS.c.status == "open").order_by(CHATS.c.id))
_OF_PEOPLE = select(*COLUMNS).where(among(CHATS.c.person_id, "people"), CHATS.c.kind == "private").order_by(CHATS.c.id)
_MEMBER = select(MEMBERSHIPS.c.present, MEMBERSHIPS.c.checked_at).where(
    MEMBERSHIPS.c.chat_id == bindparam("chat"), MEMBERSHIPS.c.user == bindparam("user")
)
_KNOW_MEMBER = upsert(MEMBERSHIPS, ["chat_id", "user"], ["present", "checked_at"])


LINKING = {"kind", "agency_id", "operators", "status"}  # columns that say whose group a chat is


class ChatStore:
    """Chats inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self._known: dict[int, ChatRow] = {}  # as this transaction left them; one step asks for its chats many times
        self._groups: dict[int | None, list[int]] = {}  # of an agency, None: of the operators
        self._relinked: tuple[Table, ...] = ()  # CHATS, once a group's link was changed here

    def forget_known(self) -> None:
        """Look everything up anew: what was written has been undone."""
        self._known, self._groups = {}, {}

    def ensure(self, chats: Iterable[tuple[str, str]]) -> None:
        """Make rows for (platform, chat) pairs that have none; what they are is learnt from their first event."""
        rows = [
            {"platform": platform, "external_id": chat, "kind": "new", "operators": False, "language": "vi",
             "forum": False, "status": "open"}
            for platform, chat in chats
        ]  # fmt: skip
        if rows:
            self.connection.ahead(_NEW, rows)

    def ensure_free(self, chats: Iterable[tuple[str, str]]) -> None:
        """The same, without those that another transaction is making just now: its end would have to be waited for."""
        wanted = {f"{platform}:{chat}": (platform, chat) for platform, chat in chats}
        if wanted and self.connection.dialect.name == "postgresql":
            free = self.connection.ask(_NOBODY_MAKES, {"chats": list(wanted)})
            wanted = {key: wanted[key] for (key,) in free}
        self.ensure(wanted.values())

    def lock(self, platform: str, chats: Sequence[str], now: datetime) -> list[ChatRow]:
        """Lock those of these chats that nobody else works on now and that are not held."""
        values = {"platform": platform, "chats": list(chats), "now": now}
        rows = [ChatRow(*row) for row in self.connection.ask(_LOCK, values, CHATS)]
        self._known |= {row.id: row for row in rows}
        return rows

    def get(self, ids: Sequence[int]) -> dict[int, ChatRow]:
        """Chats by id."""
        missing = [one for one in ids if one not in self._known]
        if missing:
            found = self.connection.ask(_BY_ID, {"ids": missing})
            self._known |= {row[0]: ChatRow(*row) for row in found}
        return {one: self._known[one] for one in ids if one in self._known}

    def find(self, platform: str, chat: str) -> ChatRow | None:
        """A chat by its platform's id."""
        row = self.connection.execute(_FIND, {"platform": platform, "chat": chat}).first()
        return ChatRow(*row) if row else None

    def of_agency(self, agency_id: int) -> list[ChatRow]:
        """An agency's groups that can be reached."""
        return self._of(agency_id)

    def of_operators(self) -> list[ChatRow]:
        """The operations team's groups that can be reached."""
        return self._of(None)

    def linked_groups(self) -> list[ChatRow]:
        """Every group that belongs to somebody and can be reached, of agencies and of the operators."""
        found = {row.id: row for row in (*self.of_operators(), *self._rows(_OF_AGENCIES))}
        return [found[one] for one in sorted(found)]

    def _rows(self, statement: Any) -> list[ChatRow]:
        return [ChatRow(*row) for row in self.connection.execute(statement)]

    def _of(self, agency_id: int | None) -> list[ChatRow]:
        if agency_id not in self._groups:
            statement = _OPERATORS if agency_id is None else _OF_AGENCY
            values = {} if agency_id is None else {"agency": agency_id}
            found = [ChatRow(*row) for row in self.connection.ask(statement, values, *self._relinked)]
            self._known = {row.id: row for row in found} | self._known
            self._groups[agency_id] = [row.id for row in found]
        return list(self.get(self._groups[agency_id]).values())

    def of_people(self, people: Sequence[int]) -> dict[int, list[ChatRow]]:
        """The private chats of each of these people, lost ones included."""
        found: dict[int, list[ChatRow]] = {person: [] for person in people}
        for row in self.connection.execute(_OF_PEOPLE, {"people": list(people)}):
            chat = self._known.setdefault(row.id, ChatRow(*row))
            if chat.person_id in found:
                found[chat.person_id].append(chat)
        return found

    def heard_between(self, platform: str, after: datetime, until: datetime, how_many: int) -> list[ChatRow]:
        """Private chats whose person was last heard then and has not been asked to write since, oldest first."""
        found = (
            select(*COLUMNS)
            .where(
                CHATS.c.platform == platform,
                CHATS.c.heard_at.is_not(None),
                CHATS.c.heard_at > after,
                CHATS.c.heard_at <= until,
                CHATS.c.status == "open",
                or_(CHATS.c.asked_at.is_(None), CHATS.c.asked_at < CHATS.c.heard_at),
            )
            .order_by(CHATS.c.heard_at)
            .limit(how_many)
        )
        return [ChatRow(*row) for row in self.connection.execute(found)]

    def go_on(self, platform: str, now: datetime) -> None:
        """No chat of a platform is held back any more."""
        waits = (CHATS.c.platform == platform, CHATS.c.paused_until > now)
        self.connection.execute(update(CHATS).where(*waits).values(paused_until=None))
        self.forget_known()

    def linked_to(self, agency_id: int | None) -> list[ChatRow]:
        """Every group linked to an agency (None: to the operators), lost ones included."""
        whose = CHATS.c.operators if agency_id is None else CHATS.c.agency_id == agency_id
        return [ChatRow(*row) for row in self.connection.execute(select(*COLUMNS).where(whose).order_by(CHATS.c.id))]

    def change(self, chat_id: int, **values: Any) -> None:
        """Set columns of one chat."""
        known = self.get([chat_id]).get(chat_id)
        if known is None:
            return
        self.connection.change(CHATS, chat_id, values)
        self._known[chat_id] = replace(known, **{name: values[name] for name in values if name in field_names(ChatRow)})
        if LINKING & values.keys() and "group" in {known.kind, values.get("kind")}:
            self._groups, self._relinked = {}, (CHATS,)

    def bury(self, chat: ChatRow, name: str, now: datetime) -> ChatRow:
        """Part a private chat from its history (erasure): the old row keeps only ``name``, a fresh one is given."""
        self.change(chat.id, external_id=f"erased:{name}", person_id=None, status="lost", lost_at=now)
        self.ensure([(chat.platform, chat.external_id)])
        fresh = self.find(chat.platform, chat.external_id)
        if fresh is None:
            raise RuntimeError("a chat was neither found nor made")
        self.change(fresh.id, kind=chat.kind, language=chat.language, heard_at=chat.heard_at)
        return self.get([fresh.id])[fresh.id]

    def member(self, chat_id: int, user: str, since: datetime) -> bool | None:
        """Whether somebody was in the group when last asked; None when not asked since ``since``."""
        row = self.connection.look(_MEMBER, {"chat": chat_id, "user": user}).first()
        return bool(row.present) if row and row.checked_at >= since else None

    def know_member(self, chat_id: int, user: str, present: bool, now: datetime) -> None:
        """Remember what the platform said about a membership."""
        values = {"chat_id": chat_id, "user": user, "present": present, "checked_at": now}
        self.connection.execute(spoken(self.connection, _KNOW_MEMBER), values)
