"""A world of two text-only platforms: one without limits, one that counts from a person's last word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.platforms.plain.platform import PlainOptions
from handlers.ports import Outgoing, QuotaSpent, SendNever, Sent, WindowClosed
from handlers.receive import receive
from storage.models import Outbox, table_of
from tests import warm
from tests.world import Phones, World
from workflows.events import BotMembership, Envelope
from workflows.notifier.channels import Window

OUTBOX = table_of(Outbox)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Limited(Phones):
    """The second platform: its far end refuses what its own rules forbid, whatever we think of it."""

    name = "limited"

    def __init__(self, options: PlainOptions, words: Any, window: Window | None) -> None:
        super().__init__(options, words)
        self.capabilities = replace(type(self).capabilities, window=window)
        self.closed: set[str] = set()  # chats whose window the far end says is closed
        self.spent: set[str] = set()  # chats with a spent quota
        self.refused = 0

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        envelope = super().parse(payload, at)
        if envelope is not None and "present" in (said := json.loads(payload)):
            envelope = replace(envelope, event=BotMembership(said["present"]))
        return replace(envelope, platform=self.name) if envelope else None

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.chat in self.closed:
            self.refused += 1
            raise WindowClosed("silent_for_too_long")
        if outgoing.chat in self.spent:
            self.refused += 1
            raise QuotaSpent(3600, "quota_spent")
        if outgoing.chat in self.far_end.lost:
            raise SendNever("blocked", chat_lost=True)
        return super().send(outgoing)


WINDOW = Window(free=48 * HOUR, last=7 * DAY, late_price=55)


class TwoWorlds(World):
    """The world with both; ``second`` is the one with limits."""

    def __init__(self, url: str, folder: Path, window: Window | None = WINDOW, **more: Any) -> None:
        self.second = Limited(PlainOptions(), warm.words(), window)
        super().__init__(url, folder, {"limited": self.second}, **more)

    def line(self, chat: str, user: str, *, settle: bool = True, **said: Any) -> None:
        """Chats whose names begin with z- are on the second platform."""
        if not chat.startswith("z-"):
            return super().line(chat, user, settle=settle, **said)
        self.clock.forward(seconds=1)
        body = {"id": f"in{next(self._ids)}", "chat": chat, "user": user, **said}
        receive(self.tools, self.second, json.dumps(body).encode())
        if settle:
            self.settle()
        return None

    def photo(self, chat: str, user: str, content: bytes, text: str = "", **said: Any) -> None:
        handle = f"file{next(self._ids)}"
        self.plain.far_end.files[handle] = self.second.far_end.files[handle] = content
        self.line(chat, user, photo=handle, text=text, **said)

    def said(self, chat: str) -> list[str]:
        return (self.second if chat.startswith("z-") else self.plain).far_end.texts(chat)

    def chat_id(self, chat: str) -> int:
        platform = "limited" if chat.startswith("z-") else "plain"
        with self.store.read() as uow:
            found = uow.chats.find(platform, chat)
        assert found is not None
        return found.id

    def rows(self, **columns: Any) -> list[Any]:
        """Rows of the outbox with these values, oldest first."""
        with self.store.read() as uow:
            found = OUTBOX.select().order_by(OUTBOX.c.id)
            for name, value in columns.items():
                found = found.where(OUTBOX.c[name] == value)
            return list(uow.connection.execute(found))
