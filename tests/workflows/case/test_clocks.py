"""The working-day law: golden vectors of public case pages, two policies, and why a date is what it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.case.test_calendar import CALENDARS, INSTANTS, at
from workflows.case import clocks
from workflows.case.calendar import WorkingCalendar
from workflows.case.clocks import Line, Policy, Term, read_policy

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
    assert clocks.due_in_working_days(received, 7, HUE, PLAIN) == expected
    assert clocks.resolve_due(received, received, HUE, PLAIN) == expected
    assert clocks.latest_resolve_due(received, HUE, PLAIN) == expected


@pytest.mark.parametrize("count", [6, 8])
def test_only_seven_days_fit_the_vectors(count):
    due = clocks.due_in_working_days(at("2021-01-05 16:17"), count, HUE, PLAIN)
    assert PLAIN.local_day(due) != date(2021, 1, 14)


def test_the_result_of_the_due_day_is_in_time():
    due = clocks.due_in_working_days(at("2021-01-17 08:25"), 7, HUE, PLAIN)
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
        ("day_off", "Mon 23/11"),
        ("day_zero", "Mon 23/11"),
        ("skipped", "Tue 24/11"),
        ("counted", "Wed 25/11"),
        ("counted", "Thu 26/11"),
        ("counted", "Fri 27/11"),
        ("counted", "Sat 28/11"),
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
    assert sum(line.rule == "counted" for line in why) == (term.amount if term.unit == "working_days" else 0)


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
    due = clocks.due_in_working_days(start, count, policy, calendar)
    assert calendar.is_working(calendar.local_day(due))
    why = clocks.why_due_in_working_days(start, count, policy, calendar)
    assert why == clocks.why_due(start, Term(count), policy, calendar)


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


def test_a_policy_out_of_plain_data():
    policy = read_policy(
        {
            "name": "hue",
            "day_zero": "working_day",
            "resolve": {"amount": 7},
            "forward": {"amount": 8, "unit": "working_hours"},
            "answer_reminder_days": [1, 3],
        }
    )
    assert (policy.name, policy.day_zero, policy.resolve) == ("hue", "working_day", Term(7))
    assert (policy.forward, policy.answer_reminder_days) == (Term(8, "working_hours"), (1, 3))
    assert policy.rating == Policy().rating


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"resolv": {"amount": 5}}, "resolv"),
        ({"resolve": {"amount": -1}}, "resolve"),
        ({"resolve": {"amount": 1, "unit": "moons"}}, "moons"),
        ({"resolve": {"amount": 1, "ends": "never"}}, "never"),
        ({"resolve": {"amount": 1, "unit": "hours", "ends": "closing"}}, "close"),
        ({"resolve": {"days": 1}}, "resolve"),
        ({"resolve": 5}, "resolve"),
        ({"resolve": {"amount": "5"}}, "resolve"),
        ({"day_zero": "someday"}, "someday"),
        ({"resolve_from": "never"}, "never"),
        ({"result_check": "maybe"}, "maybe"),
        ({"answer_reminder_days": [2, 1]}, "answer_reminder_days"),
        ({"answer_reminder_days": 1}, "answer_reminder_days"),
        ({"questions_per_cycle": "two"}, "questions_per_cycle"),
        ({"transfer_by_focal": 1}, "transfer_by_focal"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_name(data, named):
    with pytest.raises(ValueError, match=named):
        read_policy(data)


def test_an_instant_in_utc_falls_on_its_local_day():
    assert clocks.forward_due(datetime(2026, 11, 23, 2, tzinfo=UTC), QUANG_NINH, PLAIN) == at("2026-11-24 17:00")
