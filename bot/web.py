"""The web: webhooks in, health and figures out, and the sandbox where it is on. Knows HTTP, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from bot.options import local_url
from bot.pages.case import case_page
from bot.pages.map_page import map_page
from bot.sandbox.server import create_sandbox_blueprints, start_delivery
from bot.wiring import World
from bot.zalo_callback import zalo_callback
from handlers.ports import Door
from handlers.receive import Received, receive
from handlers.tools import Tools

log = structlog.get_logger()

MAX_BODY = 1024 * 1024  # a real update is far below this (telegram.md, 1.2)
TOO_OLD = 300  # seconds that a row may wait before we say that we are not well
RETRY_AFTER = "5"


def create_app(world: World) -> Flask:
    """The program's web application. The sandbox's far end hangs on it in sandbox mode only."""
    app = Flask("bot")
    tools = world.tools
    registry = CollectorRegistry()
    registry.register(Figures(tools))

    @app.post("/hooks/<name>")
    def hook(name: str) -> Response:
        return _hook(tools, world.doors.get(name))

    @app.get("/alive")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.get("/ready")
    def ready() -> tuple[dict[str, object], int]:
        return _ready(tools)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    if world.pages is not None:
        app.register_blueprint(case_page(tools, world.words, world.pages))
    app.register_blueprint(map_page(tools, world.pages, world.settings))
    app.register_blueprint(zalo_callback(world))
    app.register_error_handler(Exception, _failed)
    if world.settings.sandbox_on:
        for blueprint in create_sandbox_blueprints(world.settings.state_dir, local_url(world.settings)):
            app.register_blueprint(blueprint)
        start_delivery(world.settings.state_dir)
    return app


def _hook(tools: Tools, platform: Door | None) -> Response:
    """Verify, keep, answer. Nothing but a wrong secret is refused: what we cannot read is kept for an administrator.

    A platform that tries the address out is answered, and nothing is kept.
    """
    if platform is None:
        return Response(status=404)
    if (request.content_length or 0) > MAX_BODY:
        return Response(status=413)
    body = request.stream.read(MAX_BODY + 1) if request.content_length is None else request.get_data(cache=False)
    if len(body) > MAX_BODY:
        return Response(status=413)
    if platform.is_probe(body):
        return Response(status=200)
    if not platform.verify(dict(request.headers), body):
        return Response(status=403)
    try:
        received = receive(tools, platform, body)
    except SQLAlchemyError as error:
        # Not kept, so not accepted: the platform sends it again.
        log.error("hook.not_kept", platform=platform.name, kind=type(error).__name__)
        return Response(status=503, headers={"Retry-After": RETRY_AFTER})
    if received is Received.MALFORMED:
        log.warning("hook.malformed", platform=platform.name, length=len(body))
        return Response(status=400)
    return Response(status=200)


def _ready(tools: Tools) -> tuple[dict[str, object], int]:
    """The two numbers an operator needs: since when the oldest row waits, coming in and going out (seconds)."""
    now = tools.clock.now()
    try:
        with tools.store.read() as uow:
            oldest = {"inbox": uow.inbox.oldest_due(now), "outbox": uow.outbox.oldest_due(now)}
    except SQLAlchemyError as error:
        return {"ready": False, "problem": type(error).__name__}, 503
    ages = {name: round((now - at).total_seconds(), 1) if at else 0.0 for name, at in oldest.items()}
    well = all(age <= TOO_OLD for age in ages.values())
    return {"ready": well, "oldest_seconds": ages}, 200 if well else 503


class Figures:
    """Counted when they are asked for, in the database, so that any web process gives the same answer."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def collect(self) -> Iterator[Metric]:
        """Rows by status, ages of the oldest, cases by state."""
        now = self._tools.clock.now()
        with self._tools.store.read() as uow:
            inbox, outbox, cases = uow.inbox.counts(), uow.outbox.counts(), uow.cases.counts()
            oldest = {"inbox": uow.inbox.oldest_due(now), "outbox": uow.outbox.oldest_due(now)}
        for name, counts, label in (
            ("bot_inbox_rows", inbox, "status"),
            ("bot_outbox_rows", outbox, "status"),
            ("bot_cases", cases, "state"),
        ):
            family = GaugeMetricFamily(name, f"Rows by {label}", labels=[label])
            for value, count in counts.items():
                family.add_metric([value], count)
            yield family
        age = GaugeMetricFamily("bot_oldest_seconds", "Age of the oldest due row", labels=["queue"])
        for name, at in oldest.items():
            age.add_metric([name], (now - at).total_seconds() if at else 0)
        yield age


def _failed(error: Exception) -> Response:
    """Never an exception page: what went wrong is in the log, without what was sent."""
    if isinstance(error, HTTPException):
        return Response(f"{error.code}\n", status=error.code, content_type="text/plain")
    log.error("web.failed", kind=type(error).__name__, path=request.path.split("/")[1], exc_info=True)
    return Response("500\n", status=500, content_type="text/plain")
