"""One wish of somebody in the sandbox: who, where, what."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import messages, world
from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Tx


@dataclass
class Act:
    """One wish of somebody: who, where, what, and the files that came along."""

    tx: Tx
    wish: Json
    files: list[Upload] = field(default_factory=list)

    def need(self, name: str) -> Any:
        if self.wish.get(name) is None:
            raise ActError(f"{name} is missing")
        return self.wish[name]

    def person(self) -> sqlite3.Row:
        return world.person(self.tx, int(self.need("person")))

    def chat(self, *, follow: bool = True) -> sqlite3.Row:
        """The chat of the wish; an upgraded group leads to the supergroup it became."""
        row = messages.chat_row(self.tx, int(self.need("chat")))
        if row is None:
            raise ActError(f"no such chat: {self.wish['chat']}")
        if follow and row["migrated_to"] is not None:
            moved = messages.chat_row(self.tx, row["migrated_to"])
            return row if moved is None else moved
        return row


def present(tx: Tx, chat: sqlite3.Row, person_id: int) -> sqlite3.Row | None:
    """Somebody's membership of a group, if it lasts."""
    return tx.one(
        "SELECT * FROM members WHERE chat_id = ? AND person_id = ?"
        " AND status IN ('member', 'administrator', 'creator')",
        chat["id"],
        person_id,
    )
