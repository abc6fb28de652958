"""T1 by an operator: whose report it is, who took it down, and by which way it came, as the history alone tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflows.actions import Action
from workflows.case.calendar import WorkingCalendar
from workflows.case.decide import decide
from workflows.case.law import Law
from workflows.case.model import Act, Refusal, Role, State
from workflows.case.policy import Policy
from workflows.case.replay import apply, replay

LAW = Law(Policy(), WorkingCalendar())
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALLER, OPERATOR = 41, 7
TAKEN = Act(
    Action.OPEN,
    frozenset({Role.OPERATOR}),
    MONDAY,
    person_id=OPERATOR,
    target_person_id=CALLER,
    words="w1",
    position="p1",
    category="lamp",
    public_text=True,
    code="PA-7K3M-9QXC",
    channel="hotline",
)


def opened(act=TAKEN):
    events = decide(None, act, LAW)
    assert not isinstance(events, Refusal), events
    return events


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
def test_it_is_the_callers_and_the_history_says_who_took_it_down(role):
    events = opened(replace(TAKEN, roles=frozenset({role}), person_id=OPERATOR if role is Role.OPERATOR else None))
    case = replay(events)
    assert (case.state, case.reporter_id, case.channel, case.reporters) == (
        State.RECEIVED,
        CALLER,
        "hotline",
        (CALLER,),
    )
    assert (events[0].move, events[0].role) == ("T1", role)
    assert case.moved_by == (OPERATOR if role is Role.OPERATOR else None)
    assert case.forward_due is not None and case.promised_due is not None


def test_the_caller_moves_it_like_anybodys_and_nobody_else_does():
    case = replay(opened())
    withdraw = Act(Action.WITHDRAW, frozenset({Role.CITIZEN}), MONDAY, person_id=CALLER)
    events = decide(case, withdraw, LAW)
    assert not isinstance(events, Refusal) and apply(case, events[0]).state is State.CANCELLED
    for other in (OPERATOR, 99):
        assert isinstance(decide(case, replace(withdraw, person_id=other), LAW), Refusal)


def test_a_citizens_own_report_names_no_channel_and_nobody_who_took_it_down():
    own = replace(TAKEN, roles=frozenset({Role.CITIZEN}), person_id=CALLER, target_person_id=None, channel="")
    [event] = opened(own)
    assert not {"channel", "target_person_id"} & event.data.keys()
    assert (replay([event]).reporter_id, replay([event]).moved_by) == (CALLER, None)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.FOCAL, Role.TIMER])
def test_an_agency_takes_nothing_down(role):
    assert isinstance(decide(None, replace(TAKEN, roles=frozenset({role})), LAW), Refusal)
