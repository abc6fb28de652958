"""One world for each journey, on both databases; at the end it must be in order."""

import pytest

from tests.journeys.page import AtPage, serving
from tests.journeys.scene import Scene
from tests.world import World


@pytest.fixture
def world(request, ready_url, tmp_path):
    """The text-only platform, or what the file names as its ``WORLD``."""
    world = getattr(request.module, "WORLD", World)(ready_url, tmp_path)
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
def site(scene, tmp_path):
    """The program's web server; cards carry links to their pages."""
    with serving(scene, tmp_path) as site:
        yield site


@pytest.fixture
def duc(scene):
    """An officer of An Cựu ward, in its group."""
    return scene.officer("đức", "nhom-an-cuu", "an-cuu")


@pytest.fixture
def duc_at_page(scene, site):
    """The same officer, who works at the pages of cases and uses the group for commands only."""
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu").says("/viec")  # by this we know the name
    return AtPage(scene, duc.chat, duc.user, duc.name, group=True, site=site).listens()


@pytest.fixture(params=["group", "page"])
def officer(request):
    """An officer of An Cựu ward, who works in its group, or at the pages of its cases: the same must come of it."""
    return request.getfixturevalue("duc" if request.param == "group" else "duc_at_page")


@pytest.fixture
def huong(scene):
    """Of the operations team, in its group."""
    return scene.officer("hương", "nhom-van-hanh", None)
