"""Accepting a webhook, against a bare Flask view with one durable insert on the same server."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from flask import Flask, Response, request
from pydantic import SecretStr

from benchmarks import bare
from benchmarks.load import Load, post_all
from benchmarks.place import DATABASES, Place, free_port
from benchmarks.table import Row, at_least, median, told
from benchmarks.watch import end, must_run
from bot.processes import listen, web
from bot.settings import Database, Logs, Redis, Sandbox, Settings, Telegram, Web
from bot.webserver import WebServer
from storage import migrate
from storage.db import open_engine

LIMIT = 0.70
CONNECTIONS = 8
SECRET = "benchmark-secret"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def measure(place: Place) -> Iterator[Row]:
    """Pairs of runs, one after the other, so that both meet the same machine."""
    pairs, count = (3, 800) if place.quick else (7, 2000)
    for kind in DATABASES:
        ours, bares = [], []
        with _ours(place, kind) as our_port, _bare(place, kind) as bare_port:
            warm = bodies(0, 200)
            post_all(our_port, "/hooks/telegram", HEADERS, warm, CONNECTIONS)
            post_all(bare_port, "/", {}, warm, CONNECTIONS)
            for pair in range(1, pairs + 1):
                sent = bodies(pair * 1_000_000, count)
                bares.append(post_all(bare_port, "/", {}, sent, CONNECTIONS))
                ours.append(post_all(our_port, "/hooks/telegram", HEADERS, sent, CONNECTIONS))
        yield _row(kind, ours, bares)
        yield told("webhook", f"its latency, {kind}, p50 / p99", _latency(ours), _latency(bares))


def _row(kind: str, ours: Sequence[Load], bares: Sequence[Load]) -> Row:
    """The median of the pairs' ratios, with the medians of both."""
    ratio = median(one.rate / other.rate for one, other in zip(ours, bares, strict=True))
    other = median(one.rate for one in bares)
    return at_least("webhook", f"accepted, {kind}", ratio * other, other, LIMIT, "/s", "bare Flask view, one insert")


def _latency(runs: Sequence[Load]) -> str:
    return " / ".join(f"{median(run.percentile(share) for run in runs):.1f} ms" for share in (0.5, 0.99))


def bodies(first: int, count: int) -> list[bytes]:
    """Ordinary text messages of many chats, each with an update id of its own."""
    return [_body(first + number, 1_000 + number % 500) for number in range(1, count + 1)]


def _body(update_id: int, chat: int) -> bytes:
    user = {"id": chat, "is_bot": False, "first_name": "Lan", "last_name": "Nguyễn", "language_code": "vi"}
    message = {
        "message_id": update_id,
        "from": user,
        "chat": {"id": chat, "type": "private", "first_name": "Lan", "last_name": "Nguyễn"},
        "date": 1_795_000_000,
        "text": "Đèn đường trước số 12 Lê Lợi hỏng ba tối nay, đi lại rất nguy hiểm.",
    }
    return json.dumps({"update_id": update_id, "message": message}, ensure_ascii=False).encode()


def settings_for(place: Place, kind: str, port: int, **more: Any) -> Settings:
    """The program's settings with a database and a Redis-protocol server of this run; nothing reaches Telegram."""
    return Settings(
        state_dir=place.subfolder("state"),
        database=Database(url=SecretStr(place.database(kind))),
        redis=Redis(url=SecretStr(place.redis())),
        web=Web(port=port),
        sandbox=Sandbox(enabled=False),
        logs=Logs(format="json", level="ERROR"),
        telegram=Telegram(
            token=SecretStr("1000001:benchmark"),
            api_url="http://127.0.0.1:9",
            mode="webhook",
            webhook_secret=SecretStr(SECRET),
        ),
        **more,
    )


def prepare(settings: Settings) -> None:
    """A database with our tables."""
    engine = open_engine(settings.database_url)
    migrate.upgrade(engine)
    engine.dispose()


@contextlib.contextmanager
def _ours(place: Place, kind: str) -> Iterator[int]:
    settings = settings_for(place, kind, free_port())
    prepare(settings)
    with running(web, settings, signal.SIGINT) as process:
        wait_until_alive(settings.web.port, "/alive", lambda: must_run(process))
        yield settings.web.port


@contextlib.contextmanager
def _bare(place: Place, kind: str) -> Iterator[int]:
    url = place.database(kind)
    bare.make_tables(url)
    settings = Settings(database=Database(url=SecretStr(url)), web=Web(port=free_port()))
    with running(_serve_bare, settings, signal.SIGINT) as process:
        wait_until_alive(settings.web.port, "/alive", lambda: must_run(process))
        yield settings.web.port


def _serve_bare(settings: Settings) -> None:
    _BareServer(settings, listen(settings)).run()


class _BareServer(WebServer):
    """The program's own server with another application."""

    def load(self) -> Any:
        """Made in each worker process, like ours."""
        app = Flask("bare")
        engine = open_engine(self._settings.database_url)

        @app.post("/")
        def keep() -> Response:
            update = json.loads(request.get_data())
            chat = str(update["message"]["chat"]["id"])
            bare.keep(engine, str(update["update_id"]), chat, request.get_data(as_text=True))
            return Response(status=200)

        @app.get("/alive")
        def alive() -> Response:
            return Response("ok\n")

        return app


@contextlib.contextmanager
def running(
    run: Callable[[Settings], None], settings: Settings, by: signal.Signals = signal.SIGTERM
) -> Iterator[BaseProcess]:
    """A process of the program, ended at the end (a web server at once by SIGINT)."""
    process = get_context("spawn").Process(target=run, args=(settings,), name=f"the server {run.__name__!r}")
    process.start()
    try:
        yield process
    finally:
        end(process, by)


def wait_until_alive(port: int, path: str, must_live: Callable[[], None], deadline: float = 60.0) -> None:
    """Until the server answers 200; ``must_live`` raises when its process is gone. Raises TimeoutError."""
    until = time.monotonic() + deadline
    while time.monotonic() < until:
        must_live()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError):
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        connection.close()
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers on port {port}")
