"""Cases about officials: who may do what while the inspection line has one, and that no other unit gets it (R61)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.case.story import CHECKED, DEPARTMENT, INSPECTOR, LAW, LINE, MONDAY, OPERATOR, WARD, Story, act
from workflows.actions import Action
from workflows.case.decide import decide, open_actions
from workflows.case.model import Refusal, Role, State
from workflows.case.replay import replay

SEALED = {"sensitive": True, "sealed": True}
TO_LINE = {"target_agency_id": LINE, "target_line": True}
ROLES = [Role.OFFICER, Role.FOCAL, Role.HEAD, Role.ENTERPRISE, Role.SUPERVISOR, Role.HELPER]

# What the inspection line, its head and the operators may do, where only the state decides.
LINE_MAY = {
    State.ASSIGNED: "cancel claim delegate request_transfer set_urgent correct_category clear_sensitive name_unit "
    "correct_place note",
    State.IN_PROGRESS: "cancel delegate request_transfer ask submit_result set_urgent correct_category "
    "clear_sensitive name_unit correct_place note request_extension",
}
OPERATORS_MAY = {State.RECEIVED: "refer_out assign", State.ASSIGNED: "", State.IN_PROGRESS: ""}


def received(**more):
    return Story().opened(**SEALED, **more)


def assigned(**more):
    return received(**more).does(Role.TIMER, Action.ASSIGN, **TO_LINE)


def claimed(**more):
    return assigned(**more).does(Role.INSPECTION, Action.CLAIM)


def names(actions):
    return {action.value for action in actions}


def test_the_timer_gives_it_to_the_line_whatever_the_words_are():
    story = assigned(flags=("formal",))
    assert (story.case.agency_id, story.case.state, story.case.sealed) == (LINE, State.ASSIGNED, True)


def test_the_line_handles_it_from_claim_to_result():
    story = claimed().does(Role.INSPECTION, Action.ASK).does(Role.CITIZEN, Action.ANSWER)
    story.does(Role.INSPECTION, Action.SUBMIT_RESULT, outcome="explained")
    assert story.case.state is State.ANSWERED
    assert {event.role for event in story.events if event.person_id == INSPECTOR} == {Role.INSPECTION}


@pytest.mark.parametrize("state", list(LINE_MAY))
def test_what_the_line_may_do(state):
    case = (assigned() if state is State.ASSIGNED else claimed()).case
    assert names(open_actions(case, frozenset({Role.INSPECTION}), LAW, LINE)) == set(LINE_MAY[state].split())


@pytest.mark.parametrize("state", list(OPERATORS_MAY))
def test_what_the_operators_may_do(state):
    roads = {State.RECEIVED: received, State.ASSIGNED: assigned, State.IN_PROGRESS: claimed}
    case = roads[state]().case
    for role in (Role.OPERATOR, Role.LEADER):
        wanted = set(OPERATORS_MAY[state].split()) if role is Role.OPERATOR else set()
        assert names(open_actions(case, frozenset({role}), LAW)) == wanted
        for action in Action:
            made = not isinstance(decide(case, act(action, role, case, MONDAY, **TO_LINE), LAW), Refusal)
            assert made <= (action.value in wanted), action


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("unit", [WARD, DEPARTMENT, LINE])
def test_nobody_else_does_anything_whatever_unit_they_say_they_are_of(role, unit):
    for case in (received().case, assigned().case, claimed().case):
        assert open_actions(case, frozenset({role}), LAW, unit, above=True, in_stead=True) == ()
        for action in Action:
            tried = act(action, role, case, MONDAY, agency_id=unit, above=True, in_stead=True, **_target(action))
            assert isinstance(decide(case, tried, LAW), Refusal), action


def _target(action):
    return {} if action is Action.CORRECT_CATEGORY else TO_LINE


def test_an_inspector_does_nothing_to_an_ordinary_case():
    case = Story().claimed().case
    for action in Action:
        assert isinstance(decide(case, act(action, Role.INSPECTION, case, MONDAY), LAW), Refusal)


def test_another_inspection_unit_does_nothing_either():
    case = claimed().case
    assert open_actions(case, frozenset({Role.INSPECTION}), LAW, 99) == ()
    for action in Action:
        assert isinstance(decide(case, act(action, Role.INSPECTION, case, MONDAY, agency_id=99), LAW), Refusal)


@pytest.mark.parametrize("concerned", [False, True])
@pytest.mark.parametrize("line", [False, True])
def test_it_is_given_to_a_line_that_it_is_not_about_and_to_nobody_else(line, concerned):
    target = {"target_agency_id": 70, "target_line": line, "target_concerned": concerned, "target_in_branch": True}
    roads = (
        (received(), Role.OPERATOR, Action.ASSIGN),
        (received(), Role.TIMER, Action.ASSIGN),
        (claimed(), Role.INSPECTION, Action.DELEGATE),
        (claimed(), Role.INSPECTION, Action.REQUEST_TRANSFER),
        (claimed().does(Role.INSPECTION, Action.REQUEST_TRANSFER, **TO_LINE | {"target_agency_id": 71}),
         Role.OPERATOR, Action.TRANSFER),
        (claimed(), Role.ADMIN, Action.DELEGATE),
    )  # fmt: skip
    for story, role, action in roads:
        answer = decide(story.case, act(action, role, story.case, story.at, **target), LAW)
        assert isinstance(answer, Refusal) is not (line and not concerned), (role, action, answer)
        if not line:
            assert answer.key == "refused.line_only"
        elif concerned:
            assert answer.key == "refused.line_concerned"


def test_where_there_is_a_line_the_operators_cannot_keep_it():
    assert received().refused(Role.OPERATOR, Action.ASSIGN, target_agency_id=None).key == "refused.need_line"


def test_who_works_for_the_unit_that_it_is_about_is_told_there_is_no_such_case():
    for story, role in ((received(), Role.OPERATOR), (claimed(), Role.INSPECTION), (claimed(), Role.ADMIN)):
        for action in (Action.ASSIGN, Action.CLAIM, Action.NOTE, Action.SUBMIT_RESULT):
            answer = decide(story.case, act(action, role, story.case, MONDAY, concerned=True), LAW)
            assert isinstance(answer, Refusal)
            assert answer.key in ("refused.unknown_case", "refused.not_allowed")


def test_their_own_report_stays_theirs():
    story = claimed().does(Role.INSPECTION, Action.ASK)
    story.does(Role.CITIZEN, Action.ANSWER, concerned=True)
    assert story.case.state is State.IN_PROGRESS


# --- found out later --------------------------------------------------------------------------------------------------


def test_found_to_be_about_officials_it_leaves_its_unit_for_the_line():
    story = Story().claimed()
    story.does(Role.OPERATOR, Action.SET_SENSITIVE, sealed=True, target_agency_id=LINE)
    case = story.case
    assert (case.sensitive, case.sealed, case.agency_id, case.holder_id) == (True, True, LINE, None)
    story.does(Role.INSPECTION, Action.SUBMIT_RESULT, outcome="explained")


def test_said_twice_it_changes_nothing():
    assert received().refused(Role.OPERATOR, Action.SET_SENSITIVE).key == "refused.not_allowed"
    story = Story().opened(sensitive=True)
    assert story.refused(Role.OPERATOR, Action.SET_SENSITIVE).key == "refused.already_sensitive"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FOCAL, Role.HEAD, Role.CITIZEN])
def test_no_unit_hides_a_case_that_way(role):
    story = Story().claimed()
    assert isinstance(decide(story.case, act(Action.SET_SENSITIVE, role, story.case, MONDAY), LAW), Refusal)


def test_found_not_to_be_it_goes_back_to_the_operators_with_a_reason():
    story = claimed()
    assert story.refused(Role.INSPECTION, Action.CLEAR_SENSITIVE, words="").key == "refused.need_words"
    story.does(Role.INSPECTION, Action.CLEAR_SENSITIVE)
    case = story.case
    assert (case.sensitive, case.sealed, case.agency_id) == (False, False, None)
    story.does(Role.OPERATOR, Action.DELEGATE, target_agency_id=WARD)
    assert story.case.agency_id == WARD


def test_what_a_unit_asked_for_is_forgotten_with_it():
    story = Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER)
    story.does(Role.OPERATOR, Action.CORRECT_CATEGORY, category="officials", sensitive=True, sealed=True)
    assert (story.case.agency_id, story.case.proposed_agency_id) == (None, None)


def test_the_unit_is_named_by_an_event_and_takes_the_case_from_itself():
    story = claimed().does(Role.INSPECTION, Action.NAME_UNIT, target_agency_id=WARD)
    assert (story.case.concerned_id, story.case.agency_id) == (WARD, LINE)
    assert story.refused(Role.INSPECTION, Action.NAME_UNIT, target_agency_id=WARD).key == "refused.same_agency"
    story.does(Role.INSPECTION, Action.NAME_UNIT, target_agency_id=LINE, target_holds=True)
    assert (story.case.concerned_id, story.case.agency_id, story.case.holder_id) == (LINE, None, None)
    assert story.events[-1].data == {"target_agency_id": LINE, "target_holds": True}


def test_what_the_operators_kept_is_sealed_when_a_line_gets_it():
    story = Story().opened(sensitive=True).does(Role.OPERATOR, Action.ASSIGN, target_agency_id=None)
    story.does(Role.OPERATOR, Action.CLAIM).does(Role.OPERATOR, Action.DELEGATE, **TO_LINE)
    assert (story.case.sealed, story.case.agency_id) == (True, LINE)
    assert open_actions(story.case, frozenset({Role.OPERATOR}), LAW) == ()


@given(st.lists(st.sampled_from(list(Action)), max_size=12), st.booleans(), st.randoms(use_true_random=False))
def test_whatever_is_tried_only_a_line_ever_holds_it(actions, sealed, dice):
    """Invariant 6 of the table: at any time a sensitive case is held by a fitting line, or by nobody."""
    story = Story().opened(sensitive=True, sealed=sealed)
    for action in actions:
        role = dice.choice(list(Role))
        line, concerned = dice.random() < 0.5, dice.random() < 0.3
        given_ = {"target_agency_id": LINE if line else WARD, "target_line": line, "target_concerned": concerned}
        if action in (Action.CORRECT_CATEGORY, Action.SET_SENSITIVE):
            given_ = {"sensitive": True, "sealed": True, "category": "officials"}
        if action in (Action.CORRECT, Action.CLEAR_SENSITIVE):
            continue  # an administrator's, and the way out
        unit = dice.choice([WARD, LINE, DEPARTMENT])
        events = decide(story.case, act(action, role, story.case, MONDAY, **{"agency_id": unit} | given_), LAW)
        if isinstance(events, Refusal):
            continue
        story.events += events
        story.now = replay(story.events)
        assert story.case.sensitive
        assert story.case.agency_id in (None, LINE)
        assert story.case.agency_id is None or story.case.sealed


def test_nothing_is_lost_when_it_is_replayed():
    story = claimed(concerned_id=WARD, concerned_words="w9").does(Role.INSPECTION, Action.NAME_UNIT)
    assert replay(story.events) == story.case
    assert (story.case.concerned_id, story.case.concerned_words) == (DEPARTMENT, "w9")


def test_an_old_event_without_the_line_still_replays():
    story = Story().opened(sensitive=True)
    bare = [replace(event, data={k: v for k, v in event.data.items() if k != "sealed"}) for event in story.events]
    assert replay(bare) == story.case
    assert OPERATOR not in story.case.reporters


def test_a_result_of_the_line_is_checked_by_its_head_and_one_of_the_operators_by_them():
    checked = Story(CHECKED).opened(**SEALED).does(Role.TIMER, Action.ASSIGN, **TO_LINE)
    checked.does(Role.INSPECTION, Action.CLAIM).does(Role.INSPECTION, Action.SUBMIT_RESULT, outcome="explained")
    head = frozenset({Role.HEAD, Role.INSPECTION})
    assert Action.ACCEPT_RESULT in open_actions(checked.case, head, CHECKED, LINE)
    assert Action.ACCEPT_RESULT not in open_actions(checked.case, frozenset({Role.INSPECTION}), CHECKED, LINE)
    assert Action.ACCEPT_RESULT not in open_actions(checked.case, frozenset({Role.OPERATOR}), CHECKED)
    kept = Story(CHECKED).opened(sensitive=True).does(Role.OPERATOR, Action.ASSIGN, target_agency_id=None)
    kept.does(Role.OPERATOR, Action.CLAIM).does(Role.OPERATOR, Action.SUBMIT_RESULT, outcome="explained")
    assert Action.ACCEPT_RESULT in open_actions(kept.case, frozenset({Role.OPERATOR}), CHECKED)
