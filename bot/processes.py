"""The processes: web, worker, tick, poll; and `serve`, which starts them all and keeps them running."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot import jobs, logs, rehearsal
from bot.clock import clock_for
from bot.embedded.valkey import ValkeyServer
from bot.jobs import Runtime
from bot.platforms.telegram.client import Telegram
from bot.queue import NAME, connect_patiently
from bot.settings import Settings
from bot.web import create_app
from bot.wiring import World, build, local_url
from handlers.deliver import Sender
from handlers.ports import SendLater, SendNever, SendUnknown
from handlers.receive import receive
from handlers.upkeep import sweep
from storage import migrate
from storage.db import open_engine
from storage.seeding import prepare
from storage.unit_of_work import Store

log = structlog.get_logger()

POLL_SECONDS = 25  # of one long poll
TROUBLE_SECONDS = 5.0  # pause after the platform did not answer
RESTART_SECONDS = (0.2, 1.0, 5.0, 15.0)  # pauses before a process that died is started again
STOP_SECONDS = 20.0


# --- one function a process ----------------------------------------------------------------------------------------


def web(settings: Settings) -> None:
    """Webhooks, health, sandbox; returns when told to stop."""
    logs.set_up(settings.logs.format, settings.logs.level)
    _WebServer(settings).run()


def worker(settings: Settings) -> None:
    """Works the inbox and sends the outbox until told to stop."""
    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings, need_redis=True)
    runtime = Runtime(world.tools, Sender(world.tools, world.pace()))
    jobs.run_here(runtime)
    runtime.start()
    try:
        _listen(world)
    finally:
        runtime.stop()
        world.close()


def tick(settings: Settings) -> None:
    """Sweeps every few seconds; sets the sandbox's webhook once the web answers."""
    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings)
    stopping = _stop_event()
    hooked = not settings.sandbox_on
    while not stopping.is_set():
        hooked = hooked or _hook_sandbox(world)
        try:
            sweep(world.tools)
        except Exception:
            log.exception("sweep.failed")
        stopping.wait(min(settings.road.sweep.total_seconds(), 60) if hooked else 0.2)
    world.close()


def poll(settings: Settings) -> None:
    """Fetches updates where there is no webhook; keeps each before it asks for the next."""
    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings)
    telegram = world.platforms.get("telegram")
    if not isinstance(telegram, Telegram):
        log.error("poll.nothing_to_poll")
        return
    stopping = _stop_event()
    while not stopping.is_set():
        try:
            _poll_once(world, telegram)
        except (SendLater, SendNever, SendUnknown) as trouble:
            log.warning("poll.trouble", code=trouble.code)
            stopping.wait(min(getattr(trouble, "seconds", TROUBLE_SECONDS), 60))
        except Exception:
            log.exception("poll.failed")
            stopping.wait(TROUBLE_SECONDS)
    world.close()


def _poll_once(world: World, telegram: Telegram) -> None:
    name = f"poll:{telegram.name}"
    with world.store.read() as uow:
        offset = uow.registers.cursor(name)
    for update in telegram.get_updates(offset or None, POLL_SECONDS):
        body = update.encode()
        receive(world.tools, telegram, body)
        delivery = telegram.identify(body)
        if delivery is not None and delivery.external_id.isdigit():
            with world.store.write() as uow:
                uow.registers.move_cursor(name, int(delivery.external_id) + 1)


def _listen(world: World) -> None:
    """RQ's own loop in the main thread; when Redis is away the runtime goes on by its sweep."""
    while True:
        connection = connect_patiently(world.redis_url or "")
        queue = Queue(NAME, connection=connection, serializer=JSONSerializer)
        rq = SimpleWorker(
            [queue], connection=connection, serializer=JSONSerializer, name=f"bell-{os.getpid()}-{time.time_ns()}"
        )
        try:
            rq.work(with_scheduler=False, logging_level="WARNING")
            return  # told to stop
        except Exception as error:
            log.warning("bell.lost", kind=type(error).__name__)
            time.sleep(1)


def _hook_sandbox(world: World) -> bool:
    telegram = world.platforms.get("telegram")
    if not isinstance(telegram, Telegram):
        return True
    try:
        telegram.set_webhook(f"{local_url(world.settings)}/hooks/telegram")
    except Exception as error:
        log.debug("sandbox.not_yet", kind=type(error).__name__)
        return False
    return True


class _WebServer(BaseApplication):
    """Gunicorn with our settings: one arbiter, threads, no magic."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Our settings as gunicorn's."""
        web_settings = self._settings.web
        for key, value in {
            "bind": f"{web_settings.host}:{web_settings.port}",
            "workers": web_settings.workers,
            "threads": web_settings.threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 75,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "phan-anh-web",
        }.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """Called in each worker process: nothing is shared across the fork."""
        return create_app(build(self._settings))


def _stop_event() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


# --- serve ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Child:
    """One process of `serve` and how often it has died lately."""

    name: str
    run: Callable[[Settings], None]
    process: ForkProcess | None = None
    deaths: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0


def serve(settings: Settings) -> None:
    """Everything on one machine: prepares the store, starts its own Redis-protocol server where none is named."""
    logs.set_up(settings.logs.format, settings.logs.level)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    _prepare(settings)
    valkey = None if settings.redis_url else ValkeyServer(settings.state_dir)
    if valkey:
        valkey.start()
    children = _children(settings)
    _announce(settings)
    _supervise(settings, children, valkey)


def _prepare(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    migrate.upgrade(engine)
    now = clock_for(settings.state_dir, sandbox=settings.sandbox_on).now()
    prepare(engine, now, sample=settings.sandbox_on)
    if settings.sandbox_on:
        rehearsal.prepare(Store(engine), now)
    engine.dispose()


def _children(settings: Settings) -> list[_Child]:
    children = [_Child("web", web), _Child("tick", tick)]
    children += [_Child(f"worker-{number}", worker) for number in range(1, settings.road.workers + 1)]
    if settings.telegram.on and settings.telegram.mode == "polling" and not settings.sandbox_on:
        children.append(_Child("poll", poll))
    return children


def _announce(settings: Settings) -> None:
    url = local_url(settings)
    sys.stderr.write(f"Phản Ánh: {url}/alive\n")
    if settings.sandbox_on:
        sys.stderr.write(f"Sandbox (thử nghiệm / try it): {url}/sandbox\n")
    sys.stderr.flush()


def _supervise(settings: Settings, children: list[_Child], valkey: ValkeyServer | None) -> None:
    stopping = _stop_event()
    while not stopping.is_set():
        now = time.monotonic()
        for child in children:
            _keep_running(settings, child, now)
        if valkey:
            valkey.start()  # adopts a live one, restarts a dead one
        stopping.wait(0.5)
    for child in children:
        if child.process and child.process.is_alive():
            child.process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process:
            child.process.join(max(0.1, until - time.monotonic()))
            if child.process.is_alive():
                child.process.kill()
    if valkey:
        valkey.stop()


def _keep_running(settings: Settings, child: _Child, now: float) -> None:
    if child.process is not None and child.process.is_alive():
        if now - child.started_at > 60:
            child.deaths = 0
        return
    if child.process is not None:
        log.warning("process.died", name=child.name, exit_code=child.process.exitcode)
        pause = RESTART_SECONDS[min(child.deaths, len(RESTART_SECONDS) - 1)]
        child.deaths += 1
        child.restart_at = now + pause
        child.process = None
    if now < child.restart_at:
        return
    # Forked, not spawned: the imports of this process are shared, and nothing was opened in it that a child could
    # share by mistake (no engine, loop, thread or connection is alive here).
    context = multiprocessing.get_context("fork")
    child.process = context.Process(target=_child, args=(child.run, settings, os.getpid()), name=child.name)
    child.process.start()
    child.started_at = now


def _child(run: Callable[[Settings], None], settings: Settings, parent: int) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent tells us to stop
    threading.Thread(target=_die_with, args=(parent,), daemon=True, name="parent").start()
    run(settings)


def _die_with(parent: int) -> None:
    """A child whose parent was killed must not go on beside the next one."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
