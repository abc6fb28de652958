"""A whole program in one process: real store, real handlers, text-only platform, a clock that stands still."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.platforms.plain.platform import Plain, PlainOptions
from bot.queue import SilentBell
from bot.settings import Settings
from bot.wiring import CONSENT_VERSION
from handlers.courier import Pace
from handlers.deliver import Sender
from handlers.ports import Platform
from handlers.process import Drain
from handlers.receive import receive
from handlers.tools import Road, Tools
from storage import migrate
from storage.db import open_engine
from storage.law import Laws
from storage.media import open_store
from storage.seeding import seed_sample
from storage.unit_of_work import Store
from tests import warm
from workflows.events import ButtonPressed, ChatMoved, Envelope, Place, PlaceSent, Unsupported
from workflows.events import Sender as Speaker

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam, an ordinary working day


class StillClock:
    """Time goes on only when told."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> None:
        self.at += timedelta(**delta)


class Phones(Plain):
    """The text-only platform, on whose far end more can happen: presses, pins, replies, hidden administrators."""

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """As plain, and ``press``, ``place``, ``reply_to``, ``anonymous``, ``event`` where a line has them."""
        said = json.loads(payload)
        envelope = super().parse(payload, at) or Envelope(
            self.name, said["chat"], said.get("group", False), Speaker(said["user"], said.get("name", "")),
            Unsupported("nothing"), at, said["id"],
        )  # fmt: skip
        if "press" in said:
            envelope = replace(envelope, event=ButtonPressed(said["press"], f"{said['chat']}|{said['id']}"))
        if "place" in said:
            envelope = replace(envelope, event=PlaceSent(Place(*said["place"])))
        if "moved" in said:
            envelope = replace(envelope, event=ChatMoved(said["moved"]))
        if said.get("anonymous"):
            envelope = replace(envelope, sender=Speaker("", anonymous=True))
        return replace(envelope, reply_to=said.get("reply_to"), message=said["id"])

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """The toast is seen in the chat of the press."""
        if text:
            self._tell(press.partition("|")[0], f"[{text}]")


def make_tables(url: str) -> None:
    """Every table, into an empty database."""
    engine = open_engine(url)
    migrate.upgrade(engine)
    engine.dispose()


def prepare(url: str) -> None:
    """Every table and the sample, into an empty database."""
    make_tables(url)
    engine = open_engine(url)
    with Store(engine).write() as uow:
        seed_sample(uow, MONDAY)
    engine.dispose()


@cache
def _ready_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        prepare(f"sqlite:///{folder}/ready.sqlite3")
        return Path(folder, "ready.sqlite3").read_bytes()


def ready_sqlite(folder: Path) -> str:
    """The URL of a SQLite database with the sample in it, for those who make many in one test."""
    path = folder / "bot.sqlite3"
    path.write_bytes(_ready_file())
    return f"sqlite:///{path}"


class World:
    """The program with its far end in reach: put lines in, settle, read what was said."""

    name = "plain"  # the platform that people are on

    def __init__(
        self,
        url: str,
        folder: Path,
        platforms: Mapping[str, Platform] | None = None,
        clock: StillClock | None = None,
        **tools: Any,
    ) -> None:
        settings = Settings()
        self.clock = clock or StillClock()
        self.words = warm.words()
        self.plain = Phones(PlainOptions(), self.words)
        self.store = Store(warm.open_engine(url))
        self.tools = Tools(
            store=self.store,
            clock=self.clock,
            words=self.words,
            platforms={"plain": self.plain, **(platforms or {})},
            media=open_store((folder / "media").as_uri()),
            bell=SilentBell(),
            knowledge=warm.WellRead(self.clock.now, Laws(zone=settings.province.zone), warm.lookout()),
            road=Road(),
            consent_version=CONSENT_VERSION,
        )
        self.tools = replace(self.tools, **tools)
        self.drain = Drain(self.tools)
        self.sender = Sender(self.tools, Pace())
        self._ids = itertools.count(1)

    def close(self) -> None:
        self.store.engine.dispose()

    # --- far end ---------------------------------------------------------------------------------------------------

    def line(self, chat: str, user: str, *, settle: bool = True, **said: Any) -> None:
        """One line from a person in a chat of the text-only platform."""
        self.clock.forward(seconds=1)
        body = {"id": f"in{next(self._ids)}", "chat": chat, "user": user, **said}
        receive(self.tools, self.plain, json.dumps(body).encode())
        if settle:
            self.settle()

    def photo(self, chat: str, user: str, content: bytes, text: str = "", **said: Any) -> None:
        handle = f"file{next(self._ids)}"
        self.plain.far_end.files[handle] = content
        self.line(chat, user, photo=handle, text=text, **said)

    def settle(self) -> None:
        """Work and send until nothing is due."""
        for _ in range(200):
            worked = self.drain.batch(lease=False)
            sent = self.sender.settle()
            if not worked.rows and not worked.ask and not sent:
                return
        raise AssertionError("the world does not come to rest")

    def forward(self, **delta: float) -> None:
        self.clock.forward(**delta)
        self.settle()

    def batch(self) -> None:
        """What one more process does, which has nothing in memory."""
        Drain(self.tools).batch(lease=False)

    def said(self, chat: str) -> list[str]:
        """Everything that was said in a chat, oldest first."""
        return self.plain.far_end.texts(chat)

    def heard(self, chat: str) -> str:
        """The last message of a chat."""
        return self.said(chat)[-1]

    def link(self, chat: str, user: str, name: str, agency: str | None) -> None:
        """Link a group by its one-time code, as an administrator and an officer would."""
        with self.store.write() as uow:
            found = uow.agencies.by_code(agency) if agency else None
            uow.agencies.make_code(
                f"LINK-{chat}", found.id if found else None, self.clock.now(), self.clock.now() + timedelta(days=1)
            )
        self.line(chat, user, group=True, name=name, text=f"/lienket LINK-{chat}")
