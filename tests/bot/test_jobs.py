"""A worker's two engines: woken by a ring or by themselves, they work and send what is there."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.jobs import Runtime
from handlers.courier import Pace
from handlers.deliver import Sender
from handlers.process import Drain
from storage.codec import dump
from tests.world import World
from workflows import codes

pytestmark = pytest.mark.both_databases
PATIENCE = 60  # seconds
NAMED = re.compile(r"Không thấy mã (\S{12})")


class Bell:
    """Counts what a worker says to it."""

    def __init__(self):
        self.said = []

    def ring(self):
        self.said.append("ring")

    def more(self):
        self.said.append("more")

    def looked(self):
        self.said.append("looked")


def until(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)


@pytest.fixture
def world(ready_url, tmp_path):
    world = World(ready_url, tmp_path, bell=Bell())
    yield world
    world.close()


@pytest.fixture
def started(world):
    """Starts an engine on the world as it then is; whatever happens it is stopped."""
    engines = []

    def start():
        engines.append(Runtime(world.tools, Sender(world.tools, Pace())))
        engines[-1].start()
        return engines[-1]

    yield start
    for engine in engines:
        engine.stop()


@pytest.fixture
def running(world, started):
    road = replace(world.tools.road, sweep=timedelta(seconds=0.2), batch=4)
    world.tools = replace(world.tools, road=road)
    return started()


def test_what_comes_is_answered_without_any_ring(world, running):
    for number in range(6):
        world.line(f"c{number}", f"u{number}", text="/start", settle=False)
    until(lambda: len(world.plain.far_end.told) == 6)
    until(lambda: set(sent(world)) == {"sent"})


def sent(world):
    with world.store.read() as uow:
        return uow.connection.plain.exec_driver_sql("select status from outbox").scalars().all()


def test_it_says_when_it_looked_and_when_more_hands_are_wanted(world, running):
    for number in range(12):
        world.line(f"c{number}", f"u{number}", text="/start", settle=False)
    running.wake()
    until(lambda: len(world.plain.far_end.told) == 12)
    until(lambda: {"more", "looked"} <= set(world.tools.bell.said))


def test_what_falls_due_is_worked_then_and_not_at_the_next_sweep(world, started):
    """An album that has been quiet for a moment is answered; the sweep would come in an hour."""
    road = replace(world.tools.road, sweep=timedelta(hours=1))
    world.tools = replace(world.tools, road=road, clock=SystemClock())
    now = world.tools.clock.now()
    with world.store.write() as uow:
        uow.inbox.wake("plain", "lan", "soon", dump({"about": "x", "version": 0}), now, now + timedelta(seconds=0.4))
        uow.flush(now)
    started()
    until(lambda: statuses(world) == ["done"])


def statuses(world):
    with world.store.read() as uow:
        return uow.connection.plain.exec_driver_sql("select status from inbox").scalars().all()


def test_order_holds_in_a_chat_while_many_are_worked(world, running):
    """Each asks for a code that nobody has; the answer names it."""
    unknown = [codes.make("PA", [number] * 7) for number in range(8)]
    for code in unknown:
        for chat in ("a", "b", "c"):
            world.line(chat, f"u{chat}", text=f"/tracuu {code}", settle=False)
    until(lambda: len(world.plain.far_end.told) == 24)
    for chat in ("a", "b", "c"):
        assert [NAMED.search(text)[1] for text in world.said(chat)] == unknown


def test_stopping_finishes_what_was_begun(world, started):
    gate = threading.Event()
    real = world.plain.send

    def slow(outgoing):
        gate.wait(PATIENCE)
        return real(outgoing)

    world.plain.send = slow
    runtime = started()
    world.line("c1", "u1", text="/start", settle=False)
    runtime.wake()
    until(lambda: "sending" in sent(world))
    gate.set()
    runtime.stop()
    assert sent(world) == ["sent"]


def test_a_failing_store_ends_no_engine(world, running, monkeypatch):
    failed = threading.Event()

    def broken(self, *, lease, beside):
        failed.set()
        raise OSError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(Drain, "batch", broken)
        running.wake()
        assert failed.wait(PATIENCE)
    world.line("c1", "u1", text="/start", settle=False)
    until(lambda: len(world.plain.far_end.told) == 1)
