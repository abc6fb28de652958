"""What came in or falls due: kept once each, worked in the order of its chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, or_, select, union_all, update

from storage.bulk import Family, insert_rows, update_rows
from storage.driver import Query
from storage.models import Chat, Inbox, table_of
from storage.sql import among
from storage.writer import Writer
from workflows.frozen import frozen

INBOX = table_of(Inbox)
CHATS = table_of(Chat)
# Written out, not bound: only then does a prepared statement use the small index over what is not done yet.
IS_NEW = INBOX.c.status == literal_column("'new'")
IS_DEAD = INBOX.c.status == literal_column("'dead'")


@frozen
class DueRow:
    """Which row is ready to be worked, in which chat (``chat_id`` once it has a row), and since when."""

    id: int
    platform: str
    chat: str
    since: datetime
    chat_id: int | None


@frozen
class InboxRow:
    """One row to be worked."""

    id: int
    platform: str
    chat: str
    kind: str
    payload: str
    received_at: datetime
    attempts: int


@frozen
class Arrival:
    """One delivery under its platform's id; ``kind`` as in the table."""

    platform: str
    external_id: str
    chat: str
    payload: str
    at: datetime
    kind: str = "delivery"


_KEPT = ["platform", "external_id", "chat", "kind", "payload", "received_at", "due_at", "status", "attempts"]
_KEEP = insert_rows(INBOX, _KEPT, unless_there=True, returning="platform, external_id")
_WAKE = insert_rows(INBOX, _KEPT, unless_there=True, family=Family.STEP)
_PLACE = func.row_number().over(partition_by=(INBOX.c.platform, INBOX.c.chat), order_by=INBOX.c.id)
_DUE = (
    select(INBOX.c.id, INBOX.c.platform, INBOX.c.chat, INBOX.c.due_at, _PLACE.label("place"))
    .where(IS_NEW, INBOX.c.due_at <= bindparam("now"))
    .subquery("due")
)
_READY = Query(
    select(_DUE.c.id, _DUE.c.platform, _DUE.c.chat, _DUE.c.due_at, CHATS.c.id)
    .outerjoin(CHATS, (CHATS.c.platform == _DUE.c.platform) & (CHATS.c.external_id == _DUE.c.chat))
    .where(_DUE.c.place == 1, or_(CHATS.c.held_until.is_(None), CHATS.c.held_until <= bindparam("now")))
    .order_by(_DUE.c.id)
    .limit(bindparam("how_many"))
)
_PAYLOADS = select(INBOX.c.external_id, INBOX.c.payload).where(
    INBOX.c.platform == bindparam("platform"), among(INBOX.c.external_id, "ids")
)
_BY_ID = Query(
    select(
        INBOX.c.status,
        INBOX.c.id,
        INBOX.c.platform,
        INBOX.c.chat,
        INBOX.c.kind,
        INBOX.c.payload,
        INBOX.c.received_at,
        INBOX.c.attempts,
    ).where(among(INBOX.c.id, "ids"))
)
_DONE = update_rows(INBOX, ["status", "done_at"], family=Family.STEP)
_FAILED = (
    update(INBOX)
    .where(INBOX.c.id == bindparam("row"))
    .values(attempts=INBOX.c.attempts + 1, error=bindparam("why"), status=bindparam("how"))
)
_AGE = select(func.min(INBOX.c.due_at)).where(IS_NEW, INBOX.c.due_at <= bindparam("now"))
_NEXT = select(func.min(INBOX.c.due_at)).where(IS_NEW, INBOX.c.due_at > bindparam("now"))
_COUNTS: Any = union_all(
    select(literal_column("'new'"), func.count()).select_from(INBOX).where(IS_NEW),
    select(literal_column("'dead'"), func.count()).select_from(INBOX).where(IS_DEAD),
)


class InboxStore:
    """The inbox inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self.timers: list[dict[str, Any]] = []

    def keep(
        self, platform: str, external_id: str, chat: str, payload: str, now: datetime, kind: str = "delivery"
    ) -> bool:
        """Keep a delivery under its platform's id. False: we had it already, nothing changed."""
        return bool(self.keep_all([Arrival(platform, external_id, chat, payload, now, kind)]))

    def keep_all(self, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
        """Keep deliveries under their platforms' ids; (platform, id) of those that we did not have already."""
        rows = [
            self._row(one.platform, one.external_id, one.chat, one.kind, one.payload, one.at, one.at)
            for one in arrivals
        ]
        return {(platform, name) for platform, name in self.connection.run(_KEEP, rows)}

    def payloads(self, platform: str, external_ids: Sequence[str]) -> dict[str, str | None]:
        """Those of these deliveries that we have, and what they say (None: emptied)."""
        rows = self.connection.execute(_PAYLOADS, {"platform": platform, "ids": list(external_ids)})
        return {row.external_id: row.payload for row in rows}

    def wake(self, platform: str, chat: str, key: str, payload: str, now: datetime, due: datetime) -> None:
        """Keep a timer, due later, in the order of its chat; written with ``flush``."""
        self.timers.append(self._row(platform, f"timer:{key}", chat, "timer", payload, now, due))

    def flush(self) -> None:
        """Write the timers gathered so far."""
        for timer in self.timers:
            self.connection.later(_WAKE, timer)
        self.timers = []

    def ready(self, now: datetime, how_many: int) -> list[DueRow]:
        """The oldest due row of each chat that is not held, oldest first."""
        rows = self.connection.ask(_READY, {"now": now, "how_many": how_many}, INBOX, CHATS)
        return [DueRow(*row) for row in rows]

    def still_new(self, ids: Sequence[int]) -> list[InboxRow]:
        """Those of these that nobody has worked in the meantime, oldest first."""
        found = self.connection.ask(_BY_ID, {"ids": list(ids)}, INBOX)
        return sorted((InboxRow(*row) for status, *row in found if status == "new"), key=lambda row: row.id)

    def done(self, ids: Sequence[int], now: datetime, how: str = "done") -> None:
        """Worked (``done``), or of a kind we take no notice of (``ignored``)."""
        for row in ids:
            self.connection.later(_DONE, {"id": row, "status": how, "done_at": now})

    def failed(self, row: int, why: str, *, dead: bool) -> None:
        """Count an attempt; a dead row is set aside for an administrator with its reason."""
        self.connection.execute(_FAILED, {"row": row, "why": why, "how": "dead" if dead else "new"})

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest unworked row is due."""
        found: datetime | None = self.connection.scalar(_AGE, {"now": now})
        return found

    def next_due(self, now: datetime) -> datetime | None:
        """When the next row falls due that is not due yet."""
        found: datetime | None = self.connection.scalar(_NEXT, {"now": now})
        return found

    def counts(self) -> dict[str, int]:
        """How many rows wait and how many were set aside; what is done is not counted, there is no end of it."""
        return {status: count for status, count in self.connection.execute(_COUNTS) if count}

    def waiting_by_channel(self) -> dict[str, int]:
        """How many deliveries of each platform are not worked yet."""
        found = select(INBOX.c.platform, func.count()).where(IS_NEW, INBOX.c.kind == "delivery")
        return {platform: count for platform, count in self.connection.execute(found.group_by(INBOX.c.platform))}

    def dead(self, limit: int) -> list[dict[str, Any]]:
        """Rows set aside, newest first, without their payload."""
        columns = [
            INBOX.c.id,
            INBOX.c.platform,
            INBOX.c.kind,
            INBOX.c.received_at,
            INBOX.c.attempts,
            INBOX.c.error,
        ]
        found = select(*columns).where(IS_DEAD).order_by(INBOX.c.id.desc()).limit(limit)
        return [dict(row._mapping) for row in self.connection.execute(found)]

    def revive(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Put dead rows back (all of them for None), except those that say nothing any more."""
        whole = (IS_DEAD, INBOX.c.payload.is_not(None))
        change = update(INBOX).where(*whole).values(status="new", attempts=0, due_at=now, error=None)
        if ids is not None:
            change = change.where(INBOX.c.id.in_(ids))
        return self.connection.execute(change).rowcount

    def forget_payloads(self, before: datetime, limit: int) -> int:
        """Empty what was worked or set aside long ago: raw deliveries hold names and words."""
        old = (
            select(INBOX.c.id)
            .where(
                INBOX.c.status != "new",
                func.coalesce(INBOX.c.done_at, INBOX.c.received_at) < before,  # what was set aside was never done
                INBOX.c.payload.is_not(None),
            )
            .limit(limit)
        )
        return self.connection.execute(update(INBOX).where(INBOX.c.id.in_(old)).values(payload=None)).rowcount

    def forget_chat(self, platform: str, chat: str, worked: int | None) -> None:
        """Empty every worked delivery of one chat (``worked``: the one under work), and delete its timers (erasure).

        The names of timers tell which case and which chat belong together.
        """
        of_chat = (INBOX.c.platform == platform, INBOX.c.chat == chat)
        past = or_(INBOX.c.status != "new", INBOX.c.id == worked)
        self.connection.execute(update(INBOX).where(*of_chat, past).values(payload=None))
        self.connection.execute(delete(INBOX).where(*of_chat, INBOX.c.kind == "timer"))

    def forget_worked(self, platform: str, chat: str, since: datetime) -> None:
        """Empty what came into one chat from a moment on and was worked or set aside; what waits there, and its
        timers, stay.
        """
        worked = (INBOX.c.status != "new", INBOX.c.kind != "timer")
        of_chat = (INBOX.c.platform == platform, INBOX.c.chat == chat, INBOX.c.received_at >= since)
        self.connection.execute(update(INBOX).where(*of_chat, *worked).values(payload=None))

    @staticmethod
    def _row(
        platform: str, external_id: str, chat: str, kind: str, payload: str, now: datetime, due: datetime
    ) -> dict[str, Any]:
        return {
            "platform": platform,
            "external_id": external_id,
            "chat": chat,
            "kind": kind,
            "payload": payload,
            "received_at": now,
            "due_at": due,
            "status": "new",
            "attempts": 0,
        }


def hold_until(attempts: int, now: datetime) -> datetime:
    """When a chat whose step failed is tried again: 2, 4, 8 … seconds, at most a minute."""
    return now + timedelta(seconds=min(60, 2 ** (attempts + 1)))
