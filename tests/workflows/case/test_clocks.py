"""The working-day law: golden vectors of public case pages, two policies, and why a date is what it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.case.test_calendar import CALENDARS, INSTANTS, at
from workflows.case import clocks
from workflows.case.calendar import WorkingCalendar
from workflows.case.clocks import Line
from workflows.case.policy import Policy, Special, Term, elapsed

QUANG_NINH = Policy()
HUE = replace(
    QUANG_NINH,
    name="hue",
    day_zero="working_day",
    resolve_from="received",
    resolve=Term(7),
    result_check="head",
)
PLAIN = WorkingCalendar()
POLICIES = st.sampled_from([QUANG_NINH, HUE])
TERMS = st.one_of(
    st.builds(Term, st.integers(0, 15)),
    st.builds(Term, st.integers(0, 15), st.just("working_days"), st.just("closing")),
    st.builds(Term, st.integers(0, 15), st.sampled_from(["days", "hours", "working_hours"])),
)


def rules(lines):
    return [(line.rule, f"{line.day:%a %d/%m}") for line in lines]


# Public case pages of Huế: sent, due (domain.md 5.4). Counted seven working days, cut-off at 17:00.
@pytest.mark.parametrize(
    ("case", "sent", "due"),
    [
        ("pa=32684", "2021-01-05 16:17", "2021-01-14"),
        ("a33274", "2021-01-17 08:25", "2021-01-27"),
        ("a34974", "2021-02-21 19:37", "2021-03-03"),
        ("pa=71507", "2022-05-29 09:06", "2022-06-08"),
        ("a190923", "2025-06-17 09:29", "2025-06-26"),
    ],
)
def test_golden_vectors(case, sent, due):
    received = at(sent)
    expected = PLAIN.end_of(date.fromisoformat(due))
    assert clocks.due(received, Term(7), HUE, PLAIN) == expected
    assert clocks.resolve_due(received, received, HUE, PLAIN) == expected
    assert clocks.latest_resolve_due(received, HUE, PLAIN) == expected


@pytest.mark.parametrize("count", [6, 8])
def test_only_seven_days_fit_the_vectors(count):
    due = clocks.due(at("2021-01-05 16:17"), Term(count), HUE, PLAIN)
    assert PLAIN.local_day(due) != date(2021, 1, 14)


def test_the_result_of_the_due_day_is_in_time():
    due = clocks.due(at("2021-01-17 08:25"), Term(7), HUE, PLAIN)
    assert at("2021-01-27 08:42") <= due < at("2021-01-28 00:00")


@pytest.mark.parametrize(
    ("happened", "event_day", "working_day"),
    [
        ("2026-11-20 06:00", "Fri 20/11", "Fri 20/11"),
        ("2026-11-20 16:59", "Fri 20/11", "Fri 20/11"),
        ("2026-11-20 17:00", "Fri 20/11", "Fri 20/11"),
        ("2026-11-20 17:01", "Sat 21/11", "Mon 23/11"),
        ("2026-11-21 10:00", "Sat 21/11", "Mon 23/11"),
        ("2026-11-22 23:30", "Sun 22/11", "Mon 23/11"),
        ("2026-11-19 17:01", "Fri 20/11", "Fri 20/11"),
    ],
)
def test_day_zero_by_both_rules(happened, event_day, working_day):
    assert f"{clocks.day_zero(at(happened), QUANG_NINH, PLAIN):%a %d/%m}" == event_day
    assert f"{clocks.day_zero(at(happened), HUE, PLAIN):%a %d/%m}" == working_day


@pytest.mark.parametrize(
    ("received", "forward", "latest"),
    [
        ("2026-11-17 09:00", "2026-11-18 17:00", "2026-11-25"),
        ("2026-11-20 09:00", "2026-11-23 17:00", "2026-11-30"),
        ("2026-11-20 17:30", "2026-11-23 17:00", "2026-11-30"),
        ("2026-11-22 23:30", "2026-11-23 17:00", "2026-11-30"),
    ],
)
def test_what_quang_ninh_promises_at_reception(received, forward, latest):
    assert clocks.forward_due(at(received), QUANG_NINH, PLAIN) == at(forward)
    promise = clocks.latest_resolve_due(at(received), QUANG_NINH, PLAIN)
    assert promise == PLAIN.end_of(date.fromisoformat(latest))


def test_an_earlier_assignment_brings_an_earlier_date():
    received, assigned = at("2026-11-16 08:00"), at("2026-11-16 08:05")
    assert clocks.resolve_due(received, assigned, QUANG_NINH, PLAIN) == PLAIN.end_of(date(2026, 11, 23))
    assert clocks.latest_resolve_due(received, QUANG_NINH, PLAIN) == PLAIN.end_of(date(2026, 11, 24))


def test_hue_counts_from_reception_however_late_it_is_assigned():
    received = at("2026-11-16 08:00")
    late = clocks.resolve_due(received, at("2026-11-20 08:00"), HUE, PLAIN)
    assert late == clocks.resolve_due(received, received, HUE, PLAIN)
    assert clocks.forward_due(at("2026-11-21 10:00"), HUE, PLAIN) == at("2026-11-24 17:00")


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        (QUANG_NINH.arbitration, "2026-11-20 15:00", "2026-11-23 09:30"),
        (QUANG_NINH.claim, "2026-11-20 15:00", "2026-11-23 23:59:59.999999"),
        (QUANG_NINH.answer, "2026-11-20 15:00", "2026-11-25 23:59:59.999999"),
        (QUANG_NINH.interaction, "2026-11-20 15:00", "2026-11-23 23:59:59.999999"),
        (QUANG_NINH.interaction_warning, "2026-11-20 15:00", "2026-11-21 23:59:59.999999"),
        (QUANG_NINH.rating, "2026-11-20 15:00", "2026-12-04 23:59:59.999999"),
        (QUANG_NINH.urgent, "2026-11-21 23:30", "2026-11-22 01:30"),
    ],
)
def test_the_other_clocks(term, start, end):
    assert clocks.due(at(start), term, QUANG_NINH, PLAIN) == at(end)


def test_the_citizen_is_reminded_on_the_first_and_second_working_day():
    reminders = clocks.answer_reminders(at("2026-11-19 15:00"), QUANG_NINH, PLAIN)
    assert reminders == (at("2026-11-20 15:00"), at("2026-11-23 15:00"))


def test_why_the_forward_due_is_what_it_is():
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 11, 24)}))
    why = clocks.why_forward_due(at("2026-11-23 18:00"), QUANG_NINH, calendar)
    assert rules(why) == [
        ("event", "Mon 23/11"),
        ("after_closing", "Tue 24/11"),
        ("day_zero", "Tue 24/11"),
        ("counted", "Wed 25/11"),
        ("due_closing", "Wed 25/11"),
    ]


def test_why_the_resolve_due_is_what_it_is():
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 11, 24)}), swapped=frozenset({date(2026, 11, 28)}))
    received = at("2026-11-21 10:00")
    why = clocks.why_resolve_due(received, received, replace(HUE, resolve=Term(5)), calendar)
    assert rules(why) == [
        ("from_received", "Sat 21/11"),
        ("event", "Sat 21/11"),
        ("skipped", "Sat 21/11"),
        ("skipped", "Sun 22/11"),
        ("day_off", "Mon 23/11"),
        ("day_zero", "Mon 23/11"),
        ("holiday", "Tue 24/11"),
        ("counted", "Wed 25/11"),
        ("counted", "Thu 26/11"),
        ("counted", "Fri 27/11"),
        ("made_up", "Sat 28/11"),
        ("skipped", "Sun 29/11"),
        ("counted", "Mon 30/11"),
        ("due", "Mon 30/11"),
    ]


def test_the_latest_resolve_due_is_explained_by_both_terms():
    why = clocks.why_latest_resolve_due(at("2026-11-16 08:00"), QUANG_NINH, PLAIN)
    assert why[:3] == clocks.why_forward_due(at("2026-11-16 08:00"), QUANG_NINH, PLAIN)[:3]
    assert Line("from_assigned", date(2026, 11, 17)) in why
    assert why[-1] == Line("due", date(2026, 11, 24))
    assert clocks.why_latest_resolve_due(at("2026-11-16 08:00"), HUE, PLAIN)[0].rule == "from_received"


@given(CALENDARS, INSTANTS, TERMS, POLICIES)
def test_an_explanation_ends_on_the_due_day(calendar, start, term, policy):
    why = clocks.why_due(start, term, policy, calendar)
    due = clocks.due(start, term, policy, calendar)
    assert why[-1].day == calendar.local_day(due)
    assert sum(line.rule in ("counted", "made_up") for line in why) == (
        term.amount if term.unit == "working_days" else 0
    )


@given(CALENDARS, INSTANTS, INSTANTS, TERMS, POLICIES)
def test_what_happens_later_is_never_due_earlier(calendar, one, other, term, policy):
    early, late = sorted((one, other))
    assert clocks.due(early, term, policy, calendar) <= clocks.due(late, term, policy, calendar)


@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(), timedelta(days=9)), POLICIES)
def test_the_promise_at_reception_is_kept_by_every_assignment_in_time(calendar, received, wait, policy):
    forward = clocks.forward_due(received, policy, calendar)
    assigned = min(received + wait, forward)
    promise = clocks.latest_resolve_due(received, policy, calendar)
    assert received < forward
    assert clocks.resolve_due(received, assigned, policy, calendar) <= promise


@given(CALENDARS, INSTANTS, st.integers(1, 20), POLICIES)
def test_terms_in_working_days_end_on_a_working_day(calendar, start, count, policy):
    due = clocks.due(start, Term(count), policy, calendar)
    assert calendar.is_working(calendar.local_day(due))
    assert clocks.why_due(start, Term(count), policy, calendar)[-1].day == calendar.local_day(due)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-23 09:00", 5),
        ("2026-11-28 09:00", 1),
        ("2026-11-30 23:59", 0),
        ("2026-12-01 00:00", -1),
        ("2026-12-02 09:00", -2),
    ],
)
def test_working_days_left(now, left):
    assert clocks.working_days_left(at(now), PLAIN.end_of(date(2026, 11, 30)), PLAIN) == left


def test_late_on_a_day_off_is_late_already():
    due = PLAIN.end_of(date(2026, 11, 20))
    assert clocks.working_days_left(at("2026-11-21 08:00"), due, PLAIN) == -1
    assert clocks.working_days_left(at("2026-11-20 17:30"), at("2026-11-20 17:00"), PLAIN) == -1


def test_due_dates_are_instants_in_utc():
    assert clocks.forward_due(at("2026-11-16 08:00"), QUANG_NINH, PLAIN).tzinfo is UTC
    assert clocks.due(at("2026-11-16 08:00"), Term(2, "hours"), QUANG_NINH, PLAIN).tzinfo is UTC


def test_a_cut_off_of_its_own_wins_over_the_close_of_working_hours():
    early = replace(HUE, cut_off=time(16))
    assert clocks.day_zero(at("2026-11-19 16:00"), early, PLAIN) == date(2026, 11, 19)
    assert clocks.day_zero(at("2026-11-19 16:01"), early, PLAIN) == date(2026, 11, 20)
    assert clocks.day_zero(at("2026-11-21 18:00"), early, PLAIN) == date(2026, 11, 23), "a day off has no cut-off"


SPECIALS = replace(
    QUANG_NINH,
    specials=(
        Special("", (("resolve", Term(1)),), urgent=True),
        Special("infrastructure", (("resolve", Term(3)), ("claim", Term(2, "hours")))),
        Special("lighting", (("resolve", Term(2)),)),
        Special("lighting", (("urgent", Term(1, "hours")),), urgent=True),
    ),
)


@pytest.mark.parametrize(
    ("category", "urgent", "resolve", "claim", "hours"),
    [
        ("garbage", False, 5, Term(1), 2),
        ("road", False, 3, Term(2, "hours"), 2),
        ("lighting", False, 2, Term(2, "hours"), 2),
        ("lighting", True, 1, Term(2, "hours"), 1),
        ("garbage", True, 1, Term(1), 2),
    ],
)
def test_the_most_special_term_holds(category, urgent, resolve, claim, hours):
    groups = {"lighting": "infrastructure", "road": "infrastructure", "garbage": "environment"}
    policy = SPECIALS.of(category, urgent=urgent, groups=groups)
    assert (policy.resolve, policy.claim, policy.urgent) == (Term(resolve), claim, Term(hours, "hours"))


def test_who_checks_results_may_differ_by_field():
    specials = (Special("infrastructure", (), result_check="operators"), Special("lighting", (), result_check="auto"))
    policy = replace(QUANG_NINH, result_check="head", specials=specials)
    groups = {"lighting": "infrastructure", "road": "infrastructure", "garbage": "environment"}
    found = {field: policy.of(field, urgent=False, groups=groups).result_check for field in groups}
    assert found == {"lighting": "auto", "road": "operators", "garbage": "head"}


@pytest.mark.parametrize(
    ("term", "due", "asked", "answered", "then"),
    [
        (Term(5), "2026-11-30 23:59:59.999999", "2026-11-24 10:00", "2026-11-24 16:00", "2026-11-30 23:59:59.999999"),
        (Term(5), "2026-11-30 23:59:59.999999", "2026-11-24 10:00", "2026-11-26 09:00", "2026-12-02 23:59:59.999999"),
        (Term(1, ends="closing"), "2026-11-27 17:00", "2026-11-26 10:00", "2026-11-27 09:00", "2026-11-30 17:00"),
        (Term(4, "working_hours"), "2026-11-26 15:00", "2026-11-26 10:00", "2026-11-26 11:00", "2026-11-26 16:00"),
        (Term(2, "hours"), "2026-11-26 12:00", "2026-11-26 10:30", "2026-11-26 11:00", "2026-11-26 12:30"),
        (Term(1, "days"), "2026-11-27 23:59:59.999999", "2026-11-26 10:00", "2026-11-28 11:00",
         "2026-11-29 23:59:59.999999"),
        (Term(5), "2026-11-30 23:59:59.999999", "2026-11-24 10:00", "2026-11-24 10:00", "2026-11-30 23:59:59.999999"),
    ],
)  # fmt: skip
def test_waiting_moves_a_due_date_in_the_unit_of_its_term(term, due, asked, answered, then):
    assert clocks.after_waiting(at(due), term, at(asked), at(answered), PLAIN) == at(then)


@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(), timedelta(days=30)), TERMS, POLICIES)
def test_waiting_never_makes_anything_due_earlier(calendar, start, wait, term, policy):
    due = clocks.due(start, term, policy, calendar)
    assert due <= clocks.after_waiting(due, term, start, start + wait, calendar)


@given(
    CALENDARS, INSTANTS, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9))
)
def test_a_longer_wait_never_gives_less_time(calendar, start, one, other):
    short, long = sorted((one, other))
    due = clocks.due(start, Term(5), QUANG_NINH, calendar)
    moved = [clocks.after_waiting(due, Term(5), start, start + wait, calendar) for wait in (short, long)]
    assert moved == sorted(moved)


def test_the_ladder_of_reminders():
    due = PLAIN.end_of(date(2026, 11, 27))  # Friday
    ladder = [(step.to, f"{PLAIN.local_day(when):%a %d/%m}") for step, when in clocks.reminders(due, QUANG_NINH, PLAIN)]
    assert ladder == [
        ("holder", "Thu 26/11"),
        ("holder", "Fri 27/11"),
        ("holder", "Mon 30/11"),
        ("head", "Wed 02/12"),
        ("parent", "Fri 04/12"),
    ]


@given(CALENDARS, INSTANTS, TERMS, POLICIES)
def test_reminders_come_in_order_on_working_days(calendar, start, term, policy):
    when = [at for _, at in clocks.reminders(clocks.due(start, term, policy, calendar), policy, calendar)]
    assert when == sorted(when)
    assert all(calendar.is_working(calendar.local_day(one)) for one in when)


def test_a_draft_is_silent_round_the_clock():
    assert elapsed(Term(7, "days")) == timedelta(days=7)
    assert elapsed(Term(12, "hours")) == timedelta(hours=12)
    with pytest.raises(ValueError, match="round the clock"):
        elapsed(Term(1))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"amount": -1}, "negative"),
        ({"amount": True}, "whole"),
        ({"amount": 1, "unit": "moons"}, "moons"),
        ({"amount": 1, "ends": "never"}, "never"),
        ({"amount": 1, "unit": "hours", "ends": "closing"}, "close"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(values, named):
    with pytest.raises(ValueError, match=named):
        Term(**values)


@pytest.mark.parametrize(
    "values", [{"day_zero": "someday"}, {"result_check": "maybe"}, {"answer_reminder_days": (2, 1)}]
)
def test_a_policy_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValueError, match=next(iter(values))):
        Policy(**values)


def test_an_instant_in_utc_falls_on_its_local_day():
    assert clocks.forward_due(datetime(2026, 11, 23, 2, tzinfo=UTC), QUANG_NINH, PLAIN) == at("2026-11-24 17:00")
