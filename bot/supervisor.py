"""Supervisor: `serve` prepares the store, starts every process of the program and keeps them running.

The order of its imports and forks is what makes it start soon and stay small: the store is prepared in a process
of its own, whose libraries go with it, while the web server's are loaded here; web is started first, the others
once it answers, each loading the rest of what it needs for itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import IO

import structlog

from bot import logs, processes
from bot.clock import clock_for
from bot.embedded.valkey import ValkeyError, ValkeyServer
from bot.options import local_url, polled
from bot.settings import Settings
from storage.db import open_engine
from storage.seeding import prepare
from storage.unit_of_work import Store
from storage.version import is_newest

log = structlog.get_logger()

# Forked, not spawned: what is loaded is shared, and nothing was opened here that a child could share by mistake
# (no engine, loop, thread or connection) except the web server's socket, which is meant to be.
FORK = multiprocessing.get_context("fork")

LOCK = "serve.lock"
RESTART_SECONDS = (0.2, 1.0, 5.0, 15.0)  # pauses before a process that died is started again
WELL_SECONDS = 60.0  # a process that ran so long has its deaths forgotten
STOP_SECONDS = 20.0
PATIENCE_SECONDS = 10.0  # then the others are started though web does not answer
LOOK_SECONDS = 0.5


class AlreadyServing(Exception):
    """Another `serve` runs on this state folder; the message is in both languages, one a line."""


def serve(settings: Settings) -> None:
    """Everything on one machine, until SIGTERM or Ctrl-C.

    Raises AlreadyServing, CannotListen, ValkeyError, or what the database says when it cannot be prepared.
    """
    logs.set_up(settings.logs.format, settings.logs.level)
    stopping = processes.stop_event()
    with _alone(settings.state_dir):
        valkey = None if settings.redis_url else ValkeyServer(settings.state_dir)
        try:
            children = _prepared(settings, valkey)
            _supervise(settings, children, valkey, stopping)
        finally:
            if valkey:
                valkey.stop()


# --- getting ready -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone(state_dir: Path) -> Iterator[None]:
    """Hold the state folder. Children inherit the lock, so that those of a killed `serve` are waited for."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / LOCK).open("a+", encoding="ascii") as lock:
        _lock(lock, state_dir)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _lock(lock: IO[str], state_dir: Path) -> None:
    until = time.monotonic() + STOP_SECONDS
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        lock.seek(0)
        holder = lock.read()
        if _runs(holder) or time.monotonic() > until:
            raise AlreadyServing(
                f"đã có một `serve` đang chạy trên {state_dir} (tiến trình {holder}); dừng nó, hoặc đặt BOT_STATE_DIR\n"
                f"another `serve` is running on {state_dir} (process {holder}); stop it, or set BOT_STATE_DIR"
            )
        time.sleep(0.1)


def _runs(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _prepared(settings: Settings, valkey: ValkeyServer | None) -> list[_Child]:
    """Everything that the children need: the store at its newest step, the private server, the web server's socket."""
    with ProcessPoolExecutor(1, FORK, _be_a_child) as helper:
        preparing = helper.submit(prepare_store, settings)
        listening = processes.listen(settings)
        if valkey:
            valkey.start()
        importlib.import_module("bot.webserver")  # loaded while the store is being prepared; web inherits it
        preparing.result()
    children = [_Child("web", partial(processes.web, settings, listening))]
    children.append(_Child("tick", partial(processes.tick, settings)))
    for number in range(1, settings.road.workers + 1):
        children.append(_Child(f"worker-{number}", partial(processes.worker, settings)))
    if polled(settings):
        children.append(_Child("poll", partial(processes.poll, settings)))
    return children


def prepare_store(settings: Settings) -> None:
    """Bring the database to its newest step and put the shipped data into empty tables."""
    engine = open_engine(settings.database_url)
    if not is_newest(engine):
        from storage import migrate  # Alembic

        migrate.upgrade(engine)
    now = clock_for(settings.state_dir, sandbox=settings.sandbox_on).now()
    prepare(engine, now, sample=settings.sandbox_on)
    if settings.sandbox_on:
        from bot import rehearsal

        rehearsal.prepare(Store(engine), now)
    engine.dispose()


# --- keeping it running --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Child:
    """One process of `serve` and how often it has died lately."""

    name: str
    run: Callable[[], None]
    process: ForkProcess | None = None
    deaths: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0

    def keep_running(self, now: float) -> None:
        """Start it, or start it again a while after it died. ``now``: seconds of the monotonic clock."""
        if self.process is not None and self.process.is_alive():
            if now - self.started_at > WELL_SECONDS:
                self.deaths = 0
            return
        if self.process is not None:
            log.warning("process.died", name=self.name, exit_code=self.process.exitcode)
            self.restart_at = now + RESTART_SECONDS[min(self.deaths, len(RESTART_SECONDS) - 1)]
            self.deaths += 1
            self.process = None
        if now >= self.restart_at:
            self.process = FORK.Process(target=_child, args=(self.run, os.getpid()), name=self.name)
            self.process.start()
            self.started_at = now

    def tell_to_stop(self) -> None:
        """It may take its time to end in order."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for it to end, and after ``until`` no longer."""
        if self.process is None:
            return
        self.process.join(max(0.1, until - time.monotonic()))
        if self.process.is_alive():
            log.warning("process.killed", name=self.name)
            self.process.kill()
            self.process.join()


def _supervise(
    settings: Settings, children: list[_Child], valkey: ValkeyServer | None, stopping: threading.Event
) -> None:
    gc.freeze()  # the collector leaves what is loaded alone, so that the children go on sharing it
    answers = False
    patience = time.monotonic() + PATIENCE_SECONDS
    try:
        while not stopping.is_set():
            now = time.monotonic()
            first, *others = children
            first.keep_running(now)
            if not answers and _answers(settings):
                answers = True
                _announce(settings)
            if answers or now > patience:
                for child in others:
                    child.keep_running(now)
                _keep_valkey(valkey)
            stopping.wait(LOOK_SECONDS if answers else 0.02)
    finally:
        for child in children:
            child.tell_to_stop()
        until = time.monotonic() + STOP_SECONDS
        for child in children:
            child.end(until)


def _keep_valkey(valkey: ValkeyServer | None) -> None:
    """Adopt a live one, restart a dead one; without it the sweep goes on."""
    if valkey is None:
        return
    try:
        valkey.start()
    except ValkeyError as error:
        log.error("valkey.away", problem=str(error))


def _answers(settings: Settings) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(local_url(settings).removeprefix("http://"), timeout=1)
    try:
        connection.request("GET", "/alive")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _announce(settings: Settings) -> None:
    url = local_url(settings)
    where = f"Mở trang thử / open the sandbox:  {url}/sandbox" if settings.sandbox_on else f"{url}/alive"
    sys.stderr.write(f"Phản Ánh đang chạy / is running.  Dừng / stop: Ctrl-C\n{where}\n")
    sys.stderr.flush()


def _child(run: Callable[[], None], parent: int) -> None:
    _be_a_child()
    threading.Thread(target=_die_with, args=(parent,), daemon=True, name="parent").start()
    run()


def _be_a_child() -> None:
    """Ctrl-C in a terminal is for the parent, which then tells us to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setpgid(0, 0)


def _die_with(parent: int) -> None:
    """A child whose parent was killed must not go on beside the next one."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
