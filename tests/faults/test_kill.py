"""Nothing that was acknowledged is lost, and nothing is said too often, whatever is killed and when."""

from __future__ import annotations

import logging
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot import rehearsal
from bot.sandbox import world as sandbox
from bot.sandbox.client import SandboxError, World
from bot.sandbox.store import Json
from storage.db import open_engine, reading
from storage.models import Case, CaseEvent, Chat, Delivery, Inbox, Outbox, table_of
from storage.unit_of_work import Store
from tests.faults.cluster import Cluster, until
from workflows.case.replay import replay

pytestmark = pytest.mark.slow

CASES, CHATS, DELIVERIES, EVENTS, INBOX, OUTBOX = (
    table_of(model) for model in (Case, Chat, Delivery, CaseEvent, Inbox, Outbox)
)
SPOT = (16.4575, 107.6227)  # in the sample's phường An Cựu
APART = 0.0007  # some 75 metres, in degrees: what is nearer may be offered as the same matter
CODE = re.compile(r"PA-\w{4}-\w{4}")
VICTIMS = ("worker-0", "worker-0", "worker-1", "web", "tick", "redis")

# What must have been said before a citizen goes on, and what they do then.
SCRIPT = (
    ("", "start", ""),
    ("Xin chào", "press", "Gửi phản ánh mới"),
    ("có đồng ý không", "press", "Đồng ý"),
    ("gửi ảnh hoặc video", "photo", "Đèn đường hỏng từ ba tối nay"),
    ("Sự việc xảy ra ở đâu", "location", ""),
    ("một trong các mục này", "press", "Chiếu sáng"),
    ("xem lại trước khi gửi", "press", "Gửi phản ánh"),
    ("Mã phản ánh", "", ""),
)


class Crowd:
    """Many citizens at once, moved on whenever what they wait for was said; one officer takes what comes."""

    def __init__(self, cluster: Cluster, size: int) -> None:
        self.client = cluster.client
        self.people = self.client.add_people(*(f"Người {number}" for number in range(size)))
        self.place = dict.fromkeys(self.people, 0)
        self.heard = dict.fromkeys(self.people, 0)  # the message answered last: a repeated one is not answered again
        self.taken: set[str] = set()
        self.steps = 0

    def move(self, *, take: int) -> bool:
        """Look once and let everybody go on who can; ``take``: how many cases the officer takes. True when done."""
        world = self.client.look()
        for person in self.people:
            self._go_on(world, person)
        self._take(world, take)
        return all(self.place[person] == len(SCRIPT) for person in self.people) and len(self.taken) >= take

    def waiting(self) -> str:
        """For whom it is not over, and what they wait for."""
        places = Counter(SCRIPT[place][0] for place in self.place.values() if place < len(SCRIPT))
        return f"{dict(places)}, {len(self.taken)} cases taken"

    def _go_on(self, world: World, person: int) -> None:
        place = self.place[person]
        if place == len(SCRIPT):
            return
        words, act, what = SCRIPT[place]
        heard = self.heard[person]
        said = [one for one in world.from_bot(person) if words in one["text"] and one["message_id"] > heard]
        if words and not said:
            return
        citizen = self.client.citizen(person)
        if act == "start":
            citizen.starts()
        elif act == "press":
            button = _button(said[-1], what)
            if button is None:
                return
            citizen.presses(said[-1]["message_id"], button)
        elif act == "photo":
            citizen.sends_photo("lamp", caption=what)
        elif act == "location":
            row, column = divmod(self.people.index(person), 15)
            citizen.sends_location(SPOT[0] - row * APART, SPOT[1] + (column - 7) * APART)
        self.place[person] += 1
        self.steps += 1
        self.heard[person] = said[-1]["message_id"] if said else 0

    def _take(self, world: World, most: int) -> None:
        for card in world.from_bot(sandbox.AN_CUU):
            code, button = CODE.search(card["text"]), _button(card, "Nhận xử lý")
            if code and button and code[0] not in self.taken and len(self.taken) < most:
                self.client.as_person(sandbox.AN_CUU, sandbox.DUC).presses(card["message_id"], button)
                self.taken.add(code[0])


def _button(message: Json, label: str) -> str | None:
    buttons = (button for row in message["buttons"] for button in row)
    return next((str(one["callback_data"]) for one in buttons if label in one["text"]), None)


@pytest.fixture
def quiet() -> Iterator[None]:
    """The far end's log of every look says nothing."""
    log = logging.getLogger("werkzeug")
    before = log.level
    log.setLevel(logging.WARNING)
    yield
    log.setLevel(before)


def run(folder: Path, url: str, size: int, kills: int, workers: int = 1) -> None:
    """Citizens report, an officer takes cases, and every few steps somebody is killed; then all must be in order."""
    cluster = Cluster(folder, url, workers=workers)
    engine = open_engine(url)
    try:
        cluster.start(lambda: rehearsal.prepare(Store(engine), datetime.now(UTC)))
        chance = random.Random(int(os.environ.get("SOAK_SEED", "7")))
        crowd, take = Crowd(cluster, size), min(size, 8)
        between = max(1, size * (len(SCRIPT) - 1) // (kills + 1))

        def over() -> bool:
            try:
                done = crowd.move(take=take)
            except SandboxError as error:
                raise AssertionError(f"the far end: {error}") from error
            if crowd.steps >= between * (1 + sum(cluster.kills.values())) and not done:
                victims = [name for name in VICTIMS if name in cluster.roles or name == "redis"]
                cluster.kill(chance.choice(victims if cluster.kills else ["worker-0"]))
            return done

        until("every citizen has a receipt", over, 60 + 3 * size, crowd.waiting)
        until("everything has come in", lambda: cluster.client.look().bot["pending"] == 0, 60 + size)
        until("everything has gone out", lambda: at_rest(engine), 60 + size)
        check(engine, cluster, crowd, take)
        print(f"{size} reports, killed: {cluster.kills}")
    except AssertionError:
        print(cluster.tail())
        raise
    finally:
        engine.dispose()
        cluster.stop()


def at_rest(engine: Engine) -> bool:
    """No delivery waits, and no message but cards, of which a group gets only so many a minute."""
    with reading(engine) as look:
        coming = look.scalar(select(func.count()).where(INBOX.c.status == "new", INBOX.c.kind == "delivery"))
        going = look.scalar(
            select(func.count()).where(OUTBOX.c.status.in_(("new", "sending")), OUTBOX.c.kind.in_(("send", "fetch")))
        )
    return coming == 0 and going == 0


def check(engine: Engine, cluster: Cluster, crowd: Crowd, take: int) -> None:
    """One case a report; every notice at least once, and at most once more for each time its fate was unknown."""
    with reading(engine) as look:
        mine = look.execute(select(CASES.c.reporter_id, func.count()).group_by(CASES.c.reporter_id)).all()
        dead = look.scalar(select(func.count()).where(INBOX.c.status == "dead"))
        lost = look.scalar(select(func.count()).where(OUTBOX.c.status == "dead"))
        held = look.scalar(select(func.count()).where(CHATS.c.held_until.is_not(None)))
        claims = look.execute(
            select(EVENTS.c.case_id, func.count()).where(EVENTS.c.action == "claim").group_by(EVENTS.c.case_id)
        ).all()
        receipts = look.execute(
            select(OUTBOX.c.id, OUTBOX.c.rendered).where(OUTBOX.c.rendered.contains("Mã phản ánh:"))
        ).all()
        unknown = Counter(look.scalars(select(DELIVERIES.c.outbox_id).where(DELIVERIES.c.outcome == "unknown")))
    assert sum(cluster.kills.values()) > 0
    assert [count for _, count in mine] == [1] * len(crowd.people)
    assert (dead, lost, held) == (0, 0, 0)
    assert [count for _, count in claims] == [1] * take
    seen: Counter[str] = Counter()
    world = cluster.client.look()
    for person in crowd.people:
        codes = [CODE.search(one["text"]) for one in world.from_bot(person) if "Mã phản ánh:" in one["text"]]
        seen.update(code[0] for code in codes if code)
    assert len(receipts) == len(crowd.people)
    for row, rendered in receipts:
        found = CODE.search(rendered)
        assert found
        assert 1 <= seen[found[0]] <= 1 + unknown[row]
    assert sum(seen.values()) - len(seen) <= sum(cluster.kills.values())
    with Store(engine).read() as uow:
        for row in uow.cases.listing(how_many=1000):
            assert replay(uow.cases.events(row.id)) == row.case


def test_kills_lose_nothing(tmp_path: Path, postgres_url: str, quiet: None) -> None:
    """kill -9 of worker, web, tick and Redis while a few people report."""
    run(tmp_path, postgres_url, size=5, kills=3)


def test_a_kill_loses_nothing_on_sqlite(tmp_path: Path, sqlite_url: str, quiet: None) -> None:
    """The same in small on the other database."""
    run(tmp_path, sqlite_url, size=3, kills=1)


@pytest.mark.soak
def test_kills_among_two_hundred_conversations(tmp_path: Path, postgres_url: str, quiet: None) -> None:
    """The long form; `SOAK_SEED` chooses another order of kills."""
    run(tmp_path, postgres_url, size=200, kills=40, workers=2)
