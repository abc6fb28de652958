"""The processes: web, worker, tick, poll; `serve` in bot/supervisor.py starts them all.

Each function imports what its process alone needs, so that no process waits for, or holds, another's libraries.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING

import structlog

from bot import logs
from bot.queue import connect_patiently, open_queue
from bot.settings import Settings
from bot.wiring import World, build, local_url
from handlers.ports import SendLater, SendNever, SendUnknown

if TYPE_CHECKING:
    from bot.platforms.telegram.client import Telegram

log = structlog.get_logger()

POLL_SECONDS = 25  # of one long poll
TROUBLE_SECONDS = 5.0  # pause after the platform did not answer
HOOK_SECONDS = 0.2  # between two tries to reach the sandbox
BACKLOG = 1024  # callers that may wait while the web server starts anew


class CannotListen(Exception):
    """The address of the web server cannot be had; the message is in both languages, one a line."""


def web(settings: Settings, listening: socket.socket | None = None) -> None:
    """Webhooks, health, sandbox; returns when told to stop. Raises CannotListen."""
    from bot.webserver import WebServer

    logs.set_up(settings.logs.format, settings.logs.level)
    WebServer(settings, listening or listen(settings)).run()


def worker(settings: Settings) -> None:
    """Works the inbox and sends the outbox until told to stop. Raises NoRedis."""
    from bot import jobs
    from handlers.deliver import Sender

    logs.set_up(settings.logs.format, settings.logs.level)
    world = build(settings, need_redis=True)
    runtime = jobs.Runtime(world.tools, Sender(world.tools, world.pace()))
    jobs.run_here(runtime)
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
    telegram = _telegram(world)
    if telegram is None:
        log.error("poll.nothing_to_poll")
        return
    # A long poll is broken off: what it would have brought is asked for again, as nothing was confirmed.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    while True:
        try:
            _poll_once(world, telegram)
        except (SendLater, SendNever, SendUnknown) as trouble:
            log.warning("poll.trouble", code=trouble.code)
            time.sleep(min(getattr(trouble, "seconds", TROUBLE_SECONDS), 60))
        except Exception:
            log.exception("poll.failed")
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


def stop_event() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _poll_once(world: World, telegram: Telegram) -> None:
    from handlers.receive import receive

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
