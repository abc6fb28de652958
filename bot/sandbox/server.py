"""The sandbox as blueprints for the program's web server, or as a server of its own for tests."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask

from bot.sandbox import control, wire, world
from bot.sandbox.delivery import Delivery
from bot.sandbox.store import Store


def open_store(state_dir: Path) -> Store:
    """The sandbox's store in `state_dir`, peopled; one a process, so that its threads can ring each other."""
    return _store(state_dir.resolve())


@lru_cache(maxsize=64)
def _store(state_dir: Path) -> Store:
    store = Store(state_dir)
    world.bot_token(state_dir)
    with store.write() as tx:
        world.create(tx)
    return store


def create_sandbox_blueprints(state_dir: Path, public_url: str | None) -> tuple[Blueprint, Blueprint]:
    """The Bot API under `/sandbox/telegram`, and the page `/sandbox` with its control API."""
    store = open_store(state_dir)
    return wire.blueprint(store), control.blueprint(store, public_url)


def start_delivery(state_dir: Path) -> Delivery:
    """Begin to post updates to the bot's webhook, until `stop()`. Safe to call in several processes."""
    return Delivery(open_store(state_dir)).start()


def create_app(state_dir: Path) -> Flask:
    """The sandbox alone, for tests."""
    app = Flask("sandbox")
    for blueprint in create_sandbox_blueprints(state_dir, None):
        app.register_blueprint(blueprint)
    return app
