"""Whole reports through the program's own processes: one that accepts, one that works and sends into a sink."""

from __future__ import annotations

import contextlib
import cProfile
import http.client
import itertools
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from typing import Any, Literal

from benchmarks import citizen
from benchmarks.place import Place, free_port
from benchmarks.sink import Sink
from benchmarks.watch import END_SECONDS, end, must_run
from benchmarks.webhook import HEADERS, running, settings_for, wait_until_alive
from bot import jobs, logs
from bot.jobs import Runtime
from bot.processes import _listen, web
from bot.settings import Settings
from bot.wiring import World, build
from handlers.deliver import Sender
from handlers.ports import Outgoing
from handlers.receive import receive
from handlers.upkeep import sweep
from storage import migrate
from storage.db import open_engine
from storage.seeding import prepare

OPEN_CHATS = 100
WARM_UP = 100  # reports before the watch is started
FIRST_CHAT = 100_000
WEB_THREADS = 4  # what the web server's default is
DEADLINE = 120.0

Front = Literal["accepted", "http"]


class Trouble(RuntimeError):
    """What went wrong in a part of the measurement; the words begin with which."""


@dataclass(frozen=True, slots=True)
class Line:
    """Between the processes: bodies to be posted (None: no more), what they tell the measuring one, and the start."""

    posts: SimpleQueue[bytes | None]
    told: SimpleQueue[Any]
    go: Event

    def hear(self, *processes: BaseProcess) -> Any:
        """What is told next. Raises EndedTooEarly, Trouble that is told, or TimeoutError with who said nothing."""
        until = time.monotonic() + 3 * DEADLINE  # each of the two rounds of reports has its own deadline, and tells
        while self.told.empty():
            must_run(*processes)
            if time.monotonic() > until:
                raise TimeoutError(f"nothing is told by {', '.join(process.name for process in processes)}")
            time.sleep(0.002)
        told = self.told.get()
        if isinstance(told, Trouble):
            raise told
        return told

    @contextlib.contextmanager
    def troubles(self, who: str) -> Iterator[None]:
        """What goes wrong in here is told to the measuring process."""
        try:
            yield
        except Exception as error:
            self.told.put(Trouble(f"{who}: {type(error).__name__}: {error}"))
            raise


@dataclass(frozen=True, slots=True)
class Reports:
    """How many whole reports a second were accepted, worked, answered and noted."""

    rate: float

    @property
    def messages(self) -> float:
        """Citizens' messages a second."""
        return self.rate * citizen.STEPS


def run(place: Place, kind: str, conversations: int, front: Front = "accepted", profile: str = "") -> Reports:
    """So many reports, a hundred chats at a time, each message sent when the one before is answered."""
    settings = settings_for(place, kind, free_port())
    prepare_store(settings)
    context = get_context("spawn")
    line = Line(context.SimpleQueue(), context.SimpleQueue(), context.Event())
    worker = context.Process(target=_worker, args=(settings, line, conversations, profile), name=f"the worker, {kind}")
    worker.start()
    try:
        line.hear(worker)
        with (_accepting if front == "accepted" else _posting)(settings, line) as accepting:
            line.go.set()
            begun, ended = line.hear(worker, accepting)
    finally:
        end(worker)
    return Reports(conversations / (ended - begun))


def prepare_store(settings: Settings) -> None:
    """A database with our tables, the shipped categories and the sample of areas, agencies and routes."""
    engine = open_engine(settings.database_url)
    migrate.upgrade(engine)
    prepare(engine, datetime.now(UTC), sample=True)
    engine.dispose()


# --- the process that accepts --------------------------------------------------------------------------------------


@contextlib.contextmanager
def _accepting(settings: Settings, line: Line) -> Iterator[BaseProcess]:
    """In a process with as many threads as the web server has: what happens to a POST once Flask has read it."""
    process = get_context("spawn").Process(target=_accept, args=(settings, line), name="the accepting process")
    process.start()
    try:
        line.hear(process)
        yield process
        for _ in range(WEB_THREADS):
            line.posts.put(None)
        process.join(END_SECONDS)
    finally:
        end(process)


def _accept(settings: Settings, line: Line) -> None:
    logs.set_up("json", "ERROR")
    world = build(settings, only_doors=True)
    platform = world.doors["telegram"]

    def serve() -> None:
        with line.troubles("the accepting process"):
            accept()

    def accept() -> None:
        while (body := line.posts.get()) is not None:
            receive(world.tools, platform, body)

    line.told.put("accepting")
    _all_of([threading.Thread(target=serve) for _ in range(WEB_THREADS)])
    world.close()


@contextlib.contextmanager
def _posting(settings: Settings, line: Line) -> Iterator[BaseProcess]:
    """Through the real web server, posted from this process."""

    def post() -> None:
        with line.troubles("posting to the web server"):
            post_all()

    def post_all() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", settings.web.port, timeout=30)
        while (body := line.posts.get()) is not None:
            connection.request("POST", "/hooks/telegram", body, HEADERS | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

    with running(web, settings, signal.SIGINT) as process:
        wait_until_alive(settings.web.port, "/alive", lambda: must_run(process))
        posting = threading.Thread(target=lambda: _all_of([threading.Thread(target=post) for _ in range(WEB_THREADS)]))
        posting.start()
        try:
            yield process
        finally:
            for _ in range(WEB_THREADS):
                line.posts.put(None)
            posting.join(30)


def _all_of(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- the process that works ----------------------------------------------------------------------------------------


class Citizens:
    """What the people at the far end do: answer each answer, and let the next one begin when a report is sent."""

    def __init__(self, posts: SimpleQueue[bytes | None]) -> None:
        self._posts = posts
        self._step: dict[int, int] = {}
        self._chats = itertools.count(FIRST_CHAT)
        self._to_begin = self._to_finish = 0
        self._lock = threading.Lock()
        self.finished = threading.Event()
        self.done = 0

    def begin(self, conversations: int) -> None:
        """The first hundred of so many send their photo."""
        self.finished.clear()
        self.done, self._to_begin, self._to_finish = 0, conversations, conversations
        for _ in range(min(OPEN_CHATS, conversations)):
            self._next()

    def hear(self, outgoing: Outgoing) -> None:
        """Read an answer and go on."""
        chat, said = int(outgoing.chat), outgoing.message
        with self._lock:
            step = self._step[chat]
            if step >= citizen.STEPS or not citizen.is_answer(step, said):
                return
            self._step[chat] = step + 1
            last = step + 1 == citizen.STEPS
            self.done += last
            if self.done == self._to_finish:
                self.finished.set()
        if last:
            self._next()
        else:
            self._posts.put(citizen.update(chat, step + 1, citizen.chosen(step + 1, said)))

    def _next(self) -> None:
        with self._lock:
            if not self._to_begin:
                return
            self._to_begin -= 1
            chat = next(self._chats)
            self._step[chat] = 0
        self._posts.put(citizen.update(chat, 0))


def _worker(settings: Settings, line: Line, conversations: int, profile: str) -> None:
    logs.set_up("json", "ERROR")
    people = Citizens(line.posts)
    sink = Sink(people.hear)
    world = build(settings, platforms={sink.name: sink})
    runtime = Runtime(world.tools, Sender(world.tools, world.pace()))
    jobs.run_here(runtime)
    if profile:
        _profiled(runtime, profile)
    runtime.start()
    threading.Thread(target=_watch, args=(world, people, line, conversations), daemon=True).start()
    line.told.put("ready")
    try:
        _listen(world)
    finally:
        runtime.stop()
        world.close()


def _watch(world: World, people: Citizens, line: Line, conversations: int) -> None:
    """Tell when it began, and when the last reply, card and photo was noted."""
    with line.troubles("the worker"):
        if not line.go.wait(DEADLINE):
            raise TimeoutError("nobody gave the start")
        _all_sent(world, people, WARM_UP)  # what is read once and prepared once belongs to a worker's start
        begun = time.monotonic()
        _all_sent(world, people, conversations)
        line.told.put((begun, time.monotonic()))


def _all_sent(world: World, people: Citizens, conversations: int) -> None:
    people.begin(conversations)
    until = time.monotonic() + DEADLINE
    while not people.finished.wait(1):  # the sweep that a running program has beside its worker
        sweep(world.tools)
        if time.monotonic() > until:
            raise TimeoutError(f"only {people.done} of {conversations} reports were finished")
    while waiting := _waiting(world):
        if time.monotonic() > until:
            raise TimeoutError(f"{waiting} messages of {conversations} reports were never noted as sent")
        time.sleep(0.005)


def _waiting(world: World) -> int:
    with world.store.read() as uow:
        counts = uow.outbox.counts()
    return counts.get("new", 0) + counts.get("sending", 0)


def _profiled(runtime: Runtime, path: str) -> None:
    """Profile the drain thread (for whoever looks for what is slow; not part of a measurement)."""
    run = runtime._run

    def measured() -> None:
        profiler = cProfile.Profile()
        profiler.runcall(run)
        profiler.dump_stats(path)

    runtime._thread = threading.Thread(target=measured, name="drain", daemon=True)
