"""The working-day law: when each step of a case is due by the policy, and line by line why.

Every ``…_due`` has a ``why_…`` beside it that tells the same way as plain data: the rules applied, with
their days. Sources: R79, R104, R105; domain.md 5.4 (golden vectors), 5.6 (due dates told at reception), 5.7
(clocks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

from workflows.case.calendar import WorkingCalendar

Unit = Literal["working_days", "working_hours", "days", "hours"]
Ends = Literal["day", "closing"]
DayZero = Literal["event_day", "working_day"]
ResolveFrom = Literal["assigned", "received"]
ResultCheck = Literal["auto", "head"]


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take. ``ends``: with the day, or (working days) at closing time."""

    amount: int
    unit: Unit = "working_days"
    ends: Ends = "day"

    def __post_init__(self) -> None:
        if type(self.amount) is not int or self.amount < 0:
            raise ValueError("the amount of a term is a whole number, not negative")
        if self.unit not in get_args(Unit):
            raise ValueError(f"unknown unit of a term: {self.unit}")
        if self.ends not in get_args(Ends):
            raise ValueError(f"unknown end of a term: {self.ends}")
        if self.ends == "closing" and self.unit != "working_days":
            raise ValueError("only a term in working days can end at the close of working hours")


@dataclass(frozen=True, slots=True)
class Policy:
    """One province's numbers; by default Quảng Ninh's (07/2020/QĐ-UBND) and, where that is silent, 5.7's.

    ``day_zero``: ``event_day`` counts from the day of the event, whatever day that is; ``working_day``
    moves an event on a day off to the next working day (5.4). By both, what happens after the close of
    working hours counts as the next day's. ``resolve_from``: whether the resolve term runs from the
    assignment or already from reception (R105 does not say). ``interaction`` is judged by ``interaction``
    and warned about by ``interaction_warning`` (R79 does not say which day it means). ``result_check``:
    results are accepted by themselves or by the head.
    """

    name: str = "quang-ninh"
    day_zero: DayZero = "event_day"
    resolve_from: ResolveFrom = "assigned"
    forward: Term = Term(1, ends="closing")  # R104
    resolve: Term = Term(5)  # R105
    claim: Term = Term(1)
    arbitration: Term = Term(4, "working_hours")
    answer: Term = Term(3)  # the citizen's, to a question
    answer_reminder_days: tuple[int, ...] = (1, 2)  # working days after the question
    interaction: Term = Term(1)  # R79
    interaction_warning: Term = Term(1, "days")
    rating: Term = Term(14, "days")
    check: Term = Term(1)
    urgent: Term = Term(2, "hours")
    draft_reminder: Term = Term(1, "days")
    draft_dropped: Term = Term(7, "days")  # T2
    revive: Term = Term(30, "days")  # T5, T27, T28
    resume_days: int = 3  # T17: working days before the extended date
    questions_per_cycle: int = 2  # T15
    hops_before_leader: int = 2  # T13: from the third hop a leader decides
    transfer_by_focal: bool = True  # a focal officer acts as the head's recorded delegate (R16)
    result_check: ResultCheck = "auto"

    def __post_init__(self) -> None:
        _one_of("day_zero", self.day_zero, get_args(DayZero))
        _one_of("resolve_from", self.resolve_from, get_args(ResolveFrom))
        _one_of("result_check", self.result_check, get_args(ResultCheck))
        if list(self.answer_reminder_days) != sorted(set(self.answer_reminder_days)):
            raise ValueError("answer_reminder_days are different days in order")


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the way to a due date: the rule's key and the day it led to, or the day it is about."""

    rule: str
    day: date


def read_policy(data: Mapping[str, Any]) -> Policy:
    """A policy out of plain data; a term is ``{amount: 5, unit: working_days, ends: day}``.

    What is missing keeps its default.

    Raises ValueError for an unknown key or a value that makes no sense, naming the key.
    """
    known = {field.name: getattr(Policy(), field.name) for field in fields(Policy)}
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise ValueError(f"unknown in a policy: {', '.join(unknown)}")
    return replace(Policy(), **{name: _read(name, value, known[name]) for name, value in data.items()})


# Day zero


def day_zero(at: datetime, policy: Policy, calendar: WorkingCalendar) -> date:
    """The day from which working days are counted for something that happened at ``at``."""
    return why_day_zero(at, policy, calendar)[-1].day


def why_day_zero(at: datetime, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to day zero: ``event``, ``after_closing``, ``day_off``, ``day_zero``."""
    day = calendar.local_day(at)
    lines = [Line("event", day)]
    if calendar.is_after_closing(at):
        day += timedelta(days=1)
        lines.append(Line("after_closing", day))
    if policy.day_zero == "working_day" and not calendar.is_working(day):
        day = calendar.working_on_or_after(day)
        lines.append(Line("day_off", day))
    return (*lines, Line("day_zero", day))


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

    Besides those of day zero: ``counted`` for each working day, ``skipped`` for each day off passed over
    between them, ``working_hours``, ``hours`` or ``days`` for the other units, and last ``due`` or
    ``due_closing``.
    """
    end = calendar.local_day(due(at, term, policy, calendar))
    if term.unit != "working_days":
        return (Line("event", calendar.local_day(at)), Line(term.unit, end), Line("due", end))
    zero = why_day_zero(at, policy, calendar)
    counted = calendar.days_passed(zero[-1].day, term.amount)
    passed_over = calendar.days_off_between(zero[-1].day, end)
    count = [Line("counted", day) for day in counted] + [Line("skipped", day) for day in passed_over]
    last = Line("due_closing" if term.ends == "closing" else "due", end)
    return (*zero, *sorted(count, key=lambda line: line.day), last)


def due_in_working_days(at: datetime, count: int, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """The end of the ``count``-th working day after day zero of ``at``."""
    return due(at, Term(count), policy, calendar)


def why_due_in_working_days(at: datetime, count: int, policy: Policy, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """The rules that led to ``due_in_working_days``."""
    return why_due(at, Term(count), policy, calendar)


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


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _read(name: str, value: Any, default: Any) -> Any:
    """One value of a policy in the type of its default."""
    try:
        if isinstance(default, Term):
            return Term(**value)
        if isinstance(default, tuple):
            return tuple(int(one) for one in value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error
    if type(value) is not type(default):
        raise ValueError(f"{name} must be {type(default).__name__}, not {value!r}")
    return value
