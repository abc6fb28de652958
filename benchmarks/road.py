"""Whole reports through the program's own processes: one that accepts, two that work and send into a sink."""

from __future__ import annotations

import contextlib
import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any, Literal

from benchmarks import citizen
from benchmarks.crowd import Crowd
from benchmarks.place import Place, free_port
from benchmarks.sink import Sink
from benchmarks.watch import END_SECONDS, end, must_run
from benchmarks.webhook import HEADERS, running, settings_for, wait_until_alive
from bot import jobs, logs
from bot.jobs import Runtime
from bot.processes import _listen, collect_rarely, web
from bot.settings import Settings
from bot.wiring import World, build
from handlers.deliver import Sender
from handlers.receive import receive
from handlers.upkeep import sweep
from storage import migrate
from storage.db import open_engine
from storage.seeding import prepare
from workflows.frozen import frozen

WARM_UP = 300  # reports before the watch is started: until every statement of a worker has been prepared
WORKERS = 2
WEB_THREADS = 4  # what the web server's default is
DEADLINE = 120.0

Front = Literal["accepted", "http"]


class Trouble(RuntimeError):
    """What went wrong in a part of the measurement; the words begin with which."""


@frozen
class Line:
    """Between the processes: bodies to be posted (None: no more), and what they tell the measuring one."""

    posts: SimpleQueue[bytes | None]
    told: SimpleQueue[Any]

    def look(self, *processes: BaseProcess) -> Any:
        """What is told, or None. Raises EndedTooEarly for a process that is gone, or Trouble that is told."""
        must_run(*processes)
        told = None if self.told.empty() else self.told.get()
        if isinstance(told, Trouble):
            raise told
        return told

    def hear(self, *processes: BaseProcess) -> Any:
        """What is told next. Raises as ``look`` does, or TimeoutError with who said nothing."""
        until = time.monotonic() + DEADLINE
        while (told := self.look(*processes)) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"nothing is told by {', '.join(process.name for process in processes)}")
            time.sleep(0.002)
        return told

    @contextlib.contextmanager
    def troubles(self, who: str) -> Iterator[None]:
        """What goes wrong in here is told to the measuring process."""
        try:
            yield
        except Exception as error:
            self.told.put(Trouble(f"{who}: {type(error).__name__}: {error}"))
            raise


@frozen
class Reports:
    """How many whole reports a second were accepted, worked, answered and noted."""

    rate: float

    @property
    def messages(self) -> float:
        """Citizens' messages a second."""
        return self.rate * citizen.STEPS


def run(place: Place, kind: str, conversations: int, front: Front = "accepted") -> Reports:
    """So many reports, a hundred chats at a time, each message sent when the one before is answered."""
    settings = settings_for(place, kind, free_port())
    prepare_store(settings)
    context = get_context("spawn")
    line = Line(context.SimpleQueue(), context.SimpleQueue())
    crowd = Crowd.of(line.posts.put, WARM_UP + conversations)
    workers = [
        context.Process(target=_worker, args=(settings, line, crowd), name=f"worker {number}, {kind}")
        for number in range(1, WORKERS + 1)
    ]
    for worker in workers:
        worker.start()
    try:
        for _ in workers:
            line.hear(*workers)
        with (
            (_accepting if front == "accepted" else _posting)(settings, line) as accepting,
            contextlib.closing(build(settings, only_doors=True)) as world,
        ):
            watch = Watch(world, crowd, lambda: line.look(accepting, *workers))
            watch.all_sent(WARM_UP)  # what is read once and prepared once belongs to a worker's start
            return Reports(conversations / watch.all_sent(conversations))
    finally:
        for worker in workers:
            end(worker)


@frozen
class Watch:
    """The measuring process: it sweeps, as a running program does beside its workers, and sees when all is done."""

    world: World
    crowd: Crowd
    look: Callable[[], object]

    def all_sent(self, conversations: int) -> float:
        """So many reports from the first photo until the last reply, card and photo is noted: seconds.

        Raises TimeoutError, and what ``look`` raises.
        """
        begun = time.monotonic()
        self.crowd.begin(conversations)
        while not self.crowd.finished.wait(1):
            sweep(self.world.tools)
            self.look()
            self._in_time(begun, f"{self.crowd.to_finish.value} of {conversations} reports were never finished")
        while waiting := self._waiting():
            self._in_time(begun, f"{waiting} messages of {conversations} reports were never noted as sent")
            time.sleep(0.005)
        return time.monotonic() - begun

    def _waiting(self) -> int:
        with self.world.store.read() as uow:
            counts = uow.outbox.counts()
        return counts.get("new", 0) + counts.get("sending", 0)

    def _in_time(self, begun: float, trouble: str) -> None:
        if time.monotonic() > begun + DEADLINE:
            raise TimeoutError(trouble)


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


# --- the processes that work ----------------------------------------------------------------------------------------


def _worker(settings: Settings, line: Line, crowd: Crowd) -> None:
    logs.set_up("json", "ERROR")
    sink = Sink(crowd.hear)
    world = build(settings, platforms={sink.name: sink})
    runtime = Runtime(world.tools, Sender(world.tools, world.pace()))
    jobs.run_here(runtime)
    collect_rarely()
    runtime.start()
    line.told.put("ready")
    try:
        _listen(world)
    finally:
        runtime.stop()
        world.close()
