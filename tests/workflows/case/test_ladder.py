"""The ladder under random lives: nothing twice, nothing before its time, never downwards, nothing in quiet hours."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.often import tries
from tests.workflows.case.story import LAW, MONDAY, Story
from workflows.actions import Action
from workflows.case.ladder import rungs, to_be_said
from workflows.case.model import Role, State
from workflows.case.overdue import degree, thresholds
from workflows.case.policy import Reminder
from workflows.case.progress import tellings
from workflows.case.quiet import office_from, quiet_until
from workflows.case.running import measured, running
from workflows.case.watch import Refresh, Remind, Tell, first_look, keys, next_look, todo

CALENDAR = LAW.calendar
STORIES = {
    "received": lambda: Story().opened(),
    "assigned": lambda: Story().assigned(),
    "claimed": lambda: Story().claimed(),
    "asked": lambda: Story().asked(),
    "transfer": lambda: Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER),
    "scheduled": lambda: Story().scheduled(),
    "disputed": lambda: Story().disputed(),
    "appealed": lambda: Story().appealed(),
    "message": lambda: Story().claimed().does(Role.CITIZEN, Action.ADD),
    "promised": lambda: Story().promised(),
    "urgent": lambda: Story().claimed().does(Role.OPERATOR, Action.SET_URGENT),
    "resolved": lambda: Story().resolved(),
}
policies = st.builds(
    lambda days, quiet: replace(
        LAW,
        policy=replace(
            LAW.policy,
            reminders=tuple(Reminder(day, ("holder", "head", "parent")[day % 3]) for day in sorted(days)),
            quiet=quiet,
        ),
    ),
    st.sets(st.integers(-3, 9), min_size=1, max_size=6),
    st.sampled_from([(), (time(21), time(7)), (time(12), time(14)), (time(22, 30), time(6))]),
)
steps = st.lists(st.sampled_from([0.02, 0.5, 3, 9, 24, 24, 60, 400]), min_size=1, max_size=40)  # hours between looks


def life(case, law, at, hours):
    """Looks at one case as the sweep makes them; what was done, when, at each of them."""
    done, made = {}, []
    for length in hours:
        at += timedelta(hours=length)
        known = {key: done[key] for key in keys(12, case, law, at) if key in done}
        for one in todo(12, case, law, at, known):
            made.append((at, one))
            done[one.key] = at
    return made


@pytest.mark.parametrize("name", STORIES)
@tries(0.3)
@given(law=policies, hours=steps)
def test_never_twice_never_early_never_down(name, law, hours):
    story = STORIES[name]()
    case, made = story.case, life(story.case, law, story.at, hours)
    assert all(count == 1 for count in Counter(one.key for _, one in made).values())
    for at, one in made:
        if isinstance(one, Remind):
            assert one.rung.at <= at
            assert one.rung.at > one.run.started
            assert case.urgent or (CALENDAR.is_working(CALENDAR.local_day(at)) and quiet_until(at, law) is None)
        if isinstance(one, Tell):
            assert one.telling.at < at
            assert case.urgent or quiet_until(at, law) is None
            assert case.state is not State.NEED_INFO
    for clock in {run.clock for run in running(case, law)}:
        said = [one.rung.days for _, one in made if isinstance(one, Remind) and one.run.clock == clock]
        assert said == sorted(set(said))
    days = [CALENDAR.local_day(at) for at, one in made if isinstance(one, Tell)]
    assert len(days) == len(set(days))


@pytest.mark.parametrize("name", STORIES)
@tries(0.3)
@given(law=policies)
def test_who_looks_when_it_is_time_misses_nothing(name, law):
    """Looking only when the last look said so finds every rung whose time comes apart from others."""
    story = STORIES[name]()
    case, at, done = story.case, story.at, {}
    said = []
    for _ in range(60):
        following = next_look(case, law, at)
        if following is None:
            assert running(case, law) == ()
            return
        assert at < following <= at + timedelta(days=1)
        at = following
        known = {key: done[key] for key in keys(12, case, law, at) if key in done}
        for one in todo(12, case, law, at, known):
            done[one.key] = at
            said.append(one)
    reached = {
        (run.clock, rung.days)
        for run in running(case, law)
        for rung in _last_of_each_moment(rungs(run, law))
        if rung.at <= at - timedelta(days=4) and rung.at > story.at
    }
    assert reached <= {(one.run.clock, one.rung.days) for one in said if isinstance(one, Remind)}


@pytest.mark.parametrize("name", STORIES)
@tries(0.3)
@given(law=policies, hours=st.floats(0, 400))
def test_the_cheap_first_look_is_never_too_late(name, law, hours):
    story = STORIES[name]()
    at = story.at + timedelta(hours=hours)
    exact, cheap = next_look(story.case, law, at), first_look(story.case, law, at)
    if exact is not None:
        assert cheap is not None and at < cheap <= max(exact, CALENDAR.end_of(CALENDAR.local_day(at)))
        known = {key: at for key in keys(12, story.case, law, at)}
        assert todo(12, story.case, law, cheap - timedelta(microseconds=1), known) == () or cheap == exact


def _last_of_each_moment(ladder):
    """Of rungs that fall on one moment, or on mornings that quiet hours put together, the highest is said."""
    return {CALENDAR.local_day(rung.at): rung for rung in ladder}.values()


def test_a_rung_that_was_passed_over_is_not_made_up_for():
    run = next(run for run in running(Story().claimed().case, LAW) if run.clock == "resolve")
    ladder = rungs(run, LAW)
    assert [rung.days for rung in ladder] == [-1, 0, 1, 3, 5]
    late = ladder[3].at + timedelta(hours=1)
    assert to_be_said(ladder, late, []).days == 3
    assert to_be_said(ladder, late, [3]) is None
    assert to_be_said(ladder, ladder[0].at - timedelta(seconds=1), []) is None
    assert to_be_said(ladder, ladder[1].at, [-1, 5]) is None  # the calendar has changed: never downwards


def test_days_off_that_become_known_later_move_the_rungs_and_not_the_date():
    """Tết: a promise of the day before stands; the reminder before it goes to the last working day."""
    case = Story().claimed().case
    last = CALENDAR.local_day(case.resolve_due)
    off = frozenset(last - timedelta(days=count) for count in range(1, 5))
    tet = replace(LAW, calendar=replace(CALENDAR, holidays=CALENDAR.holidays | off))
    run = next(run for run in running(case, tet) if run.clock == "resolve")
    assert run.due == case.resolve_due
    before, today = rungs(run, tet)[:2]
    assert tet.calendar.local_day(before.at) == tet.calendar.add_working_days(last, -1) < min(off)
    assert tet.calendar.local_day(today.at) == last


@pytest.mark.parametrize("times", [1, 2, 3])
def test_the_degree_grows_by_whole_terms(times):
    case = Story().claimed().case
    run = measured(case, LAW)
    at = thresholds(run, LAW)[times - 1]
    assert degree(case, LAW, at) == times - 1
    assert degree(case, LAW, at + timedelta(microseconds=1)) == times
    assert CALENDAR.working_days_between(CALENDAR.local_day(run.due), CALENDAR.local_day(at)) == 5 * (times - 1)


def test_a_question_to_the_citizen_stops_no_statutory_clock():
    case = Story().asked().case
    assert degree(case, LAW, case.resolve_due + timedelta(hours=1)) == 1
    assert tellings(case, LAW) == () and running(case, LAW) == ()


def test_what_was_promised_first_passes_while_a_later_date_was_approved():
    story = Story().claimed()
    first = story.case.resolve_due
    extended = story.does(Role.HEAD, Action.REQUEST_EXTENSION).does(Role.OPERATOR, Action.GRANT_EXTENSION).case
    [one] = [one for one in tellings(extended, LAW) if one.what == "first_due"]
    assert (one.at, extended.resolve_due > first) == (first, True)


@pytest.mark.parametrize(
    ("hour", "ends"),
    [(20, None), (21, "24 07:00"), (23, "24 07:00"), (0, "23 07:00"), (6, "23 07:00"), (7, None), (12, None)],
)
def test_quiet_hours_reach_over_midnight(hour, ends):
    at = datetime(2026, 11, 23, hour, tzinfo=CALENDAR.zone)
    found = quiet_until(at, LAW)
    assert (f"{found:%d %H:%M}" if found else None) == ends


def test_an_office_is_reminded_on_working_days_alone():
    saturday = datetime(2026, 11, 28, 10, tzinfo=CALENDAR.zone)
    assert office_from(saturday, LAW) == CALENDAR.opens(date(2026, 11, 30))
    friday_night = datetime(2026, 11, 27, 22, tzinfo=CALENDAR.zone)
    assert office_from(friday_night, LAW) == CALENDAR.opens(date(2026, 11, 30))
    assert office_from(MONDAY, LAW) is None


def test_a_degree_is_shown_once_for_each():
    case = Story().claimed().case
    hours = [24 * 12, 1, 24 * 7, 1, 24 * 7, 1]
    refreshed = [one.key for _, one in life(case, LAW, MONDAY, hours) if isinstance(one, Refresh)]
    assert [key[-2:] for key in refreshed] == ["x1", "x2", "x3"]
