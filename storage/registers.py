"""Small registers of the program itself: its schedule, its pollers' cursors, its tokens, its administrators' log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.codec import dump, plain
from storage.models import Cursor, Record, Schedule, Token, table_of
from storage.sql import insert_new, spoken, upsert
from storage.writer import Writer

SCHEDULE = table_of(Schedule)
CURSORS = table_of(Cursor)
TOKENS = table_of(Token)
RECORDS = table_of(Record)

_ON_SCHEDULE = insert_new(SCHEDULE)
_MOVE_CURSOR = upsert(CURSORS, ["name"], ["position"])
_NEW_TOKEN = insert_new(TOKENS)


class Registers:
    """The registers inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def take_turn(self, name: str, now: datetime, next_at: datetime) -> bool:
        """Whether it is our turn to do this periodic work now: exactly one runner gets True."""
        self.connection.execute(spoken(self.connection, _ON_SCHEDULE), {"name": name, "next_at": now})
        turn = update(SCHEDULE).where(SCHEDULE.c.name == name, SCHEDULE.c.next_at <= now).values(next_at=next_at)
        return bool(self.connection.execute(turn).rowcount)

    def put_off(self, name: str, next_at: datetime) -> None:
        """Whoever has the turn is done with it until then."""
        self.connection.execute(update(SCHEDULE).where(SCHEDULE.c.name == name).values(next_at=next_at))

    def cursor(self, name: str) -> int:
        """How far a poller has read; 0 at first."""
        return int(self.connection.scalar(select(CURSORS.c.position).where(CURSORS.c.name == name)) or 0)

    def move_cursor(self, name: str, position: int) -> None:
        """It has read this far."""
        self.connection.execute(spoken(self.connection, _MOVE_CURSOR), {"name": name, "position": position})

    def token(self, name: str) -> str | None:
        """A stored token or small fact of the program."""
        found: str | None = self.connection.scalar(select(TOKENS.c.value).where(TOKENS.c.name == name))
        return found

    def token_once(self, name: str, value: str, now: datetime) -> str:
        """What is stored under this name; ``value`` when there is nothing yet. All processes get the same."""
        row = {"name": name, "value": value, "updated_at": now, "version": 1}
        self.connection.execute(spoken(self.connection, _NEW_TOKEN), row)
        return self.token(name) or value

    def record(self, actor: str, what: str, subject: str, now: datetime, **data: Any) -> None:
        """One line of the administrators' log: codes and ids only."""
        row = {"at": now, "actor": actor, "what": what, "subject": subject, "data": dump(data)}
        self.connection.execute(insert(RECORDS), row)

    def records(self, what: str | None, how_many: int) -> list[dict[str, Any]]:
        """The newest lines of the log."""
        found = select(RECORDS).order_by(RECORDS.c.id.desc()).limit(how_many)
        if what:
            found = found.where(RECORDS.c.what == what)
        rows = [dict(row._mapping) for row in self.connection.execute(found)]
        return [row | {"data": plain(row["data"])} for row in rows]
