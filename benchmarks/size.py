"""What a citizen's and an officer's step cost with very many cases in the store, against the same with few."""

from __future__ import annotations

import gc
import itertools
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event

from benchmarks import bulk, citizen
from benchmarks.place import Place, free_port
from benchmarks.road import prepare_store
from benchmarks.sink import Sink
from benchmarks.table import Row, median
from benchmarks.webhook import settings_for
from bot import logs, rehearsal
from bot.sandbox import world as sandbox
from bot.wiring import World, build
from handlers.courier import Pace
from handlers.deliver import Sender
from handlers.knowledge import Knowledge
from handlers.ports import Outgoing
from handlers.process import Drain
from handlers.receive import receive
from handlers.tools import Tools
from storage.law import Laws
from storage.seeding import read_lookout
from workflows.messages import Message

LIMIT = 1.2
FEW, MANY, QUICK_MANY = 10_000, 1_000_000, 100_000
PAIRS = 5
GATED = ("citizen", "officer")
REPORTS = 10  # in one measurement of a citizen; each with an officer who looks, searches and takes it

OFFICERS = {sandbox.CONSTRUCTION: sandbox.HUY, sandbox.AN_CUU: sandbox.DUC, sandbox.OPERATORS: sandbox.HA}


def measure(place: Place) -> Iterator[Row]:
    """Interleaved pairs; the statements and plans of both are compared as well."""
    logs.set_up("json", "WARNING")
    many = QUICK_MANY if place.quick else MANY
    few_store, many_store = _store(place, FEW), _store(place, many)
    for store in (few_store, many_store):  # caches, prepared statements
        store.play(2)
    pairs = [(few_store.play(REPORTS), many_store.play(REPORTS)) for _ in range(PAIRS)]
    for who in (*GATED, "search"):
        few = median(one.seconds[who] for one, _ in pairs)
        ratio = median(other.seconds[who] / one.seconds[who] for one, other in pairs)
        ours = f"{1000 * ratio * few:.2f} ms"
        against = f"{1000 * few:.2f} ms: with {FEW:,} cases"
        what = f"{who}'s step, {many:,} cases" if who in GATED else f"search by two frequent words, {many:,} cases"
        limit = (f"≤ {LIMIT:.2f}", ratio <= LIMIT) if who in GATED else ("", None)
        yield Row("size", what, ours, against, ratio, *limit)
    few_plans, many_plans = few_store.plans(), many_store.plans()
    for who in GATED:
        few_said, many_said = few_store.said[who], many_store.said[who]
        for one in few_said.keys() | many_said.keys():
            if few_said[one] != many_said[one]:
                print(f"\n{one}\n  {who}, {FEW}: {few_said[one]}, {many}: {many_said[one]}", file=sys.stderr)
        counts = [store.said[who].total() / store.steps[who] for store in (few_store, many_store)]
        yield Row("size", f"statements in a {who}'s step", f"{counts[1]:.2f}", f"{counts[0]:.2f}", None, "the same",
                  few_said == many_said)  # fmt: skip
    different = [one for one in few_plans.keys() & many_plans.keys() if few_plans[one] != many_plans[one]]
    for one in different:
        print(f"\n{one}\n  {FEW}: {few_plans[one]}\n  {many}: {many_plans[one]}", file=sys.stderr)
    yield Row("size", "query plans", f"{len(different)} differ", f"of {len(few_plans)}", None, "the same",
              not different and few_plans.keys() == many_plans.keys())  # fmt: skip
    for store in (few_store, many_store):
        store.world.close()


def _store(place: Place, cases: int) -> Store:
    settings = settings_for(place, "postgresql", free_port())
    prepare_store(settings)
    store = Store(settings)
    begun = time.monotonic()
    store.model()
    bulk.fill(store.world.engine, cases)
    print(f"    {cases:,} cases loaded in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return store


@dataclass(slots=True)
class Played:
    """Seconds a step, of the citizens and of the officers."""

    seconds: dict[str, float]


@dataclass(slots=True)
class Ticks:
    """Goes on by a second with every act, so that what is done by time is done as often in either store."""

    at: datetime

    def now(self) -> datetime:
        """The instant of this act."""
        return self.at


@dataclass(slots=True)
class Store:
    """One store with its program in this thread, a far end, and what was asked of the database."""

    settings: Any
    world: World = field(init=False)
    said: dict[str, Counter[str]] = field(default_factory=lambda: {who: Counter() for who in GATED})
    steps: Counter[str] = field(default_factory=Counter)
    statements: dict[str, Any] = field(default_factory=dict)
    heard: list[Outgoing] = field(default_factory=list)
    chats: Iterator[int] = field(default_factory=lambda: itertools.count(700_000_001))
    updates: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    who: str = ""
    took: float = 0.0  # seconds of the last act
    card: Outgoing | None = None  # of the last case, in its agency's group

    def __post_init__(self) -> None:
        self.sink = Sink(self.heard.append)
        self.world = build(self.settings, platforms={Sink.name: self.sink})
        self.clock = Ticks(self.world.clock.now())
        rehearsal.prepare(self.world.store, self.clock.at)
        self.tools = replace(self.world.tools, knowledge=_read_once(self.world), clock=self.clock)
        self.drain = Drain(self.tools)
        self.sender = Sender(self.tools, Pace())
        event.listen(self.world.engine, "before_cursor_execute", self._asked)

    clock: Ticks = field(init=False)
    sink: Sink = field(init=False)
    tools: Tools = field(init=False)
    drain: Drain = field(init=False)
    sender: Sender = field(init=False)

    def model(self) -> None:
        """The one case that is copied."""
        self._report()

    def play(self, reports: int) -> Played:
        """So many reports, each looked up and taken by an officer."""
        for said in self.said.values():
            said.clear()
        self.steps.clear()
        spent = dict.fromkeys((*GATED, "search"), 0.0)
        gc.collect()
        for _ in range(reports):
            for who, act in (("citizen", self._report), ("officer", self._work), ("search", self._search)):
                self.who = who
                self.steps[who] += act()
                spent[who] += self.took
        self.who = ""
        return Played({who: spent[who] / self.steps[who] for who in spent})

    def _report(self) -> int:
        """A new citizen's six messages."""
        chat, self.took = next(self.chats), 0.0
        said = Message(())
        for step in range(citizen.STEPS):
            heard = self._happens(citizen.update(chat, step, citizen.chosen(step, said)))
            mine = [one.message for one in heard if one.chat == str(chat)]
            said = next((one for one in mine if citizen.is_answer(step, one)), Message(()))
            assert said.lines, f"step {step} was answered with {[[line.key for line in one.lines] for one in mine]}"
        self.card = next((one for one in heard if one.group and _take(one.message)), None)
        return citizen.STEPS

    def _work(self) -> int:
        """The officer lists the cases, searches a street, takes the new case; an operator lists what waits."""
        assert self.card, "a case's card has reached a group"
        group, self.took = int(self.card.chat), 0.0
        self._happens(self._in_group(group, text="/viec"))
        self._happens(self._in_group(group, text=f"/tim {self._code()}"))
        self._happens(self._in_group(group, press=_take(self.card.message)))
        self._happens(self._in_group(sandbox.OPERATORS, text="/viec"))
        return 4

    def _search(self) -> int:
        """The officer searches two words that every tenth case of theirs has."""
        self.took = 0.0
        self._happens(self._in_group(sandbox.AN_CUU, text="/tim Lê Lợi"))
        return 1

    def _code(self) -> str:
        """The code of the newest case."""
        with self.world.store.read() as uow:
            row = uow.cases.get(int(_take(self.card.message).split(":")[1])) if self.card else None
        return row.case.code if row else ""

    def _in_group(self, group: int, text: str = "", press: str = "") -> bytes:
        number = 1_000_000_000_000 + next(self.updates)
        officer = {"id": OFFICERS[group], "is_bot": False, "first_name": "Huy", "last_name": "Ngô Quang"}
        message = {"message_id": number % 10_000_000, "from": officer, "date": 1_795_000_000, "text": text or "?",
                   "chat": {"id": group, "type": "supergroup", "title": "Sở Xây dựng"}}  # fmt: skip
        if not press:
            return json.dumps({"update_id": number, "message": message}).encode()
        query = {"id": str(number), "from": officer, "chat_instance": "1", "data": press, "message": message}
        return json.dumps({"update_id": number, "callback_query": query}).encode()

    def _happens(self, body: bytes) -> list[Outgoing]:
        """One delivery, from its acceptance to the notes of all that it leads to."""
        self.heard.clear()
        self.clock.at += timedelta(seconds=1)
        begun = time.perf_counter()
        receive(self.tools, self.sink, body)
        while True:
            worked = self.drain.batch(lease=False)
            if not worked.rows and not worked.ask and not self.sender.settle():
                break
        self.took += time.perf_counter() - begun
        return list(self.heard)

    # --- what was asked of the database ----------------------------------------------------------------------------

    def _asked(self, connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if self.who in GATED:
            shape = _shape(statement)
            self.said[self.who][shape] += 1
            if not isinstance(parameters, (list, tuple)):
                self.statements[shape] = (statement, parameters)

    def plans(self) -> dict[str, str]:
        """The plan of every statement by its text, without costs and row counts."""
        self.who = ""
        found = {}
        with self.world.engine.connect() as connection:
            for shape, (statement, parameters) in self.statements.items():
                if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
                    lines = connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters).scalars()
                    found[shape] = " | ".join(_node(line) for line in lines if _node(line))
        return found


def _read_once(world: World) -> Knowledge:
    """What hardly ever changes, read at the first use only: when it is read again is not the cases' doing."""
    now = world.clock.now()
    return Knowledge(lambda: now, Laws(zone=world.settings.province.zone), read_lookout())


def _take(message: Message) -> str:
    """The data of a card's button by which an officer takes the case; "" when there is none."""
    return next((one.data for row in message.buttons for one in row if one.data.endswith(":claim")), "")


def _shape(statement: str) -> str:
    """A statement whose list of values may be of any length."""
    return " ".join(re.sub(r"IN \([^()]*\)", "IN (…)", statement).split())


def _node(line: str) -> str:
    """A line of a plan if it names a node: its kind, table and index, without conditions and their values."""
    stripped = line.strip()
    if stripped.startswith("->") or not re.match(r"(\w+ )*(Cond|Filter|Key|Sort|Group|Join)\b.*:", stripped):
        return re.sub(r"\s+", " ", stripped.removeprefix("->").strip())
    return ""
