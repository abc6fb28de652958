"""Roles by person in groups on Zalo, where people type numbers and codes: the same transcripts."""

from tests.journeys import test_roles
from tests.journeys.zalo_world import ZaloWorld

WORLD = ZaloWorld
province = test_roles.province
thao = test_roles.thao
binh = test_roles.binh

test_the_head_names_people = test_roles.test_the_head_confirms_names_and_delegates_in_the_group
test_a_unit_proposes_to_cancel = test_roles.test_a_unit_proposes_to_cancel_and_the_operators_decide
test_a_unit_proposes_a_merge = test_roles.test_a_unit_proposes_a_merge_and_the_operators_make_it
test_an_enterprise_under_its_supervisor = test_roles.test_an_enterprises_result_waits_for_its_supervisor
test_more_time_from_above = test_roles.test_more_time_is_granted_by_the_head_of_the_level_above
test_a_head_away = test_roles.test_a_head_away_with_no_delegate_is_told_of_and_the_level_above_acts
