"""Where each person stands in each chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from storage.bulk import Family, insert_rows
from storage.driver import Query
from storage.models import Dialog, Draft, table_of
from storage.sql import among
from storage.writer import Writer

DIALOGS = table_of(Dialog)
DRAFTS = table_of(Draft)

_GET = Query(select(DIALOGS.c.chat_id, DIALOGS.c.person_id, DIALOGS.c.state).where(among(DIALOGS.c.chat_id, "chats")))
_ONE = select(DIALOGS.c.state).where(DIALOGS.c.chat_id == bindparam("chat"), DIALOGS.c.person_id == bindparam("person"))
_SAVE = insert_rows(
    DIALOGS, ["chat_id", "person_id", "state", "updated_at"],
    keys=["chat_id", "person_id"], changed=["state", "updated_at"], family=Family.STEP,
)  # fmt: skip


class DialogStore:
    """Dialogs inside one transaction; gathered by ``save`` and written together by ``flush``."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self.gathered: list[dict[str, Any]] = []

    def of_chats(self, chats: Sequence[int]) -> dict[tuple[int, int], str]:
        """States by (chat, person)."""
        rows = self.connection.ask(_GET, {"chats": list(chats)}, DIALOGS)
        return {(chat, person): state for chat, person, state in rows}

    def get(self, chat_id: int, person_id: int) -> str | None:
        """One state."""
        found: str | None = self.connection.look(_ONE, {"chat": chat_id, "person": person_id}, DIALOGS).scalar()
        return found

    def save(self, chat_id: int, person_id: int, state: str, now: datetime) -> None:
        """Where the person stands now."""
        self.gathered.append({"chat_id": chat_id, "person_id": person_id, "state": state, "updated_at": now})

    def flush(self) -> None:
        """Write what was gathered."""
        for row in self.gathered:
            self.connection.later(_SAVE, row)
        self.gathered = []

    def forget(self, person_id: int) -> None:
        """Delete a person's drafts and dialogs (erasure)."""
        self.gathered = [row for row in self.gathered if row["person_id"] != person_id]
        self.connection.execute(delete(DIALOGS).where(DIALOGS.c.person_id == person_id))

    def dropped(self, step: str, why: str, now: datetime) -> None:
        """A draft ended without a case (R102)."""
        self.connection.execute(insert(DRAFTS), {"at": now, "step": step, "why": why})
