"""The urgent track on Zalo: citizen, unit and operators have numbers and codes, and nothing else."""

from tests.journeys import test_urgent
from tests.journeys.zalo_world import ZaloWorld

chi = test_urgent.chi


WORLD = ZaloWorld
test_danger_is_proposed = test_urgent.test_danger_is_proposed_to_the_operators_and_one_tap_accepts
test_called_until_somebody_answers = test_urgent.test_the_one_on_duty_and_the_head_are_called_until_somebody_answers
test_the_citizen_hears_at_each_turn = test_urgent.test_the_citizen_hears_at_each_turn_until_it_is_safe
test_called_alone_too = test_urgent.test_whoever_talks_to_the_bot_alone_is_called_there_too
