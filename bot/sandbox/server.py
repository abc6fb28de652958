"""The sandbox as blueprints for the program's web server, or as a server of its own for tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.sandbox import control, wire, world
from bot.sandbox.delivery import Delivery
from bot.sandbox.store import Store
from bot.sandbox.zalo import delivery as zalo_delivery
from bot.sandbox.zalo import wire as zalo_wire
from bot.sandbox.zalo import world as zalo_world
from bot.sandbox.zalo.account import HOOK, account


def open_store(state_dir: Path) -> Store:
    """The sandbox's store in `state_dir`, peopled; one a process, so that its threads can ring each other."""
    return _store(state_dir.resolve())


@lru_cache(maxsize=8)  # of a process that outlives many: a store that is forgotten closes its files
def _store(state_dir: Path) -> Store:
    store = Store(state_dir)
    world.bot_token(state_dir)
    with store.write() as tx:
        world.create(tx)
        zalo_world.create(tx, account(state_dir))
    return store


def create_sandbox_blueprints(state_dir: Path, public_url: str | None) -> tuple[Blueprint, ...]:
    """The Bot API under `/sandbox/telegram`, Zalo under `/sandbox/zalo`, and the page `/sandbox` with its control API.

    With `public_url` the program's webhook for Zalo is entered as in the console: it lies under the same address.
    """
    store = open_store(state_dir)
    if public_url is not None:
        with store.write() as tx:
            tx.keep_fact(zalo_wire.BASE_FACT, public_url)
        zalo_delivery.set_webhook(store, public_url + HOOK, probe=False)
    return wire.blueprint(store), zalo_wire.blueprint(store), control.blueprint(store, public_url)


class Deliveries:
    """Telegram's updates and Zalo's events on their way to the program."""

    def __init__(self, store: Store) -> None:
        self._both = Delivery(store).start(), zalo_delivery.Delivery(store).start()

    def stop(self) -> None:
        """End after the posts under way; what is not delivered stays queued."""
        for each in self._both:
            each.stop()


def start_delivery(state_dir: Path) -> Deliveries:
    """Begin to post updates and events to the webhooks, until `stop()`. Safe to call in several processes."""
    return Deliveries(open_store(state_dir))


def create_app(state_dir: Path) -> Flask:
    """The sandbox alone, for tests."""
    app = Flask("sandbox")
    for blueprint in create_sandbox_blueprints(state_dir, None):
        app.register_blueprint(blueprint)
    return app


@contextmanager
def running_alone(state_dir: Path) -> Iterator[str]:
    """The sandbox alone on a free port of loopback, for tests; its address."""
    server = make_server("127.0.0.1", 0, create_app(state_dir), threaded=True, request_handler=AllHeaders)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class AllHeaders(WSGIRequestHandler):
    """Passes headers with an underscore on, such as Zalo's `access_token`, which this server else drops."""

    def make_environ(self) -> dict[str, object]:
        """See the library."""
        environ = super().make_environ()
        given = {name: value for name, value in self.headers.items() if "_" in name}
        return environ | {f"HTTP_{name.upper()}": value for name, value in given.items()}
