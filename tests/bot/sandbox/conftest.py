"""A sandbox on loopback, with the real python-telegram-bot on one side and people on the other."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest
from werkzeug.serving import make_server

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import create_app
from bot.sandbox.world import bot_token


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def address(state_dir: Path) -> Iterator[str]:
    """The address of a running sandbox."""
    server = make_server("127.0.0.1", 0, create_app(state_dir), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def people(address: str) -> Iterator[SandboxClient]:
    with SandboxClient(address) as client:
        yield client


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def bot(address: str, state_dir: Path, loop: asyncio.AbstractEventLoop) -> Iterator[Bot]:
    """The real client; call its methods through `call`."""
    root = f"{address}/sandbox/telegram"
    request = HTTPXRequest(read_timeout=20, httpx_kwargs={"trust_env": False})
    polls = HTTPXRequest(read_timeout=20, httpx_kwargs={"trust_env": False})
    made = Bot(
        bot_token(state_dir),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request,
        get_updates_request=polls,
    )
    loop.run_until_complete(made.initialize())
    yield made
    loop.run_until_complete(made.shutdown())


@pytest.fixture
def call(loop: asyncio.AbstractEventLoop) -> Callable[..., Any]:
    """Run one coroutine of the bot to its end."""
    return loop.run_until_complete
