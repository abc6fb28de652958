"""Chats: citizens' private ones and linked groups; who is locked while a step is worked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, or_, select, update

from storage.models import Chat, Membership, table_of
from storage.sql import insert_new, spoken, upsert

CHATS = table_of(Chat)
MEMBERSHIPS = table_of(Membership)


@dataclass(frozen=True, slots=True)
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
]

_NEW = insert_new(CHATS)
_LOCK = (
    select(*COLUMNS)
    .where(
        CHATS.c.platform == bindparam("platform"),
        CHATS.c.external_id.in_(bindparam("chats", expanding=True)),
        or_(CHATS.c.held_until.is_(None), CHATS.c.held_until <= bindparam("now")),
    )
    .order_by(CHATS.c.id)
    .limit(bindparam("how_many"))
    # Not against rows that only point to the chat: two steps that write to each other's chats must not wait in a ring.
    .with_for_update(skip_locked=True, key_share=True)
)
_BY_ID = select(*COLUMNS).where(CHATS.c.id.in_(bindparam("ids", expanding=True)))
_FIND = select(*COLUMNS).where(CHATS.c.platform == bindparam("platform"), CHATS.c.external_id == bindparam("chat"))
_OF_AGENCY = (
    select(*COLUMNS).where(CHATS.c.agency_id == bindparam("agency"), CHATS.c.status == "open").order_by(CHATS.c.id)
)
_OPERATORS = select(*COLUMNS).where(CHATS.c.operators, CHATS.c.status == "open").order_by(CHATS.c.id)
_MEMBER = select(MEMBERSHIPS.c.present, MEMBERSHIPS.c.checked_at).where(
    MEMBERSHIPS.c.chat_id == bindparam("chat"), MEMBERSHIPS.c.user == bindparam("user")
)
_KNOW_MEMBER = upsert(MEMBERSHIPS, ["chat_id", "user"], ["present", "checked_at"])


@cache
def _change(names: tuple[str, ...]) -> Update:
    """Built once for each set of columns that is ever changed together."""
    return (
        update(CHATS).where(CHATS.c.id == bindparam("row")).values({name: bindparam(f"new_{name}") for name in names})
    )


class ChatStore:
    """Chats inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._known: dict[int, ChatRow] = {}  # as this transaction left them; one step asks for its chats many times

    def forget_known(self) -> None:
        """Look everything up anew: what was written has been undone."""
        self._known = {}

    def ensure(self, chats: Iterable[tuple[str, str]]) -> None:
        """Make rows for (platform, chat) pairs that have none; what they are is learnt from their first event."""
        rows = [
            {"platform": platform, "external_id": chat, "kind": "new", "operators": False, "language": "vi",
             "forum": False, "status": "open"}
            for platform, chat in chats
        ]  # fmt: skip
        if rows:
            self.connection.execute(spoken(self.connection, _NEW), rows)

    def lock(self, platform: str, chats: Sequence[str], now: datetime, how_many: int) -> list[ChatRow]:
        """Lock those of these chats that nobody else works on now and that are not held."""
        values = {"platform": platform, "chats": list(chats), "now": now, "how_many": how_many}
        rows = [ChatRow(*row) for row in self.connection.execute(_LOCK, values)]
        self._known |= {row.id: row for row in rows}
        return rows

    def get(self, ids: Sequence[int]) -> dict[int, ChatRow]:
        """Chats by id."""
        missing = [one for one in ids if one not in self._known]
        if missing:
            self._known |= {row.id: ChatRow(*row) for row in self.connection.execute(_BY_ID, {"ids": missing})}
        return {one: self._known[one] for one in ids if one in self._known}

    def find(self, platform: str, chat: str) -> ChatRow | None:
        """A chat by its platform's id."""
        row = self.connection.execute(_FIND, {"platform": platform, "chat": chat}).first()
        return ChatRow(*row) if row else None

    def of_agency(self, agency_id: int) -> list[ChatRow]:
        """An agency's groups that can be reached."""
        return [ChatRow(*row) for row in self.connection.execute(_OF_AGENCY, {"agency": agency_id})]

    def of_operators(self) -> list[ChatRow]:
        """The operations team's groups that can be reached."""
        return [ChatRow(*row) for row in self.connection.execute(_OPERATORS)]

    def linked_to(self, agency_id: int | None) -> list[ChatRow]:
        """Every group linked to an agency (None: to the operators), lost ones included."""
        whose = CHATS.c.operators if agency_id is None else CHATS.c.agency_id == agency_id
        return [ChatRow(*row) for row in self.connection.execute(select(*COLUMNS).where(whose).order_by(CHATS.c.id))]

    def change(self, chat_id: int, **values: Any) -> None:
        """Set columns of one chat."""
        self.connection.execute(_change(tuple(values)), {f"new_{name}": value for name, value in values.items()}
                                | {"row": chat_id})  # fmt: skip
        if chat_id in self._known:
            ours = {name: value for name, value in values.items() if name in ChatRow.__slots__}
            self._known[chat_id] = replace(self._known[chat_id], **ours)

    def bury(self, chat: ChatRow, name: str, now: datetime) -> ChatRow:
        """Part a private chat from its history (erasure): the old row keeps only ``name``, a fresh one is given."""
        self.change(chat.id, external_id=f"erased:{name}", person_id=None, status="lost", lost_at=now)
        self.ensure([(chat.platform, chat.external_id)])
        fresh = self.find(chat.platform, chat.external_id)
        if fresh is None:
            raise RuntimeError("a chat was neither found nor made")
        self.change(fresh.id, kind=chat.kind, language=chat.language)
        return self.get([fresh.id])[fresh.id]

    def member(self, chat_id: int, user: str, since: datetime) -> bool | None:
        """Whether somebody was in the group when last asked; None when not asked since ``since``."""
        row = self.connection.execute(_MEMBER, {"chat": chat_id, "user": user}).first()
        return bool(row.present) if row and row.checked_at >= since else None

    def know_member(self, chat_id: int, user: str, present: bool, now: datetime) -> None:
        """Remember what the platform said about a membership."""
        values = {"chat_id": chat_id, "user": user, "present": present, "checked_at": now}
        self.connection.execute(spoken(self.connection, _KNOW_MEMBER), values)
