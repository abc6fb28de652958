"""The whole road under any interleaving of words, time, quotas, closed windows and outages: every notice ends once."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handlers.upkeep import sweep
from storage.codec import dump
from tests.handlers.channels import TwoWorlds
from tests.handlers.test_notifier import greet, same_person
from tests.often import tries
from tests.world import ready_sqlite
from workflows.effects import Lane
from workflows.messages import say, text

CHATS = ("z-lan", "lan", "z-ba")  # the first two are one person's
KINDS = ((Lane.NOTICE, "notice"), (Lane.NOTICE, "question"), (Lane.BROADCAST, ""))
ENDS = {"sent", "bundled", "not_reached"}

ACTS = st.one_of(
    st.tuples(st.just("tell"), st.sampled_from(CHATS), st.integers(0, 2)),
    st.tuples(st.just("tell"), st.sampled_from(CHATS), st.integers(0, 2)),
    st.tuples(st.just("writes"), st.sampled_from(CHATS)),
    st.tuples(st.just("spent"), st.sampled_from(CHATS)),
    st.tuples(st.just("closed"), st.sampled_from(CHATS)),
    st.tuples(st.just("well"), st.sampled_from(CHATS)),
    st.tuples(st.just("down")),
    st.tuples(st.just("up")),
    st.tuples(st.just("hours"), st.sampled_from([1, 7, 40, 60, 100])),
)


class Road:
    """The world and what was told in it, each notice with words of its own."""

    def __init__(self, world: TwoWorlds) -> None:
        self.world = world
        self.told: list[str] = []
        for chat in CHATS:
            greet(world, chat, f"u-{chat}")
        same_person(world, "lan", "z-lan")

    def act(self, what: tuple) -> None:
        world, far = self.world, self.world.second
        match what:
            case ("tell", chat, kind):
                self.tell(chat, *KINDS[kind])
            case ("writes", chat):
                world.line(chat, f"u-{chat}", text="/trogiup")
            case ("spent", chat):
                far.spent.add(chat)
            case ("closed", chat):
                far.closed.add(chat)
            case ("well", chat):
                far.spent.discard(chat)
                far.closed.discard(chat)
            case ("down",):
                far.far_end.down = "timed_out"
            case ("up",):
                far.far_end.down = ""
            case ("hours", hours):
                self.later(hours)

    def tell(self, chat: str, lane: Lane, purpose: str) -> None:
        mark = f"PA-{len(self.told):04}-0000"
        self.told.append(mark)
        now, chat_id = self.world.clock.now(), self.world.chat_id(chat)
        with self.world.store.write() as uow:
            body = dump(say("my.not_found", code=text(mark)))
            uow.outbox.put(chat_id, lane, "send", body, now, purpose=purpose)
            uow.flush(now)
        self.world.settle()

    def later(self, hours: float) -> None:
        self.world.clock.forward(hours=hours)
        for _ in range(2):
            sweep(self.world.tools)
            self.world.settle()

    def ends(self) -> None:
        """The far end gets well, then more time passes than anything lasts."""
        self.act(("up",))
        for chat in CHATS:
            self.act(("well", chat))
        self.later(24)
        self.later(24 * 33)

    def check(self) -> None:
        heard = Counter(mark for chat in CHATS for said in self.world.said(chat) for mark in self.told if mark in said)
        rows = {row.id: row for row in self.world.rows() if row.body and "my.not_found" in row.body}
        assert len(rows) == len(self.told)
        with self.world.store.read() as uow:
            for row, mark in zip(rows.values(), self.told, strict=True):
                ends = [one["outcome"] for one in uow.outbox.ledger(row.id) if one["outcome"] in ENDS]
                assert len(ends) == 1, f"{mark} ended {ends}: {row.status} {row.outcome}"
                assert heard[mark] == (0 if ends == ["not_reached"] else 1), (
                    f"{mark}: {ends}, heard {heard[mark]} times"
                )
                assert row.status == ("never" if ends == ["not_reached"] else "sent")


@tries(0.5)
@given(acts=st.lists(ACTS, max_size=14))
def test_every_notice_is_heard_once_or_written_down_as_not_reached(acts):
    folder = Path(tempfile.mkdtemp(prefix="pa-"))
    world = TwoWorlds(ready_sqlite(folder), folder)
    try:
        road = Road(world)
        for what in acts:
            road.act(what)
        road.ends()
        road.check()
    finally:
        world.close()
        shutil.rmtree(folder)
