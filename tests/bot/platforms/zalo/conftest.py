"""A local far end, and our clients before it."""

import pytest

from bot.platforms.zalo.client import oa
from tests.bot.platforms.zalo.local import Local


@pytest.fixture
def local():
    server = Local()
    yield server
    server.stop()


@pytest.fixture
def pauses():
    """How long the client wanted to wait, instead of waiting."""
    return []


@pytest.fixture
def client(local, pauses):
    made = oa.Client(
        "app-1",
        "app-secret-1",
        "access-1",
        "refresh-1",
        endpoint_prefix=local.url,
        oauth_prefix=local.url,
        sleep=pauses.append,
    )
    yield made
    made.close()
