"""The ledger: every run of every clock with both its values, and whose hands the time was in."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.case.story import LAW, Story
from workflows.actions import Action
from workflows.case import ledger
from workflows.case.model import Role

CALENDAR = LAW.calendar
HOUR = timedelta(hours=1)


def read(story, now=None):
    return {(one.clock, one.cycle): one for one in ledger.readings(story.events, LAW, now or story.at)}


def held(story, now=None):
    return [(one.charged, one.agency_id, one.working) for one in ledger.holders(story.events, LAW, now or story.at)]


def test_what_waits_for_the_citizen_is_statutory_time_but_not_net_time():
    story = Story().claimed().later(days=1).does(Role.OFFICER, Action.ASK)
    story = story.later(days=2).does(Role.CITIZEN, Action.ANSWER)
    resolve = read(story)["resolve", 1]
    assert resolve.due == story.case.resolve_due, "the promise stands"
    assert CALENDAR.working_days_between(*map(CALENDAR.local_day, (resolve.due, resolve.net_due))) == 2
    assert resolve.waited == CALENDAR.working_time_between(story.at - timedelta(days=2), story.at) > timedelta()
    late = read(story, resolve.due + HOUR)["resolve", 1]
    assert (late.late, late.net_late) == (True, False)
    assert read(story, resolve.net_due + HOUR)["resolve", 1].net_late


def test_the_arbiter_has_a_clock_and_the_time_is_the_arbiter_s():
    story = Story().claimed().later(hours=1).does(Role.FOCAL, Action.REQUEST_TRANSFER)
    story = story.later(hours=3).does(Role.OPERATOR, Action.REFUSE_TRANSFER)
    found = read(story)
    assert found["arbitration", 1].stopped == story.at and not found["arbitration", 1].late
    assert found["resolve", 1].waited == CALENDAR.working_time_between(story.at - 3 * HOUR, story.at)
    assert ("arbiter", story.case.agency_id, CALENDAR.working_time_between(story.at - 3 * HOUR, story.at)) in held(
        story
    )


def test_a_result_stops_the_clock_and_rework_starts_another():
    story = Story().resolved()
    first = read(story)["resolve", 1]
    assert first.stopped == story.case.finished_at
    assert read(story)["rating", 1].stopped is None
    again = Story().disputed().later(hours=2).does(Role.HEAD, Action.REWORK)
    found = read(again)
    assert found["resolve", 1].stopped and found["resolve", 2].stopped is None
    assert found["interaction", 1].stopped == again.at


def test_a_finished_case_is_in_nobody_s_hands():
    story = Story().resolved()
    assert ledger.holders(story.events, LAW, story.at)[-1].until == story.at
    later = story.at + timedelta(days=3)
    assert ledger.holders(story.events, LAW, later) == ledger.holders(story.events, LAW, story.at)


WAYS = ("claimed", "assigned", "asked", "resolved", "disputed", "scheduled", "appealed", "opened")


@given(st.sampled_from(WAYS), st.timedeltas(timedelta(), timedelta(days=40)))
def test_the_stretches_have_no_gap_and_every_clock_adds_up(way, wait):
    story = getattr(Story(), way)()
    now = story.at + wait
    stretches = ledger.holders(story.events, LAW, now)
    assert all(one.until == other.since for one, other in pairwise(stretches) if one.until)
    assert stretches[0].since == story.case.opened_at
    for one in ledger.readings(story.events, LAW, now):
        assert one.due <= one.net_due
        assert one.late >= one.net_late
        assert one.stopped is None or one.stopped >= one.started
    assert ledger.readings(story.events, LAW, now) == ledger.readings(tuple(story.events), LAW, now)


@given(st.sampled_from(("opened", "assigned", "claimed", "asked", "scheduled")))
def test_an_unfinished_case_has_a_running_clock_and_a_holder(way):
    story = getattr(Story(), way)()
    assert any(one.stopped is None for one in ledger.readings(story.events, LAW, story.at))
    assert ledger.holders(story.events, LAW, story.at)[-1].until is None


PAUSING = replace(
    LAW, policy=replace(LAW.policy, pauses=(("forward", ("citizen",)), ("resolve", ("citizen", "arbiter"))))
)


def asked_for_two_days(law):
    story = Story(law).claimed().later(days=1).does(Role.OFFICER, Action.ASK)
    return story.later(days=2).does(Role.CITIZEN, Action.ANSWER)


def test_waiting_moves_the_promise_only_where_the_policy_says_so():
    runs, stops = asked_for_two_days(LAW), asked_for_two_days(PAUSING)
    before = Story(LAW).claimed().case.resolve_due
    assert runs.case.resolve_due == before
    assert CALENDAR.working_days_between(*map(CALENDAR.local_day, (before, stops.case.resolve_due))) == 2
    both = [ledger.readings(story.events, law, story.at) for story, law in ((runs, LAW), (stops, PAUSING))]
    net = [next(one.net_due for one in found if one.clock == "resolve") for found in both]
    assert net[0] == net[1], "the net value is the same: waiting is left out once"


def test_a_question_at_intake_stops_the_forward_clock_where_the_policy_says_so():
    story = Story(PAUSING).opened()
    before = story.case
    story = story.later(hours=1).does(Role.OPERATOR, Action.ASK).later(days=3).does(Role.CITIZEN, Action.ANSWER)
    assert story.case.forward_due > before.forward_due and story.case.promised_due > before.promised_due
    assert story.case.resolve_due is None


def test_the_arbiters_time_is_given_back_where_the_policy_says_so():
    story = Story(PAUSING).claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER)
    before = story.case.resolve_due
    assert story.later(days=2).does(Role.OPERATOR, Action.REFUSE_TRANSFER).case.resolve_due > before


def test_a_message_has_a_clock_also_after_the_end_and_the_time_is_its_holder_s():
    story = Story().resolved().later(hours=2).does(Role.CITIZEN, Action.ADD)
    wrote = story.at
    story = story.later(days=3).does(Role.OFFICER, Action.REPLY)
    [thread] = [one for one in ledger.readings(story.events, LAW, story.at) if one.clock == "thread"]
    assert (thread.started, thread.stopped, thread.late) == (wrote, story.at, True)
    last = ledger.holders(story.events, LAW, story.at)[-1]
    assert (last.charged, last.since, last.until) == ("holder", wrote, story.at)


def test_a_promise_has_a_clock_until_it_is_kept():
    story = Story().promised()
    due, told = story.case.pledged_until, story.at
    story = story.does(Role.CITIZEN, Action.RATE)
    late = [one for one in ledger.readings(story.events, LAW, due + HOUR) if one.clock == "promise"]
    assert [(one.due, one.stopped, one.late) for one in late] == [(due, None, True)]
    story = story.later(days=2).does(Role.OFFICER, Action.KEEP_PROMISE).later(days=90)
    [kept] = [one for one in ledger.readings(story.events, LAW, story.at) if one.clock == "promise"]
    assert kept.stopped == told + timedelta(days=2) and not kept.late
