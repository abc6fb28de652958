"""A sandbox on loopback: programs on one side, with the real python-telegram-bot, and people on the other."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import running_alone, start_delivery
from bot.sandbox.world import bot_token
from tests.bot.sandbox.zalo_caller import Caller, Listener


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def address(state_dir: Path) -> Iterator[str]:
    """The address of a running sandbox."""
    with running_alone(state_dir) as address:
        yield address


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


@pytest.fixture
def zalo(address: str, state_dir: Path) -> Caller:
    """Calls the API of Zalo."""
    return Caller(address, state_dir)


@pytest.fixture
def hook(people: SandboxClient, state_dir: Path) -> Iterator[Listener]:
    """A webhook that is entered in Zalo's console, and events on their way to it."""
    listener = Listener()
    people.zalo("webhook", url=listener.url)
    delivery = start_delivery(state_dir)
    yield listener
    delivery.stop()
    listener.close()
