"""Whatever the order of workers' steps, deaths and repeats: worked once, said at least once, hardly ever twice."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from handlers.receive import receive
from handlers.upkeep import sweep
from storage.models import Inbox, Outbox, table_of
from storage.unit_of_work import UnitOfWork
from tests.often import tries
from tests.world import World, ready_sqlite
from workflows import codes

INBOX, OUTBOX = table_of(Inbox), table_of(Outbox)
CHATS = st.sampled_from(["c1", "c2", "c3"])


class Killed(BaseException):
    """kill -9: nothing of ours catches it, and nothing is cleaned up."""


class Road(RuleBasedStateMachine):
    """Each delivery asks for a code that nobody has; the answer names the code, so each can be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.world = World(ready_sqlite(path), path)
        self.asked: list[tuple[str, str]] = []
        self.kills = 0

    @rule(chat=CHATS)
    def deliver(self, chat: str) -> None:
        number = len(self.asked)
        code = codes.make("PA", [(number // 25**place) % 25 for place in range(7)])
        self.asked.append((chat, code))
        self._put(number)

    @rule(which=st.integers(0, 200))
    def repeat(self, which: int) -> None:
        if self.asked:
            self._put(which % len(self.asked))

    @rule(lease=st.booleans())
    def work(self, lease: bool) -> None:
        self.world.sender.send_here(self.world.drain.batch(lease=lease).born)

    @rule()
    def die_before_the_commit(self) -> None:
        def dies(*_: object) -> None:
            raise Killed

        self._dying(UnitOfWork, "flush", dies, lambda: self.world.drain.batch(lease=False))

    @rule()
    def die_after_the_commit(self) -> None:
        if self.world.drain.batch(lease=True).born:
            self.kills += 1

    @rule()
    def send(self) -> None:
        self.world.sender.settle()

    @rule()
    def die_between_send_and_note(self) -> None:
        def dies(*_: object) -> None:
            raise Killed

        self._dying(self.world.sender, "_note", dies, self.world.sender.settle)

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.forward(seconds=seconds)
        sweep(self.world.tools)

    def teardown(self) -> None:
        for _ in range(3):
            self.time_passes(61)
            self.world.settle()
        try:
            self._check()
        finally:
            self.world.close()
            self.folder.cleanup()

    def _check(self) -> None:
        with self.world.store.read() as uow:
            worked = uow.connection.execute(select(INBOX.c.status)).scalars().all()
            sent = uow.connection.execute(select(OUTBOX.c.status)).scalars().all()
        assert worked == ["done"] * len(self.asked)
        assert sent == ["sent"] * len(self.asked)
        told = Counter(one.text.split("Không thấy mã ")[1][:12] for one in self.world.plain.far_end.told)
        assert set(told) == {code for _, code in self.asked}
        assert all(1 <= count <= 1 + self.kills for count in told.values())
        for chat in {chat for chat, _ in self.asked}:
            first = list(dict.fromkeys(text.split("Không thấy mã ")[1][:12] for text in self.world.said(chat)))
            assert first == [code for where, code in self.asked if where == chat]

    def _put(self, number: int) -> None:
        chat, code = self.asked[number]
        line = {"id": f"d{number}", "chat": chat, "user": f"u-{chat}", "text": f"/tracuu {code}"}
        receive(self.world.tools, self.world.plain, json.dumps(line).encode())

    def _dying(self, owner: object, name: str, death: object, act: object) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, death)
            try:
                act()  # type: ignore[operator]
            except Killed:
                self.kills += 1


Road.TestCase.settings = tries(0.3, stateful_step_count=25, suppress_health_check=list(HealthCheck))
TestRoad = Road.TestCase
