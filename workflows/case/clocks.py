"""The working-day law: when each step of a case is due by the policy, and line by line why.

Every ``…_due`` has a ``why_…`` beside it that tells the same way as plain data: the rules applied, with
their days. Sources: R79, R104, R105; domain.md 5.4 (golden vectors), 5.6 (due dates told at reception), 5.7
(clocks).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from workflows.case.calendar import WorkingCalendar
from workflows.case.policy import Policy, Reminder, Term
from workflows.frozen import frozen


@frozen
class Line:
    """One step of the way to a due date: the rule's key and the day it led to, or the day it is about.

    ``title``: a holiday's name in Vietnamese and English. ``count``: how many hours or days the rule added.
    """

    rule: str
    day: date
    title: tuple[str, str] = ("", "")
    count: int = 0


# Day zero


def day_zero(at: datetime, policy: Policy, calendar: WorkingCalendar) -> date:
    """The day from which working days are counted for something that happened at ``at``."""
    return why_day_zero(at, policy, calendar)[-1].day


def why_day_zero(at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to day zero: ``event``, ``after_closing``, days off passed over, ``day_off``, ``day_zero``."""
    day = calendar.local_day(at)
    lines = [Line("event", day)]
    if _is_after_cut_off(at, policy, calendar):
        day += timedelta(days=1)
        lines.append(Line("after_closing", day))
    if policy.day_zero == "working_day" and not calendar.is_working(day):
        zero = calendar.working_on_or_after(day)
        passed_over = (day, *calendar.days_off_between(day, zero))
        lines += [_line_of(off, calendar) for off in passed_over]
        day = zero
        lines.append(Line("day_off", day))
    return (*lines, Line("day_zero", day))


def _is_after_cut_off(at: datetime, policy: Policy, calendar: WorkingCalendar) -> bool:
    """Whether the working day of ``at`` no longer counts for what happened then."""
    if policy.cut_off is None:
        return calendar.is_after_closing(at)
    return calendar.is_working(calendar.local_day(at)) and calendar.local_time(at) > policy.cut_off


# Any term


def due(at: datetime, term: Term, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """When a term that began at ``at`` runs out.

    Working days count from day zero and end as the term says. Plain days end at the end of the local day
    that many days later. Hours end at the hour, working hours with the office clock stopped outside working
    hours.
    """
    if term.unit == "working_days":
        day = calendar.add_working_days(day_zero(at, policy, calendar), term.amount)
        return calendar.closes(day) if term.ends == "closing" else calendar.end_of(day)
    if term.unit == "days":
        return calendar.end_of(calendar.local_day(at) + timedelta(days=term.amount))
    if term.unit == "working_hours":
        return calendar.add_working_time(at, timedelta(hours=term.amount))
    return at.astimezone(UTC) + timedelta(hours=term.amount)


def why_due(at: datetime, term: Term, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to ``due``.

    Besides those of day zero: ``counted`` for each working day (``made_up`` where it is one by decree), ``skipped``
    or ``holiday`` for each day off passed over between them, ``working_hours``, ``hours`` or ``days`` for the other
    units, and last ``due`` or ``due_closing``.
    """
    end = calendar.local_day(due(at, term, policy, calendar))
    if term.unit != "working_days":
        return (Line("event", calendar.local_day(at)), Line(term.unit, end, count=term.amount), Line("due", end))
    zero = why_day_zero(at, policy, calendar)
    counted = calendar.days_passed(zero[-1].day, term.amount)
    passed_over = calendar.days_off_between(zero[-1].day, end)
    count = [_line_of(day, calendar) for day in (*counted, *passed_over)]
    last = Line("due_closing" if term.ends == "closing" else "due", end)
    return (*zero, *sorted(count, key=lambda line: line.day), last)


def _line_of(day: date, calendar: WorkingCalendar) -> Line:
    """Whether a day counts, and what makes it so."""
    if calendar.is_working(day):
        return Line("made_up" if day in calendar.swapped else "counted", day, calendar.title(day))
    return Line("holiday" if day in calendar.holidays else "skipped", day, calendar.title(day))


# The clocks of a case


def forward_due(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """By when a received case must be forwarded or refused: T1 to T9."""
    return due(received_at, policy.forward, policy, calendar)


def why_forward_due(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to ``forward_due``."""
    return why_due(received_at, policy.forward, policy, calendar)


def resolve_due(received_at: datetime, assigned_at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """By when an assigned case must have its result: T9 to T18, counted from where the policy says."""
    return due(_resolve_start(received_at, assigned_at, policy), policy.resolve, policy, calendar)


def why_resolve_due(
    received_at: datetime, assigned_at: datetime, policy: Policy, calendar: WorkingCalendar
) -> tuple[Line, ...]:
    """The rules that led to ``resolve_due``, after ``from_assigned`` or ``from_received``."""
    start = _resolve_start(received_at, assigned_at, policy)
    begins = Line(f"from_{policy.resolve_from}", calendar.local_day(start))
    return (begins, *why_due(start, policy.resolve, policy, calendar))


def latest_resolve_due(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """The promise made at reception: the resolve due as if the case were assigned only at the forward due."""
    return resolve_due(received_at, forward_due(received_at, policy, calendar), policy, calendar)


def why_latest_resolve_due(received_at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to ``latest_resolve_due``, those of the forward due first where it matters."""
    forwarded = forward_due(received_at, policy, calendar)
    resolve = why_resolve_due(received_at, forwarded, policy, calendar)
    if policy.resolve_from == "received":
        return resolve
    return (*why_forward_due(received_at, policy, calendar), *resolve)


def answer_reminders(asked_at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    """When the citizen is reminded of an open question: at the hour it was asked, some working days later."""
    local = asked_at.astimezone(calendar.zone)
    zero = day_zero(asked_at, policy, calendar)
    days = (calendar.add_working_days(zero, count) for count in policy.answer_reminder_days)
    return tuple(datetime.combine(day, local.time(), calendar.zone).astimezone(UTC) for day in days)


# Waiting


def after_waiting(
    due_at: datetime, term: Term, since: datetime, until: datetime, calendar: WorkingCalendar
) -> datetime:
    """A due instant moved by a time that does not count, in the term's own unit.

    A term in working days moves by the working days that began while it waited (asked and answered on one day:
    none), one in working hours by working time, the others by the time itself, in whole days where it is in days.
    """
    if until <= since:
        return due_at
    if term.unit == "hours":
        return due_at + (until - since)
    if term.unit == "working_hours":
        return calendar.add_working_time(due_at, calendar.working_time_between(since, until))
    first, last, day = calendar.local_day(since), calendar.local_day(until), calendar.local_day(due_at)
    if term.unit == "days":
        return calendar.end_of(day + (last - first))
    waited = calendar.working_days_between(first, last)
    if not waited:
        return due_at
    day = calendar.add_working_days(day, waited)
    return calendar.closes(day) if term.ends == "closing" else calendar.end_of(day)


def reminders(due_at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[tuple[Reminder, datetime], ...]:
    """The ladder of reminders about a due instant: on the due day at the opening of the office, or days around it."""
    due_day = calendar.local_day(due_at)
    return tuple((step, calendar.opens(calendar.add_working_days(due_day, step.days))) for step in policy.reminders)


def resume_at(until: datetime, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """When a scheduled case is taken up again: as offices open, some working days before the extended date (T17)."""
    day = calendar.add_working_days(calendar.local_day(until), -policy.resume_days)
    return datetime.combine(day, calendar.hours(day)[0][0], calendar.zone).astimezone(UTC)


# How much is left


def working_days_left(now: datetime, due_at: datetime, calendar: WorkingCalendar) -> int:
    """Working days after today up to the due day: 0 on the due day itself, negative once it is late."""
    today, last = calendar.local_day(now), calendar.local_day(due_at)
    if now <= due_at:
        return calendar.working_days_between(today, last)
    return -max(1, calendar.working_days_between(last, today))


def _resolve_start(received_at: datetime, assigned_at: datetime, policy: Policy) -> datetime:
    return received_at if policy.resolve_from == "received" else assigned_at
