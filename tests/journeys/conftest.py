"""One world for each journey, on both databases; at the end it must be in order."""

import pytest

from tests.journeys.scene import Scene
from tests.world import World


@pytest.fixture
def world(ready_url, tmp_path):
    world = World(ready_url, tmp_path)
    yield world
    world.close()


@pytest.fixture
def scene(world):
    scene = Scene(world)
    yield scene
    scene.check()


@pytest.fixture
def lan(scene):
    return scene.citizen("lan")


@pytest.fixture
def duc(scene):
    """An officer of An Cựu ward, in its group."""
    return scene.officer("đức", "nhom-an-cuu", "an-cuu")


@pytest.fixture
def huong(scene):
    """Of the operations team, in its group."""
    return scene.officer("hương", "nhom-van-hanh", None)
