"""The urgent track: hours round the clock, a word to the citizen at each of them, and an end when it is safe."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.workflows.case.story import CHECKED, LAW, MONDAY, OTHER, WARD, Story
from workflows.actions import Action
from workflows.case import urgency
from workflows.case.ledger import readings
from workflows.case.model import Case, Role, State

HOURS = timedelta(hours=1)
SATURDAY_NIGHT = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # 23:30 in Vietnam


def urgent(story: Story | None = None) -> Story:
    return (story or Story().claimed()).does(Role.OPERATOR, Action.SET_URGENT)


def test_two_hours_to_the_first_word_then_every_four_whatever_the_day():
    story = urgent(Story(at=SATURDAY_NIGHT).claimed())
    assert story.case.urgent_due == SATURDAY_NIGHT + 2 * HOURS
    story.later(hours=1).does(Role.OFFICER, Action.INTERIM)
    assert story.case.urgent_due == SATURDAY_NIGHT + 5 * HOURS
    story.later(hours=3).does(Role.OFFICER, Action.INTERIM)
    assert story.case.urgent_due == SATURDAY_NIGHT + 8 * HOURS


@pytest.mark.parametrize(
    ("role", "end"),
    [
        (Role.OFFICER, Action.MAKE_SAFE),
        (Role.OPERATOR, Action.CLEAR_URGENT),
        (Role.OFFICER, Action.SUBMIT_RESULT),
        (Role.CITIZEN, Action.WITHDRAW),
    ],
)
def test_what_ends_the_clock(role, end):
    case = urgent().does(role, end).case
    assert case.urgent_due is None
    assert case.urgent is (end is not Action.CLEAR_URGENT)


def test_a_result_that_waits_to_be_checked_does_not_end_it():
    story = urgent(Story(CHECKED).claimed()).does(Role.OFFICER, Action.SUBMIT_RESULT)
    assert urgency.runs(story.case)
    assert story.does(Role.HEAD, Action.ACCEPT_RESULT).case.urgent_due is None


def test_what_is_not_solved_is_urgent_again():
    story = urgent().does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.CITIZEN, Action.DISPUTE)
    assert story.case.urgent_due is None
    assert story.later(hours=5).does(Role.HEAD, Action.REWORK).case.urgent_due == story.at + 2 * HOURS


def test_word_is_sent_only_about_what_is_urgent_claimed_and_not_safe():
    assert Story().claimed().refused(Role.OFFICER, Action.INTERIM).key == "refused.not_urgent"
    assert urgent(Story().assigned()).refused(Role.OFFICER, Action.INTERIM).key == "refused.not_now"
    story = urgent()
    assert story.refused(Role.OFFICER, Action.INTERIM, words="").key == "refused.need_words"
    assert story.refused(Role.OFFICER, Action.MAKE_SAFE, words="").key == "refused.need_words"
    story.does(Role.OFFICER, Action.MAKE_SAFE)
    assert story.refused(Role.OFFICER, Action.INTERIM).key == "refused.made_safe"


# --- the call ---


def test_a_unit_is_called_until_it_claims():
    story = urgent(Story().assigned())
    assert urgency.called_since(story.case) == MONDAY
    assert not urgency.is_called(story.does(Role.OFFICER, Action.CLAIM).case)


def test_who_had_it_before_is_called_too_and_the_one_who_answers_has_it():
    story = urgent()
    assert urgency.is_called(story.case)
    story.later(hours=1).does(Role.HEAD, Action.TAKE_CALL)
    assert (urgency.is_called(story.case), story.case.holder_id) == (False, 32)
    refused = story.refused(Role.OFFICER, Action.TAKE_CALL)
    assert (refused.key, refused.values["at"]) == ("refused.call_taken", story.at.isoformat())


def test_another_unit_is_called_anew():
    story = urgent().does(Role.OFFICER, Action.TAKE_CALL).later(hours=1).does(Role.HEAD, Action.DELEGATE)
    assert urgency.called_since(story.case) == story.at


@pytest.mark.parametrize("change", [{"sensitive": True}, {"agency_id": None}, {"urgent": False}])
def test_nobody_is_called_to_what_is_not_theirs(change):
    assert not urgency.is_called(replace(urgent().case, **change))


def test_operators_are_never_called_as_a_unit():
    story = urgent(Story().opened())
    assert urgency.called_since(story.case) is None
    assert story.refused(Role.OPERATOR, Action.TAKE_CALL).key.startswith("refused.")


# --- the proposal ---


@pytest.mark.parametrize("flags", [("danger", "urgent"), ("danger",), ("urgent",)])
def test_danger_is_proposed_until_an_operator_decides(flags):
    story = Story().opened(flags=flags).does(Role.OPERATOR, Action.ASSIGN)
    assert urgency.is_proposed(story.case)
    story.does(Role.OPERATOR, Action.SET_URGENT, reason=urgency.PROPOSED)
    assert story.events[-1].data["reason"] == "proposed"
    assert not urgency.is_proposed(story.case)
    assert not urgency.is_proposed(story.does(Role.OPERATOR, Action.CLEAR_URGENT).case)


def test_nothing_is_proposed_for_what_is_finished_or_harmless():
    assert not urgency.is_proposed(Story().opened().case)
    assert not urgency.is_proposed(Story().opened(flags=("danger",)).does(Role.OPERATOR, Action.CANCEL).case)


# --- merging, and what is kept ---


def test_what_is_urgent_is_not_merged_into_what_is_not():
    story = urgent()
    assert story.refused(Role.OPERATOR, Action.MERGE).key == "refused.urgent_apart"
    story.does(Role.OPERATOR, Action.MERGE, target_case=replace(OTHER, urgent=True))
    assert story.case.state is State.MERGED


def test_late_word_is_in_the_ledger_one_run_for_each_word_that_was_owed():
    story = urgent().later(hours=3).does(Role.OFFICER, Action.INTERIM).later(hours=1).does(Role.OFFICER, Action.NOTE)
    story.later(hours=1).does(Role.OFFICER, Action.MAKE_SAFE)
    runs = [one for one in readings(story.events, LAW, story.at + HOURS) if one.clock == "urgent"]
    assert [(one.started, one.stopped, one.late) for one in runs] == [
        (MONDAY, MONDAY + 3 * HOURS, True),
        (MONDAY + 3 * HOURS, MONDAY + 5 * HOURS, False),
    ]


def test_late_is_after_the_due_moment():
    case = Case("PA-7K3M-9QXC", State.ASSIGNED, 1, MONDAY, 1, "person", "lamp", agency_id=WARD, urgent=True,
                urgent_due=MONDAY)  # fmt: skip
    assert not urgency.is_late(case, MONDAY)
    assert urgency.is_late(case, MONDAY + timedelta(seconds=1))
