"""A case is what its events add up to, and nothing personal is needed for it."""

import json
from dataclasses import fields, replace

import pytest

from tests.workflows.case.story import CHECKED, LAW, MONDAY, OFFICER, WARD, Story, act
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.law import Law
from workflows.case.model import Case, CaseEvent, Role, State
from workflows.case.policy import Policy
from workflows.case.replay import apply, replay


def whole_life() -> Story:
    """Every turn that one case can take."""
    story = Story(CHECKED).opened(flags=("danger",)).does(Role.OPERATOR, Action.ASK)
    story.until(story.case.reminders_at[0]).does(Role.TIMER, Action.REMIND_ANSWER)
    story.does(Role.CITIZEN, Action.ANSWER, media=("m2",), position="p9")
    story.does(Role.OPERATOR, Action.SET_URGENT).does(Role.OPERATOR, Action.CLEAR_URGENT)
    story.does(Role.OPERATOR, Action.CORRECT_CATEGORY).does(Role.TIMER, Action.ASSIGN)
    story.does(Role.FOCAL, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.REFUSE_TRANSFER)
    story.does(Role.FOCAL, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.TRANSFER)
    story.does(Role.OFFICER, Action.CLAIM).does(Role.OFFICER, Action.NOTE)
    story.does(Role.FOCAL, Action.DELEGATE).does(Role.OFFICER, Action.CLAIM)
    story.does(Role.OFFICER, Action.CORRECT_PLACE).does(Role.CITIZEN, Action.ADD, media=("m3",))
    story.does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.HEAD, Action.RETURN_RESULT)
    story.does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.HEAD, Action.ACCEPT_RESULT)
    story.does(Role.CITIZEN, Action.RATE, rating=1).does(Role.CITIZEN, Action.DISPUTE)
    story.does(Role.HEAD, Action.REWORK).does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="explained")
    story.does(Role.HEAD, Action.ACCEPT_RESULT).does(Role.CITIZEN, Action.DISPUTE)
    return story.does(Role.OPERATOR, Action.UPHOLD).does(Role.CITIZEN, Action.RATE, rating=4)


def test_replay_gives_the_same_case_at_every_step():
    story = whole_life()
    case = None
    for count, event in enumerate(story.events, start=1):
        case = apply(case, event)
        assert replay(story.events[:count]) == case
    assert case == story.case
    assert (case.state, case.cycle, case.hops, case.rating) == (State.CLOSED, 2, 1, 4)
    assert case.media == ("m1", "m2", "m3")
    assert (case.category, case.position, case.area) == ("road", "p2", "phu-hoi")


def test_events_survive_storage():
    for event in whole_life().events:
        assert json.loads(json.dumps(event.data)) == event.data


def test_a_new_policy_leaves_old_promises_alone():
    story = Story().assigned()
    stricter = Law(replace(Policy(), resolve=Policy().claim), LAW.calendar)
    event = decide(story.case, act(Action.CLAIM, Role.OFFICER, story.case, MONDAY), stricter)[0]
    assert apply(story.case, event).resolve_due == story.case.resolve_due
    assert replay([*story.events, event]).resolve_due == story.case.resolve_due


def test_events_hold_codes_and_pointers_only():
    """Whatever the reporter wrote is behind a pointer, so erasing it changes no event."""
    allowed = {field.name for field in fields(Case)} | {
        "reason",
        "target_agency_id",
        "target_person_id",
        "reminders_at",
        "reference",
        "ticked",
    }
    for event in whole_life().events:
        assert set(event.data) <= allowed, event.data


@pytest.mark.parametrize("events", [[], [replace(Story().opened().events[0], action=Action.NOTE)]])
def test_a_history_begins_with_its_opening(events):
    with pytest.raises(ValueError, match="open"):
        replay(events)


def test_a_history_has_no_holes():
    story = Story().claimed()
    with pytest.raises(ValueError, match="does not follow"):
        replay([story.events[0], *story.events[2:]])


def test_an_event_of_a_later_row_changes_at_least_the_state():
    """A move that replay knows nothing special about still leads where it says."""
    case = Story().claimed().case
    event = CaseEvent(case.version + 1, MONDAY, Action.NOTE, "", case.state, State.SCHEDULED, Role.HEAD, OFFICER, WARD)
    assert apply(case, event).state is State.SCHEDULED
