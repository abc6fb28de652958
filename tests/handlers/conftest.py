"""One world for each test, on both databases."""

import pytest

from tests.world import World


@pytest.fixture
def world(ready_url, tmp_path):
    world = World(ready_url, tmp_path)
    yield world
    world.close()
