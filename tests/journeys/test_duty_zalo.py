"""Duty and storm mode on Zalo: the group has numbers and nothing else."""

from tests.journeys import test_duty, test_storm
from tests.journeys.zalo_world import ZaloWorld

chi, head, storm = test_duty.chi, test_duty.head, test_storm.storm


WORLD = ZaloWorld
test_now_and_next = test_duty.test_who_is_on_duty_now_and_next
test_the_stand_in_takes_over = test_duty.test_the_stand_in_takes_over_by_a_button
test_handing_on = test_duty.test_who_is_on_duty_hands_on_to_the_stand_in_and_nobody_else_does
test_a_shift_opens = test_duty.test_nothing_to_inherit_is_said_too
test_an_empty_shift = test_duty.test_an_empty_shift_is_told_ahead_once_to_the_head_and_the_operators
test_the_banner = test_storm.test_the_banner_stands_at_the_start_and_in_the_receipt
test_an_operator_switches_it = test_storm.test_an_operator_switches_it_on_after_a_look_and_off_again
test_merged_and_told_once = test_storm.test_reports_of_one_matter_become_one_and_each_person_hears_once
