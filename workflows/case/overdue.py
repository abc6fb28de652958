"""How far a case is overdue, in terms: 1 from the due date on, 2 after another whole term, 3 after a third."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.case.law import Law
from workflows.case.model import Case, State
from workflows.case.policy import Term
from workflows.case.running import Running, measured

MOST = 3  # degrees (domain.md 5.7)


def degree(case: Case, law: Law, now: datetime) -> int:
    """0: not overdue. A result that waits for its check is measured at the moment it was handed in."""
    if case.state is State.RESULT_SUBMITTED:
        return _of_result(case, law)
    run = measured(case, law)
    return _degree(run, law, now) if run is not None else 0


def thresholds(run: Running, law: Law) -> tuple[datetime, ...]:
    """After which instants a clock is overdue to the first, second and third degree."""
    return tuple(_later(run.due, run.term, times, law) for times in range(MOST))


def _degree(run: Running, law: Law, now: datetime) -> int:
    return sum(now > at for at in thresholds(run, law)) if now > run.due else 0


def _of_result(case: Case, law: Law) -> int:
    if case.resolve_due is None or case.finished_at is None:
        return 0
    term = law.of(case.category, urgent=case.urgent).policy.resolve
    run = Running("resolve", case.opened_at, case.resolve_due, "holder", term)
    return _degree(run, law, case.finished_at)


def _later(due: datetime, term: Term, times: int, law: Law) -> datetime:
    """A due instant so many terms later, counted as its own term is."""
    if not times:
        return due
    calendar, amount = law.calendar, times * max(term.amount, 1)
    if term.unit == "hours":
        return due + timedelta(hours=amount)
    if term.unit == "working_hours":
        return calendar.add_working_time(due, timedelta(hours=amount))
    last = calendar.local_day(due)
    if term.unit == "days":
        return calendar.end_of(last + timedelta(days=amount))
    return calendar.end_of(calendar.add_working_days(last, amount))
