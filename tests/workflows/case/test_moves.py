"""Every state, action and role against what the regulation says, written out by hand beside the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.case.story import (
    ADMIN,
    BY_SUPERVISOR,
    CHECKED,
    DEPARTMENT,
    FOCAL,
    LAW,
    MONDAY,
    OFFICER,
    OPERATOR,
    PEOPLE,
    WARD,
    Story,
    act,
    agency_of,
)
from workflows.actions import Action
from workflows.case.calendar import WorkingCalendar
from workflows.case.decide import decide, open_actions
from workflows.case.law import Law
from workflows.case.model import CANCEL_REASONS, OUTCOMES, Case, Refusal, Role, State
from workflows.case.moves import MOVES
from workflows.case.policy import Policy
from workflows.case.replay import apply

_FIX = "correct_category correct_place note"
_OPERATOR = "set_urgent clear_urgent note"
_WORD = "interim make_safe"  # while a case is urgent and under way
_CALLED = f"take_call {_WORD}"
_URGENT = frozenset(f"clear_urgent {_CALLED}".split())  # not open on an ordinary case
_DO = "submit_result ask_support"
_WAIVE = "ask_support waive_support"  # no result is given before the help that was asked for is in
_PROPOSE = "propose_cancel propose_merge"

# What may be done, by the roles of domain.md 5.6; the administrator may do what operators and heads may.
EXPECTED: dict[str, dict[str, str]] = {
    "received": {
        "citizen": "withdraw add merge",
        "operator": f"ask cancel assign merge refer_out join part {_OPERATOR} {_WORD} {_FIX}",
        "timer": "assign",
    },
    "need_info/received": {
        "citizen": "answer withdraw add",
        "operator": f"answer join part {_OPERATOR} {_WORD} {_FIX}",
        "timer": "give_up_asking remind_answer",
    },
    "need_info/in_progress": {
        "citizen": "answer withdraw add",
        "operator": f"answer join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"{_FIX} {_CALLED}",
        "officer": f"{_FIX} {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
        "timer": "give_up_asking remind_answer",
    },
    "assigned": {
        "citizen": "withdraw add",
        "operator": f"merge join part {_OPERATOR} {_FIX}",
        "focal": f"claim delegate request_transfer {_PROPOSE} {_FIX}",
        "officer": f"claim {_FIX}",
        "enterprise": "claim request_transfer propose_cancel note",
        "head": f"delegate request_transfer {_PROPOSE} clear_urgent note",
    },
    "in_progress": {
        "citizen": "withdraw add",
        "operator": f"merge join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"ask delegate request_transfer request_extension {_DO} {_PROPOSE} {_FIX} {_CALLED}",
        "officer": f"ask submit_result ask_support {_FIX} {_CALLED}",
        "enterprise": f"ask submit_result ask_support request_transfer request_extension propose_cancel note {_CALLED}",
        "head": f"delegate request_transfer request_extension {_PROPOSE} clear_urgent note {_CALLED}",
    },
    "in_progress/proposed": {
        "citizen": "withdraw add",
        "operator": f"cancel refuse_proposal merge join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"ask delegate request_transfer submit_result ask_support request_extension {_FIX} {_CALLED}",
        "officer": f"ask submit_result ask_support {_FIX} {_CALLED}",
        "enterprise": f"ask submit_result ask_support request_transfer request_extension note {_CALLED}",
        "head": f"delegate request_transfer request_extension clear_urgent note {_CALLED}",
    },
    "in_progress/enterprise": {
        "citizen": "withdraw add",
        "operator": f"merge join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"ask delegate request_transfer request_extension {_DO} {_PROPOSE} {_FIX} {_CALLED}",
        "officer": f"ask submit_result ask_support {_FIX} {_CALLED}",
        "enterprise": f"ask submit_result ask_support request_transfer request_extension propose_cancel note {_CALLED}",
        "head": f"delegate request_transfer request_extension {_PROPOSE} clear_urgent note {_CALLED}",
        "supervisor": "note",
    },
    "in_progress/helped": {
        "citizen": "withdraw add",
        "operator": f"merge join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"ask delegate request_transfer request_extension {_WAIVE} {_PROPOSE} {_FIX} {_CALLED}",
        "officer": f"ask {_WAIVE} {_FIX} {_CALLED}",
        "enterprise": f"ask request_transfer request_extension propose_cancel {_WAIVE} note {_CALLED}",
        "head": f"delegate request_transfer request_extension {_PROPOSE} clear_urgent note {_CALLED}",
        "helper": "answer_support decline_support note",
        "timer": "remind_support",
    },
    "transfer_requested": {
        "citizen": "add",
        "operator": f"transfer refuse_transfer refer_out join part {_OPERATOR} {_WORD} {_FIX}",
        "leader": "transfer refuse_transfer",
        "focal": f"{_FIX} {_CALLED}",
        "officer": f"{_FIX} {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
    },
    "scheduled": {
        "citizen": "add",
        "operator": f"join part {_OPERATOR} {_WORD} {_FIX}",
        "focal": f"resume submit_result ask_support {_FIX} {_CALLED}",
        "officer": f"resume submit_result ask_support {_FIX} {_CALLED}",
        "enterprise": f"resume submit_result ask_support note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
        "timer": "resume",
    },
    "result_submitted": {
        "citizen": "add",
        "operator": f"join part {_OPERATOR} {_WORD}",
        "focal": f"note {_CALLED}",
        "officer": f"note {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"accept_result return_result clear_urgent note {_CALLED}",
        "timer": "accept_result",
    },
    "result_submitted/enterprise": {
        "citizen": "add",
        "operator": f"join part {_OPERATOR} {_WORD}",
        "focal": f"note {_CALLED}",
        "officer": f"note {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
        "supervisor": "accept_result return_result note",
        "timer": "accept_result",
    },
    "result_submitted/unsupervised": {
        "citizen": "add",
        "operator": f"accept_result return_result join part {_OPERATOR} {_WORD}",
        "focal": f"note {_CALLED}",
        "officer": f"note {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
        "timer": "accept_result",
    },
    "resolved": {
        "citizen": "rate dispute add",
        "operator": "part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
        "timer": "close_unrated",
    },
    "answered": {
        "citizen": "rate dispute add",
        "operator": "part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
        "timer": "close_unrated",
    },
    "review_requested": {
        "citizen": "add",
        "operator": f"rework uphold part {_OPERATOR} {_WORD}",
        "focal": f"note {_CALLED}",
        "officer": f"note {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"rework uphold clear_urgent note {_CALLED}",
        "leader": "rework",
    },
    "review_requested/appealed": {
        "citizen": "add",
        "operator": f"part {_OPERATOR} {_WORD}",
        "focal": f"note {_CALLED}",
        "officer": f"note {_CALLED}",
        "enterprise": f"note {_CALLED}",
        "head": f"clear_urgent note {_CALLED}",
        "leader": "rework close_finally",
    },
    "closed": {
        "citizen": "dispute add",
        "operator": "part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
    },
    "closed/final": {
        "citizen": "add",
        "operator": "part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
    },
    "cancelled": {
        "citizen": "ask_revival",
        "operator": "part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
    },
    "cancelled/asked": {
        "operator": "revive part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
    },
    "merged": {
        "citizen": "leave",
        "operator": "unmerge part note",
        "focal": "note",
        "officer": "note",
        "enterprise": "note",
        "head": "note",
    },
    "referred_out": {"operator": "take_back part note"},
}

# Of a case at a spot where the same trouble was before, by whoever works on it.
CHAINS = {"chain", "unchain"}
CHAINERS = {Role.OPERATOR, Role.FOCAL, Role.OFFICER, Role.HEAD}
NO_CHAINS = {"cancelled", "merged", "referred_out"}

# Where each move leads; a remark leaves the case where it is.
LEADS_TO: dict[str, str] = {
    "ask": "need_info",
    "cancel": "cancelled",
    "assign": "assigned",
    "claim": "in_progress",
    "delegate": "assigned",
    "request_transfer": "transfer_requested",
    "transfer": "assigned",
    "refuse_transfer": "in_progress",
    "submit_result": "result_submitted",
    "return_result": "in_progress",
    "rate": "closed",
    "close_unrated": "closed",
    "dispute": "review_requested",
    "rework": "in_progress",
    "withdraw": "cancelled",
    "merge": "merged",
    "refer_out": "referred_out",
    "resume": "in_progress",
    "close_finally": "closed",
    "revive": "received",
    "unmerge": "received",
    "take_back": "received",
}


def standing(name: str) -> Case:
    """A case that stands there, reached by moves where moves lead there."""
    state, _, back = name.partition("/")
    if back == "received":
        return Story().opened().does(Role.OPERATOR, Action.ASK).case
    if back in ("appealed", "final"):
        story = Story().appealed()
        return (story if back == "appealed" else story.does(Role.LEADER, Action.CLOSE_FINALLY)).case
    if back == "asked":
        return Story().cancelled().does(Role.CITIZEN, Action.ASK_REVIVAL).case
    if back == "helped":
        return Story().helped().case
    if back == "proposed":
        return Story().claimed().does(Role.HEAD, Action.PROPOSE_CANCEL).case
    if back in ("enterprise", "unsupervised"):
        story = Story(BY_SUPERVISOR).with_enterprise(DEPARTMENT if back == "enterprise" else None)
        return (story if state == "in_progress" else story.does(Role.ENTERPRISE, Action.SUBMIT_RESULT)).case
    roads = {
        "received": lambda: Story().opened(),
        "need_info": lambda: Story().asked(),
        "assigned": lambda: Story().assigned(),
        "in_progress": lambda: Story().claimed(),
        "transfer_requested": lambda: Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER),
        "result_submitted": lambda: Story(CHECKED).resolved(),
        "resolved": lambda: Story().resolved(),
        "answered": lambda: Story().claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="explained"),
        "review_requested": lambda: Story().disputed(),
        "closed": lambda: Story().resolved().does(Role.CITIZEN, Action.RATE),
        "cancelled": lambda: Story().cancelled(),
        "scheduled": lambda: Story().scheduled(),
        "merged": lambda: Story().claimed().does(Role.OPERATOR, Action.MERGE),
        "referred_out": lambda: Story().opened().does(Role.OPERATOR, Action.REFER_OUT),
    }
    return roads[state]().case


def ready(case: Case, action: Action) -> Case:
    """The same case at the point where only state and role can stand in the way."""
    if action is Action.GIVE_UP_ASKING:
        return replace(case, reminders=len(case.reminders_at))
    if action.value in CHAINS:
        return replace(case, earlier=(9,)) if action is Action.CHAIN else replace(case, spot=9)
    if action.value not in _URGENT:
        return case
    return replace(case, urgent=True, urgent_due=MONDAY, taken_at=None)


def moment(case: Case, action: Action):
    """When ``action`` is due, for what only time brings."""
    times = {
        Action.GIVE_UP_ASKING: case.answer_due,
        Action.REMIND_ANSWER: next(iter(case.reminders_at), None),
        Action.CLOSE_UNRATED: case.rating_until,
        Action.RESUME: case.resume_at,
        Action.REMIND_SUPPORT: case.tasks[0].due if case.tasks else None,
    }
    return times.get(action) or MONDAY + timedelta(hours=1)


def expected(name: str, role: Role) -> set[str]:
    if role is not Role.ADMIN:
        at_any_time = {"set_sensitive"} if role is Role.OPERATOR else set()
        own = set(EXPECTED[name].get(role.value, "").split()) | at_any_time
        chains = "note" in own and role in CHAINERS and name.partition("/")[0] not in NO_CHAINS
        return own | CHAINS if chains else own
    stands_in = {action for one in (Role.OPERATOR, Role.HEAD, Role.LEADER) for action in expected(name, one)}
    if name.partition("/")[0] in ("assigned", "in_progress"):
        stands_in.add("cancel")
    by_telephone = {"withdraw", "dispute", "appeal", "ask_revival"}
    stands_in |= by_telephone & set(EXPECTED[name].get("citizen", "").split())
    if name == "in_progress/helped":
        stands_in |= {"answer_support", "decline_support", "waive_support"}
    if name.partition("/")[0] in ("in_progress", "scheduled"):
        stands_in.add("ask_support")
    if name.startswith("result_submitted"):
        stands_in |= {"accept_result", "return_result"}
    return stands_in | {"correct", "set_sensitive"} | ({"revive"} if name == "cancelled" else set())


def test_the_expectation_covers_every_state():
    assert {name.partition("/")[0] for name in EXPECTED} == {state.value for state in State}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", list(EXPECTED))
def test_every_state_action_and_role(name, role):
    case = standing(name)
    for action in Action:
        before = ready(case, action)
        answer = decide(before, act(action, role, before, moment(before, action)), LAW)
        made = not isinstance(answer, Refusal)
        assert made == (action.value in expected(name, role)), (name, action, role, answer)
        if not made:
            assert answer.key.startswith("refused.")
            continue
        event = answer[0]
        assert (event.before, event.role, event.action) == (before.state, role, action)
        assert event.after.value == _after(name, action)


def _after(name: str, action: Action) -> str:
    state, _, back = name.partition("/")
    computed = {
        "answer": back,
        "give_up_asking": "cancelled" if back == "received" else "in_progress",
        "accept_result": "resolved",
        "uphold": "resolved",
    }
    return computed.get(action.value) or LEADS_TO.get(action.value, state)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", list(EXPECTED))
def test_what_is_open_is_what_can_be_done(name, role):
    case = standing(name)
    shown = {action.value for action in open_actions(case, frozenset({role}), LAW, agency_of(role, case))}
    # Nothing to clear, or to take, on an ordinary case, and nothing to chain.
    assert shown == expected(name, role) - _URGENT - CHAINS


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FOCAL, Role.HEAD])
@pytest.mark.parametrize("name", list(EXPECTED))
def test_another_agency_can_do_nothing(name, role):
    case = standing(name)
    for action in Action:
        attempt = replace(act(action, role, case, moment(case, action)), agency_id=99)
        answer = decide(case, attempt, LAW)
        assert isinstance(answer, Refusal), (name, action)
        assert answer.key in {"refused.not_holding", "refused.not_allowed"}


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_forged_button_does_nothing_to_anothers_case(name):
    case = standing(name)
    for action in set(Action) - {
        Action.JOIN
    }:  # anybody may join themselves; which case is offered to whom is no button
        attempt = replace(act(action, Role.CITIZEN, case, moment(case, action)), person_id=2)
        assert isinstance(decide(case, attempt, LAW), Refusal)


@pytest.mark.parametrize("action", list(Action))
def test_nothing_begins_a_case_but_opening_it(action):
    for role in Role:
        answer = decide(None, act(action, role, None, MONDAY), LAW)
        allowed = action is Action.OPEN and role in {Role.CITIZEN, Role.OPERATOR, Role.ADMIN}
        assert isinstance(answer, tuple) == allowed, (action, role)


@pytest.mark.parametrize("missing", ["category", "code"])
def test_a_report_without_its_minimum_is_no_case(missing):
    attempt = act(Action.OPEN, Role.CITIZEN, None, MONDAY, **{missing: ""})
    assert decide(None, attempt, LAW) == Refusal("refused.incomplete")


def test_a_report_needs_a_place_and_a_picture_or_words():
    story = Story()
    assert story.refused(Role.CITIZEN, Action.OPEN, position="", area="").key == "refused.incomplete"
    assert story.refused(Role.CITIZEN, Action.OPEN, words="", media=()).key == "refused.incomplete"
    story.opened(words="", area="")
    assert story.case.media == ("m1",)


# What a move needs beside the right person.


@pytest.mark.parametrize(
    ("name", "role", "action", "without", "key"),
    [
        ("received", Role.OPERATOR, Action.ASK, {"words": ""}, "need_words"),
        ("received", Role.OPERATOR, Action.CANCEL, {"words": ""}, "need_words"),
        ("received", Role.OPERATOR, Action.CANCEL, {"reason": ""}, "need_reason"),
        ("received", Role.OPERATOR, Action.CANCEL, {"reason": "no_answer"}, "need_reason"),
        ("received", Role.OPERATOR, Action.CANCEL, {"reason": "because"}, "need_reason"),
        ("received", Role.OPERATOR, Action.ASSIGN, {"target_agency_id": None}, "need_agency"),
        ("received", Role.OPERATOR, Action.CORRECT_CATEGORY, {"category": ""}, "need_category"),
        ("received", Role.OPERATOR, Action.CORRECT_CATEGORY, {"category": "lamp"}, "same_category"),
        ("received", Role.OPERATOR, Action.CORRECT_PLACE, {"position": "", "area": ""}, "need_place"),
        ("need_info/received", Role.CITIZEN, Action.ANSWER, {"words": ""}, "need_words_or_media"),
        (
            "assigned",
            Role.FOCAL,
            Action.DELEGATE,
            {"target_agency_id": None},
            "need_delegate",
        ),
        ("assigned", Role.FOCAL, Action.DELEGATE, {"target_in_branch": False}, "not_in_branch"),
        ("assigned", Role.FOCAL, Action.DELEGATE, {"target_agency_id": WARD}, "same_agency"),
        ("assigned", Role.HEAD, Action.REQUEST_TRANSFER, {"target_agency_id": None}, "need_agency"),
        ("assigned", Role.HEAD, Action.REQUEST_TRANSFER, {"target_agency_id": WARD}, "same_agency"),
        ("assigned", Role.HEAD, Action.REQUEST_TRANSFER, {"reason": "", "words": ""}, "need_reason"),
        ("assigned", Role.HEAD, Action.REQUEST_TRANSFER, {"reason": "lazy"}, "need_reason"),
        ("transfer_requested", Role.OPERATOR, Action.TRANSFER, {"target_agency_id": WARD}, "same_agency"),
        ("transfer_requested", Role.OPERATOR, Action.REFUSE_TRANSFER, {"words": ""}, "need_words"),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"media": ()}, "need_after_photo"),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"words": ""}, "need_words"),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"outcome": "magic"}, "need_outcome"),
        (
            "in_progress",
            Role.OFFICER,
            Action.SUBMIT_RESULT,
            {"outcome": "sanctioned", "reference": ""},
            "need_sanction",
        ),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"outcome": "not_possible", "reason": ""}, "need_reason"),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"outcome": "sanctioned", "fine": None}, "need_sanction"),
        ("in_progress", Role.OFFICER, Action.SUBMIT_RESULT, {"outcome": "sanctioned", "fine": -1}, "need_sanction"),
        ("result_submitted", Role.HEAD, Action.RETURN_RESULT, {"words": ""}, "need_words"),
        ("resolved", Role.CITIZEN, Action.RATE, {"rating": None}, "need_rating"),
        ("resolved", Role.CITIZEN, Action.RATE, {"rating": 6}, "need_rating"),
        ("resolved", Role.CITIZEN, Action.DISPUTE, {"words": ""}, "need_words_or_media"),
        ("review_requested", Role.OPERATOR, Action.UPHOLD, {"words": ""}, "need_words"),
        ("in_progress", Role.OFFICER, Action.NOTE, {"words": ""}, "need_words_or_media"),
        ("in_progress", Role.CITIZEN, Action.ADD, {"words": ""}, "need_words_or_media"),
    ],
)
def test_what_is_missing_is_said(name, role, action, without, key):
    case = standing(name)
    assert decide(case, act(action, role, case, MONDAY, **without), LAW) == Refusal(f"refused.{key}")


@pytest.mark.parametrize("outcome", [code for code in OUTCOMES if code != "fixed"])
def test_other_outcomes_need_no_photo_and_are_answers(outcome):
    story = Story().claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome=outcome, media=())
    assert story.case.state is State.ANSWERED


def test_a_sanction_keeps_its_decision_and_amount_until_it_is_returned_or_reworked():
    story = Story(CHECKED).claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="sanctioned", fine=0)
    assert (story.case.decision, story.case.fine) == ("decision1", 0)
    assert story.does(Role.HEAD, Action.RETURN_RESULT).case.fine is None
    assert story.does(Role.OFFICER, Action.SUBMIT_RESULT).case.decision == "", "fixed is no sanction"


def test_words_with_personal_data_go_nowhere():
    case, where = standing("in_progress"), "gọi 【091…】"
    for action in (Action.SUBMIT_RESULT, Action.ASK):
        refused = decide(case, act(action, Role.OFFICER, case, MONDAY, exposed=where), LAW)
        assert refused == Refusal("refused.personal_data", {"where": where})


def test_a_promise_needs_a_day_that_is_still_to_come():
    story = Story().claimed()
    for until, key in ((None, "need_promise_date"), (MONDAY, "promise_past")):
        refusal = story.refused(Role.OFFICER, Action.SUBMIT_RESULT, outcome="promised", until=until)
        assert refusal == Refusal(f"refused.{key}")
    assert Story().promised().case.pledged_until == MONDAY + timedelta(days=60)


def test_a_day_given_with_another_outcome_promises_nothing():
    assert Story().resolved().case.pledged_until is None


def test_a_promise_is_kept_once_and_by_whoever_gave_it():
    story = Story().promised().does(Role.CITIZEN, Action.RATE)
    assert story.case.state is State.CLOSED
    assert story.refused(Role.OPERATOR, Action.KEEP_PROMISE) == Refusal("refused.not_allowed")
    assert story.refused(Role.OFFICER, Action.KEEP_PROMISE, words="") == Refusal("refused.need_words")
    story.does(Role.OFFICER, Action.KEEP_PROMISE)
    assert story.case.pledge_kept_at == story.at
    assert story.refused(Role.OFFICER, Action.KEEP_PROMISE) == Refusal("refused.nothing_promised")


def test_rework_takes_a_promise_back():
    story = Story().promised().does(Role.CITIZEN, Action.DISPUTE).does(Role.HEAD, Action.REWORK)
    assert story.case.pledged_until is None
    assert story.refused(Role.OFFICER, Action.KEEP_PROMISE).key == "refused.not_now"


def test_every_reason_to_cancel_by_hand():
    for reason in set(CANCEL_REASONS) - {"withdrawn", "no_answer"}:
        assert Story().opened().does(Role.OPERATOR, Action.CANCEL, reason=reason).case.cancel_reason == reason


# Two at once, and the same again.


def test_two_officers_claim_and_one_is_told_who_was_quicker():
    story = Story().claimed().later(minutes=1)
    refusal = story.refused(Role.FOCAL, Action.CLAIM, person_id=FOCAL)
    assert refusal.key == "refused.already_claimed"
    assert refusal.values["person_id"] == str(OFFICER)
    assert refusal.values["at"] == MONDAY.isoformat()


@pytest.mark.parametrize(
    ("name", "role", "action", "key"),
    [
        ("assigned", Role.OPERATOR, Action.ASSIGN, "already_assigned"),
        ("need_info/in_progress", Role.OFFICER, Action.ASK, "already_asked"),
        ("cancelled", Role.OPERATOR, Action.CANCEL, "already_cancelled"),
        ("transfer_requested", Role.FOCAL, Action.REQUEST_TRANSFER, "already_requested"),
        ("resolved", Role.OFFICER, Action.SUBMIT_RESULT, "already_answered"),
        ("closed", Role.CITIZEN, Action.RATE, "already_rated"),
        ("review_requested", Role.CITIZEN, Action.DISPUTE, "already_disputed"),
        ("in_progress", Role.OPERATOR, Action.REWORK, "already_decided"),
        ("closed", Role.OFFICER, Action.CLAIM, "not_now"),
    ],
)
def test_the_same_again_is_told_what_became_of_it(name, role, action, key):
    case = standing(name)
    answer = decide(case, act(action, role, case, MONDAY), LAW)
    assert isinstance(answer, Refusal)
    assert answer.key == f"refused.{key}"
    assert answer.values["state"] == f"state.{case.state.value}"


def test_a_result_accepted_by_itself_is_its_authors():
    story = Story().resolved()
    assert [(event.move, event.role) for event in story.events[-2:]] == [
        ("T18", Role.OFFICER),
        ("T19", Role.TIMER),
    ]
    assert story.refused(Role.FOCAL, Action.SUBMIT_RESULT).values["person_id"] == str(OFFICER)


def test_who_reports_is_never_named_to_those_who_come_too_late():
    story = Story().claimed().does(Role.CITIZEN, Action.WITHDRAW)
    assert story.refused(Role.OPERATOR, Action.CANCEL).values["person_id"] == ""


def test_a_card_from_before_a_change_is_not_acted_on():
    story = Story().claimed()
    seen = story.case.version
    story.does(Role.OFFICER, Action.CORRECT_PLACE)
    assert story.refused(Role.OFFICER, Action.ASK, expected_version=seen).key == "refused.changed"
    story.does(Role.OFFICER, Action.ASK, expected_version=story.case.version)


# The turns of the road.


def test_a_head_checks_results_where_the_policy_says_so():
    story = Story(CHECKED).resolved()
    assert story.case.state is State.RESULT_SUBMITTED
    assert isinstance(decide(story.case, act(Action.ACCEPT_RESULT, Role.TIMER, story.case, MONDAY), CHECKED), Refusal)
    promise = story.case.resolve_due
    story.does(Role.HEAD, Action.RETURN_RESULT)
    assert (story.case.state, story.case.resolve_due) == (State.IN_PROGRESS, promise)
    story.does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.HEAD, Action.ACCEPT_RESULT)
    assert story.case.state is State.RESOLVED


def test_the_doer_asks_twice_a_cycle_and_again_in_the_next():
    story = Story().claimed()
    for _ in range(2):
        story.does(Role.OFFICER, Action.ASK).does(Role.CITIZEN, Action.ANSWER)
    assert story.refused(Role.OFFICER, Action.ASK) == Refusal("refused.asked_enough", {"count": "2"})
    assert Action.ASK not in open_actions(story.case, frozenset({Role.OFFICER}), LAW)
    story.does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.CITIZEN, Action.DISPUTE)
    story.does(Role.OPERATOR, Action.REWORK).does(Role.OFFICER, Action.ASK)


def test_questions_at_intake_do_not_count():
    story = Story().opened()
    for _ in range(3):
        story.does(Role.OPERATOR, Action.ASK).does(Role.CITIZEN, Action.ANSWER)
    assert (story.case.state, story.case.questions) == (State.RECEIVED, 0)


def test_silence_after_two_reminders_cancels_at_intake():
    story = Story().opened().does(Role.OPERATOR, Action.ASK)
    for at in story.case.reminders_at:
        story.until(at).does(Role.TIMER, Action.REMIND_ANSWER)
    assert story.refused(Role.TIMER, Action.GIVE_UP_ASKING).key == "refused.too_early"
    story.until(story.case.answer_due).does(Role.TIMER, Action.GIVE_UP_ASKING)
    assert (story.case.state, story.case.cancel_reason) == (State.CANCELLED, "no_answer")


def test_silence_after_two_reminders_sends_the_doer_on():
    story = Story().asked()
    for at in story.case.reminders_at:
        story.until(at).does(Role.TIMER, Action.REMIND_ANSWER)
    story.until(story.case.answer_due).does(Role.TIMER, Action.GIVE_UP_ASKING)
    assert story.case.state is State.IN_PROGRESS
    assert story.events[-1].move == "T5b"


def test_timers_of_an_earlier_question_do_no_harm():
    story = Story().opened().does(Role.OPERATOR, Action.ASK)
    old = story.case.reminders_at[0]
    story.later(hours=3).does(Role.CITIZEN, Action.ANSWER).does(Role.OPERATOR, Action.ASK)
    story.until(old)
    assert story.refused(Role.TIMER, Action.REMIND_ANSWER).key == "refused.too_early"
    assert story.refused(Role.TIMER, Action.GIVE_UP_ASKING).key == "refused.too_early"


def test_a_focal_officer_is_the_heads_delegate_only_by_policy():
    strict = Law(Policy(transfer_by_focal=False), WorkingCalendar())
    story = Story(strict).claimed()
    assert story.refused(Role.FOCAL, Action.REQUEST_TRANSFER).key == "refused.head_only"
    assert Action.REQUEST_TRANSFER not in open_actions(story.case, frozenset({Role.FOCAL}), strict)
    assert story.does(Role.HEAD, Action.REQUEST_TRANSFER).events[-1].role is Role.HEAD


def test_a_transfer_keeps_the_promise_and_the_third_is_a_leaders():
    story = Story().claimed()
    promise = story.case.resolve_due
    for hop, target in enumerate((DEPARTMENT, WARD), start=1):
        story.later(hours=1).does(Role.FOCAL, Action.REQUEST_TRANSFER, target_agency_id=target)
        story.does(Role.OPERATOR, Action.TRANSFER, target_agency_id=None)  # to the one proposed
        assert (story.case.agency_id, story.case.hops, story.case.resolve_due) == (target, hop, promise)
        assert story.case.holder_id is None
    story.does(Role.FOCAL, Action.REQUEST_TRANSFER)
    assert story.refused(Role.OPERATOR, Action.TRANSFER).key == "refused.leader_decides"
    assert Action.TRANSFER not in open_actions(story.case, frozenset({Role.OPERATOR}), LAW)
    assert story.does(Role.ADMIN, Action.TRANSFER).events[-1].person_id == ADMIN


def test_a_transfer_that_names_no_unit_goes_nowhere():
    case = replace(standing("transfer_requested"), proposed_agency_id=None)
    attempt = act(Action.TRANSFER, Role.OPERATOR, case, MONDAY, target_agency_id=None)
    assert decide(case, attempt, LAW) == Refusal("refused.need_agency")


def test_a_case_goes_to_a_colleague():
    story = Story().claimed().does(Role.FOCAL, Action.DELEGATE, target_agency_id=None, target_person_id=33)
    assert (story.case.state, story.case.agency_id, story.case.holder_id) == (State.ASSIGNED, WARD, 33)


@pytest.mark.parametrize("rating", [3, 4, 5])
def test_normal_or_better_closes(rating):
    story = Story().resolved().does(Role.CITIZEN, Action.RATE, rating=rating)
    assert (story.case.state, story.case.rating) == (State.CLOSED, rating)


@pytest.mark.parametrize("rating", [1, 2])
def test_a_low_rating_stands_and_with_a_reason_reopens(rating):
    story = Story().resolved().does(Role.CITIZEN, Action.RATE, rating=rating)
    assert (story.case.state, story.events[-1].move) == (State.RESOLVED, "T23b")
    story.does(Role.CITIZEN, Action.RATE, rating=rating, words="why")
    assert (story.case.state, story.case.complaint) == (State.REVIEW_REQUESTED, "why")


def test_silence_closes_at_the_end_of_the_window_and_is_no_rating():
    story = Story().resolved()
    assert story.refused(Role.TIMER, Action.CLOSE_UNRATED).key == "refused.too_early"
    story.until(story.case.rating_until).does(Role.TIMER, Action.CLOSE_UNRATED)
    assert (story.case.state, story.case.rating) == (State.CLOSED, None)


def test_rework_is_a_new_cycle_with_its_own_term():
    story = Story().disputed().later(days=2).does(Role.OPERATOR, Action.REWORK)
    case = story.case
    assert (case.state, case.cycle, case.questions, case.disputed) == (State.IN_PROGRESS, 2, 0, False)
    assert case.resolve_due == datetime_of(story)
    assert case.interaction_due is None
    story.does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.CITIZEN, Action.DISPUTE)


def datetime_of(story: Story):
    """Five working days after the decision, to the end of the day."""
    day = story.law.calendar.add_working_days(story.law.calendar.local_day(story.at), 5)
    return story.law.calendar.end_of(day)


def test_an_upheld_result_is_disputed_no_more_in_its_cycle():
    story = Story().disputed().does(Role.HEAD, Action.UPHOLD)
    assert story.case.state is State.RESOLVED
    assert story.refused(Role.CITIZEN, Action.DISPUTE).key == "refused.disputed_before"
    story.does(Role.CITIZEN, Action.RATE, rating=1, words="still")
    assert (story.case.state, story.events[-1].move) == (State.RESOLVED, "T23b")


def test_an_upheld_answer_stays_an_answer():
    story = Story().claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="explained")
    story.does(Role.CITIZEN, Action.DISPUTE).does(Role.OPERATOR, Action.UPHOLD)
    assert story.case.state is State.ANSWERED


def test_an_assignment_before_the_forward_due_makes_the_promise_earlier_and_one_after_it_not_later():
    early = Story().assigned().case
    late = Story().opened().later(days=9).does(Role.OPERATOR, Action.ASSIGN).case
    assert early.resolve_due < early.promised_due
    assert late.resolve_due == late.promised_due


def test_urgent_brings_the_forward_due_near_and_is_cleared_with_a_reason():
    story = Story().opened()
    before = story.case.forward_due
    story.does(Role.OPERATOR, Action.SET_URGENT)
    assert story.case.urgent
    assert story.case.forward_due == story.at + timedelta(hours=2) < before
    assert story.refused(Role.OPERATOR, Action.SET_URGENT).key == "refused.already_urgent"
    assert story.refused(Role.OPERATOR, Action.CLEAR_URGENT, words="").key == "refused.need_reason"
    assert not story.does(Role.OPERATOR, Action.CLEAR_URGENT).case.urgent
    assert story.refused(Role.OPERATOR, Action.CLEAR_URGENT).key == "refused.not_urgent"


# Reports about officials (R61).


def test_without_an_inspection_line_a_sensitive_case_is_for_the_operators_from_end_to_end():
    story = Story().opened(sensitive=True)
    assert story.refused(Role.OPERATOR, Action.ASSIGN).key == "refused.line_only"
    assert story.refused(Role.TIMER, Action.ASSIGN).key == "refused.line_only"
    story.does(Role.OPERATOR, Action.ASSIGN, target_agency_id=None).does(Role.OPERATOR, Action.CLAIM)
    assert (story.case.agency_id, story.case.holder_id) == (None, OPERATOR)
    story.does(Role.OPERATOR, Action.ASK).does(Role.CITIZEN, Action.ANSWER)
    story.does(Role.OPERATOR, Action.SUBMIT_RESULT, outcome="explained")
    assert story.case.state is State.ANSWERED
    assert story.refused(Role.CITIZEN, Action.WITHDRAW).key.startswith("refused.")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FOCAL, Role.HEAD])
def test_no_agency_touches_a_sensitive_case(role):
    case = replace(Story().claimed().case, sensitive=True)
    for action in Action:
        assert isinstance(decide(case, act(action, role, case, MONDAY), LAW), Refusal)
    assert open_actions(case, frozenset({role}), LAW) == ()


def test_a_case_found_to_be_sensitive_leaves_its_agency():
    story = Story().claimed()
    refusal = story.refused(Role.OFFICER, Action.CORRECT_CATEGORY, category="officials", sensitive=True)
    assert refusal.key == "refused.sensitive_by_operator"
    story.does(Role.OPERATOR, Action.CORRECT_CATEGORY, category="officials", sensitive=True)
    assert (story.case.sensitive, story.case.agency_id, story.case.holder_id) == (True, None, None)
    story.does(Role.OPERATOR, Action.SUBMIT_RESULT, outcome="explained")


@pytest.mark.parametrize("flag", ["formal", "secret"])
def test_what_looks_like_a_formal_complaint_waits_for_an_operator(flag):
    story = Story().opened(flags=(flag,))
    assert story.refused(Role.TIMER, Action.ASSIGN).key == "refused.needs_operator"
    story.does(Role.OPERATOR, Action.ASSIGN)


def test_danger_is_no_obstacle():
    assert Story().opened(flags=("danger", "urgent")).does(Role.TIMER, Action.ASSIGN).case.agency_id == WARD


def test_an_operator_may_go_on_without_an_answer():
    story = Story().asked().does(Role.OPERATOR, Action.ANSWER, words="")
    assert story.case.state is State.IN_PROGRESS


def test_an_operators_case_from_a_caller_has_no_reporter():
    case = apply(None, decide(None, act(Action.OPEN, Role.OPERATOR, None, MONDAY), LAW)[0])
    assert case.reporter_id is None
    assert case.moved_by == OPERATOR


# Proposals, enterprises, and who stands above.


def test_what_a_unit_holds_is_cancelled_only_as_its_head_proposes():
    story = Story().claimed()
    assert story.refused(Role.OPERATOR, Action.CANCEL).key == "refused.no_cancel_proposed"
    assert story.refused(Role.HEAD, Action.PROPOSE_CANCEL, words="").key == "refused.need_words"
    assert story.refused(Role.HEAD, Action.PROPOSE_CANCEL, reason="no_answer").key == "refused.need_reason"
    story.does(Role.HEAD, Action.PROPOSE_CANCEL)
    assert (story.case.asked, story.case.state) == ("cancel", State.IN_PROGRESS)
    assert story.refused(Role.FOCAL, Action.PROPOSE_MERGE).key == "refused.proposal_waits"
    story.does(Role.OPERATOR, Action.REFUSE_PROPOSAL)
    assert story.case.asked == ""
    assert story.refused(Role.OPERATOR, Action.REFUSE_PROPOSAL).key == "refused.no_proposal"
    assert story.refused(Role.OPERATOR, Action.CANCEL).key == "refused.no_cancel_proposed"


def test_a_focal_officer_proposes_only_where_the_policy_makes_them_the_heads_delegate():
    strict = Story(Law(Policy(transfer_by_focal=False), WorkingCalendar())).claimed()
    assert strict.refused(Role.FOCAL, Action.PROPOSE_CANCEL).key == "refused.head_only"
    strict.does(Role.FOCAL, Action.PROPOSE_MERGE)
    assert (strict.case.asked, strict.case.proposal_case_id) == ("merge", 13)


@pytest.mark.parametrize(
    ("role", "action"),
    [
        (Role.OFFICER, Action.SUBMIT_RESULT),
        (Role.HEAD, Action.REQUEST_TRANSFER),
        (Role.OPERATOR, Action.MERGE),
        (Role.CITIZEN, Action.WITHDRAW),
    ],
)
def test_a_proposal_is_gone_when_the_case_goes_on(role, action):
    story = Story().claimed().does(Role.HEAD, Action.PROPOSE_CANCEL).does(role, action)
    assert (story.case.asked, story.case.proposal_words) == ("", "")


def test_an_enterprises_result_needs_its_supervisors_mark():
    story = Story(BY_SUPERVISOR).with_enterprise().does(Role.ENTERPRISE, Action.SUBMIT_RESULT)
    assert story.case.state is State.RESULT_SUBMITTED
    assert story.refused(Role.HEAD, Action.ACCEPT_RESULT).key == "refused.not_allowed"
    assert story.refused(Role.SUPERVISOR, Action.ACCEPT_RESULT, agency_id=99).key == "refused.not_holding"
    story.does(Role.SUPERVISOR, Action.RETURN_RESULT).does(Role.ENTERPRISE, Action.SUBMIT_RESULT)
    story.does(Role.SUPERVISOR, Action.ACCEPT_RESULT)
    assert story.events[-1].agency_id == DEPARTMENT
    plain = Story(BY_SUPERVISOR).resolved()
    assert plain.case.state is State.RESOLVED


def test_where_the_policy_demands_no_mark_an_enterprises_result_stands_like_any():
    assert Story().with_enterprise().does(Role.ENTERPRISE, Action.SUBMIT_RESULT).case.state is State.RESOLVED
    checked = Story(CHECKED).with_enterprise().does(Role.ENTERPRISE, Action.SUBMIT_RESULT)
    checked.does(Role.SUPERVISOR, Action.ACCEPT_RESULT)


def test_a_transfer_takes_the_case_from_the_supervisor_too():
    story = Story().with_enterprise().does(Role.HEAD, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.TRANSFER)
    assert (story.case.enterprise, story.case.supervisor_id) == (False, None)


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (Role.HEAD, Action.DELEGATE, True),
        (Role.FOCAL, Action.DELEGATE, True),
        (Role.OFFICER, Action.NOTE, True),
        (Role.FOCAL, Action.CLAIM, False),
        (Role.FOCAL, Action.SUBMIT_RESULT, False),
        (Role.HEAD, Action.REQUEST_TRANSFER, False),
        (Role.HEAD, Action.PROPOSE_CANCEL, False),
    ],
)
def test_the_unit_above_gives_work_out_and_does_not_do_it(role, action, may):
    case = Story().claimed().case
    answer = decide(case, replace(act(action, role, case, MONDAY), agency_id=DEPARTMENT, above=True), LAW)
    assert isinstance(answer, tuple) == may
    shown = open_actions(case, frozenset({role}), LAW, DEPARTMENT, above=True)
    assert (action in shown) == may


@pytest.mark.parametrize("action", [Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION])
def test_more_time_is_granted_by_the_level_above_and_not_by_the_own_head(action):
    story = Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION)
    assert story.refused(Role.HEAD, action).key == "refused.not_allowed"
    assert story.refused(Role.FOCAL, action, agency_id=DEPARTMENT, above=True).key == "refused.not_allowed"
    story.does(Role.HEAD, action, agency_id=DEPARTMENT, above=True)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("result_submitted", Action.ACCEPT_RESULT),
        ("result_submitted", Action.RETURN_RESULT),
        ("review_requested", Action.REWORK),
        ("review_requested", Action.UPHOLD),
        ("in_progress", Action.REQUEST_TRANSFER),
        ("in_progress", Action.PROPOSE_CANCEL),
    ],
)
def test_an_absent_heads_acts_fall_to_the_one_above(name, action):
    case = standing(name)
    above = replace(act(action, Role.HEAD, case, MONDAY), agency_id=DEPARTMENT, above=True)
    assert isinstance(decide(case, above, LAW), Refusal)
    events = decide(case, replace(above, in_stead=True), LAW)
    assert (events[0].role, events[0].agency_id) == (Role.HEAD, DEPARTMENT)


def test_nobody_above_or_supervising_touches_a_sensitive_case():
    case = replace(Story(BY_SUPERVISOR).with_enterprise().case, sensitive=True)
    for role in (Role.HEAD, Role.FOCAL, Role.OFFICER, Role.SUPERVISOR):
        assert open_actions(case, frozenset({role}), LAW, DEPARTMENT, above=True, in_stead=True) == ()


def test_each_row_names_whom_it_belongs_to():
    assert all(move.roles and (move.froms or move.action is Action.OPEN) for move in MOVES)
    assert set(PEOPLE) == set(Role)
