"""Support tasks where every choice is a number: the same people in Zalo groups."""

import pytest

from tests.journeys import test_support
from tests.journeys.scene import Scene
from tests.journeys.zalo_world import ZaloWorld


@pytest.fixture
def world(ready_url, tmp_path):
    world = ZaloWorld(ready_url, tmp_path)
    yield world
    world.close()


@pytest.fixture
def scene(world):
    scene = Scene(world)
    yield scene
    scene.check()


bao = test_support.bao

test_another_unit_helps = test_support.test_another_unit_helps_and_the_citizen_gets_one_answer
test_who_cannot_help_says_why = test_support.test_who_cannot_help_says_why_and_the_lead_goes_on
test_the_lead_waits_no_more = test_support.test_the_lead_waits_no_more
test_both_hear_once_that_the_help_is_late = test_support.test_both_hear_once_that_the_help_is_late
test_who_owns_an_instrument_is_offered_for_it = test_support.test_who_owns_an_instrument_is_offered_for_it
test_officials = test_support.test_a_case_about_officials_is_gone_from_those_who_helped
