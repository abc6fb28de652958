"""By night every case is rebuilt from its events, once, and administrators hear of what differs."""

from datetime import timedelta

from sqlalchemy import func, update

from handlers.verifying import nightly
from storage.cases import CASES
from storage.law import Laws
from tests.journeys.scene import Scene

LAWS = Laws()


def at_hour(world, hour):
    """Go on until the clock shows this hour in Vietnam."""
    local = world.clock.now().astimezone(LAWS.zone)
    ahead = timedelta(hours=(hour - local.hour) % 24 or 24)
    world.forward(seconds=ahead.total_seconds())


def test_once_a_night_and_only_by_night(world):
    assert nightly(world.tools, LAWS) is None  # it is morning
    at_hour(world, 2)
    assert nightly(world.tools, LAWS) == 0
    assert nightly(world.tools, LAWS) is None
    at_hour(world, 2)
    assert nightly(world.tools, LAWS) == 0


def test_what_differs_is_told_to_the_operators(world):
    scene = Scene(world)
    huong = scene.officer("hương", "nhom-van-hanh", None)
    code = scene.citizen("lan").reports()
    with world.store.write() as uow:
        uow.connection.execute(update(CASES).values(facts=func.replace(CASES.c.facts, '"hops":0', '"hops":7')))
    at_hour(world, 2)
    assert nightly(world.tools, LAWS) == 1
    world.forward(seconds=3)
    assert any("1 phản ánh lệch với lịch sử" in text and code in text for text in huong.told)
