"""The processes: web, worker, tick, poll; `serve` in bot/supervisor.py starts them all.

Each function imports what its process alone needs, so that no process waits for, or holds, another's libraries.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import threading
import time
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Protocol, cast

import structlog

from bot import logs
from bot.options import local_url, polled
from bot.queue import connect_patiently, open_queue
from bot.settings import Settings
from bot.wiring import World, build, zalo_renewal
from handlers.ports import Door, SendLater, SendNever, SendUnknown

if TYPE_CHECKING:
    from bot.platforms.telegram.client import Telegram

log = structlog.get_logger()

POLL_SECONDS = 25  # of one long poll
REPEAT_SECONDS = 1.0  # pause after nothing but what we had already
BESIDE_SECONDS = 30.0  # between two looks at the age of Zalo's tokens, and at who has gone silent
REHEARSED_SECONDS = 2.0  # the same in the sandbox, where people skip time and wait to see what falls due
TROUBLE_SECONDS = 5.0  # pause after the platform did not answer
HOOK_SECONDS = 0.2  # between two tries to reach the sandbox
BACKLOG = 1024  # callers that may wait while the web server starts anew


class Polled(Door, Protocol):
    """A platform that is asked for what came. ``numbered``: what came is confirmed by its number."""

    numbered: bool

    def get_updates(self, offset: int | None, timeout: int) -> list[str]:
        """What came, waiting up to ``timeout`` seconds. Raises SendLater, SendNever or SendUnknown."""
        ...


class CannotListen(Exception):
    """The address of the web server cannot be had; the message is in both languages, one a line."""


def web(settings: Settings, listening: socket.socket | None = None) -> None:
    """Webhooks, health, sandbox; returns when told to stop. Raises CannotListen."""
    from bot.webserver import WebServer

    logs.set_up(settings.logs.format, settings.logs.level)
    WebServer(settings, listening or listen(settings)).run()


def collect_rarely() -> None:
    """What is loaded is left alone by the collector; what a step makes has few circles, and goes without it."""
    gc.freeze()
    gc.set_threshold(10_000)


def worker(settings: Settings) -> None:
    """Works the inbox and sends the outbox until told to stop. Raises NoRedis."""
    from bot import jobs
    from handlers.deliver import Sender

    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings, need_redis=True)
    runtime = jobs.Runtime(world.tools, Sender(world.tools, world.pace()))
    jobs.run_here(runtime)
    collect_rarely()
    runtime.start()
    if settings.sandbox_on:
        threading.Thread(target=_hook_sandbox, args=(world,), daemon=True, name="hook").start()
    try:
        _listen(world)
    finally:
        runtime.stop()
        world.close()


def tick(settings: Settings) -> None:
    """Sweeps every few seconds."""
    from handlers.upkeep import sweep

    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings, only_doors=True)
    stopping = stop_event()
    threading.Thread(target=_beside, args=(world, stopping), daemon=True, name="beside").start()
    while not stopping.is_set():
        try:
            sweep(world.tools)
        except Exception:
            log.exception("sweep.failed")
        stopping.wait(min(settings.road.sweep.total_seconds(), 60))
    world.close()


def poll(settings: Settings) -> None:
    """Fetches updates where there is no webhook; keeps each before it asks for the next."""
    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings)
    found = [platform for name in polled(settings) if (platform := _polled(world, name)) is not None]
    if not found:
        log.error("poll.nothing_to_poll")
        return
    # A long poll is broken off: what it would have brought is asked for again, as nothing was confirmed.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    for platform in found[1:]:
        threading.Thread(target=_poll, args=(world, platform), daemon=True, name=f"poll-{platform.name}").start()
    _poll(world, found[0])


def _poll(world: World, platform: Polled) -> None:
    while True:
        try:
            _poll_once(world, platform)
        except (SendLater, SendNever, SendUnknown) as trouble:
            log.warning("poll.trouble", platform=platform.name, code=trouble.code)
            time.sleep(min(getattr(trouble, "seconds", TROUBLE_SECONDS), 60))
        except Exception:
            log.exception("poll.failed", platform=platform.name)
            time.sleep(TROUBLE_SECONDS)


def listen(settings: Settings) -> socket.socket:
    """The web server's socket. Raises CannotListen, mostly because another program has the port."""
    host, port = settings.web.host, settings.web.port
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG
        )
    except OSError as error:
        raise CannotListen(
            f"không mở được cổng {port} trên {host} ({error.strerror}); đặt BOT_WEB__PORT hoặc dừng chương trình kia\n"
            f"cannot listen on port {port} of {host} ({error.strerror}); set BOT_WEB__PORT or stop the other program"
        ) from None


class _Stop(threading.Event):
    """Waits at a pipe, not at a lock: a signal's handler runs in the middle of a wait, and would wait for itself."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._tell = os.pipe()
        os.set_blocking(self._told, False)
        self._stopped = False

    def is_set(self) -> bool:
        return self._stopped

    def set(self) -> None:
        if not self._stopped:
            self._stopped = True
            os.write(self._tell, b".")

    def wait(self, timeout: float | None = None) -> bool:
        until = None if timeout is None else time.monotonic() + timeout
        waiting = select.poll()  # one for each wait: several threads may wait at once
        waiting.register(self._told, select.POLLIN)
        while not self._stopped:
            left = None if until is None else max(until - time.monotonic(), 0) * 1000
            if not waiting.poll(left):
                break
            if not self._stopped:
                self._read_away()
        return self._stopped

    def _read_away(self) -> None:
        """A child that was told to stop before it had handlers of its own wrote into our pipe: it was not us."""
        with contextlib.suppress(BlockingIOError):  # another thread was quicker
            os.read(self._told, 1)
        if self._stopped:  # meanwhile it was, and that may have been what we read
            os.write(self._tell, b".")


def stop_event() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stopping = _Stop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _poll_once(world: World, platform: Polled) -> None:
    """One long poll. What cannot be confirmed may come again at once: then there is no hurry to ask once more."""
    from handlers.receive import Received, receive

    name = f"poll:{platform.name}"
    with world.store.read() as uow:
        offset = uow.registers.cursor(name)
    updates = platform.get_updates(offset or None, POLL_SECONDS)
    known = 0
    for update in updates:
        body = update.encode()
        known += receive(world.tools, platform, body) is not Received.KEPT
        delivery = platform.identify(body) if platform.numbered else None
        if delivery is not None and delivery.external_id.isdigit():
            with world.store.write() as uow:
                uow.registers.move_cursor(name, int(delivery.external_id) + 1)
    if known and known == len(updates) and not platform.numbered:
        time.sleep(REPEAT_SECONDS)


def _beside(world: World, stopping: threading.Event) -> None:
    """Beside the sweep: tokens, silence, reminders, calls to urgent cases; histories are verified by night."""
    from bot.wiring import laws_of
    from handlers import absence
    from handlers.call_out import call_out
    from handlers.digests import send_digests
    from handlers.reminding import remind
    from handlers.shift_watch import watch_shifts
    from handlers.silence import watch
    from handlers.verifying import nightly

    jobs = (
        ("renewal", zalo_renewal(world)),
        ("silence", partial(watch, world.tools)),
        ("reminding", partial(remind, world.tools)),
        ("absence", partial(absence.watch, world.tools)),
        ("digests", partial(send_digests, world.tools)),
        ("call_out", partial(call_out, world.tools)),
        ("shifts", partial(watch_shifts, world.tools)),
        ("verifying", partial(nightly, world.tools, laws_of(world.settings))),
    )
    while not stopping.is_set():
        for name, work in jobs:
            try:
                if work is not None:
                    work()
            except Exception as error:
                log.error("beside.failed", what=name, kind=type(error).__name__)
        stopping.wait(REHEARSED_SECONDS if world.settings.sandbox_on else BESIDE_SECONDS)


def _listen(world: World) -> None:
    """RQ's own loop in the main thread; when Redis is away the runtime goes on by its sweep."""
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    while True:
        connection = connect_patiently(world.redis_url or "")
        name = f"bell-{os.getpid()}-{time.time_ns()}"
        queue = open_queue(connection)
        rq = SimpleWorker([queue], connection=connection, serializer=JSONSerializer, name=name)
        try:
            rq.work(with_scheduler=False, logging_level="WARNING")
            return  # told to stop
        except Exception as error:
            log.warning("bell.lost", kind=type(error).__name__)
            time.sleep(1)


def _hook_sandbox(world: World) -> None:
    """Beside the work: set the sandbox's webhook, as soon as the sandbox can be reached."""
    telegram = _telegram(world)
    while telegram is not None and not _hooked(world, telegram):
        time.sleep(HOOK_SECONDS)


def _hooked(world: World, telegram: Telegram) -> bool:
    try:
        telegram.set_webhook(f"{local_url(world.settings)}/hooks/telegram")
    except Exception as error:
        log.debug("sandbox.not_yet", kind=type(error).__name__)
        return False
    return True


def _telegram(world: World) -> Telegram | None:
    from bot.platforms.telegram.client import Telegram

    platform = world.platforms.get(Telegram.name)
    return platform if isinstance(platform, Telegram) else None


def _polled(world: World, name: str) -> Polled | None:
    platform = world.platforms.get(name)
    return cast("Polled", platform) if hasattr(platform, "get_updates") else None
