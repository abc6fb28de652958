"""Which clocks of a case run now, since when, until when, and who has to keep each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from workflows.case import clocks
from workflows.case.law import Law
from workflows.case.model import Case, State
from workflows.case.policy import Term
from workflows.frozen import frozen

Keeper = Literal["holder", "operators"]

# By state, the clocks that somebody in office must keep; while the citizen has the word, nobody is reminded.
OF_STATE: dict[State, tuple[str, ...]] = {
    State.RECEIVED: ("forward",),
    State.ASSIGNED: ("claim", "resolve"),
    State.IN_PROGRESS: ("resolve",),
    State.SCHEDULED: ("resolve",),
    State.TRANSFER_REQUESTED: ("arbitration",),
    State.RESULT_SUBMITTED: ("check",),
    State.REVIEW_REQUESTED: ("interaction",),
}
PLEDGED = (State.ANSWERED, State.REVIEW_REQUESTED, State.CLOSED)  # where a promised date runs that was told (R111)
RESOLVING = (State.NEED_INFO, State.ASSIGNED, State.IN_PROGRESS, State.TRANSFER_REQUESTED, State.SCHEDULED)
OPERATORS_KEEP = frozenset({"forward", "arbitration"})


@frozen
class Running:
    """One clock that runs. ``keeper``: whose it is; ``holder`` is whoever has the case. ``term``: the policy's own."""

    clock: str
    started: datetime
    due: datetime
    keeper: Keeper
    term: Term


def open_pledge(case: Case) -> datetime | None:
    """The day that a result promised, while it is told and not kept (R111)."""
    return case.pledged_until if case.state in PLEDGED and case.pledge_kept_at is None else None


def running(case: Case, law: Law) -> tuple[Running, ...]:
    """Every clock that somebody in office must keep now (domain.md 5.7)."""
    names = (*OF_STATE.get(case.state, ()), "thread", "promise")
    return tuple(found for name in names if (found := _run(name, case, law)) is not None)


def measured(case: Case, law: Law) -> Running | None:
    """The clock by which a case counts as overdue; it is statutory, so a question to the citizen does not stop it."""
    if case.state is State.RECEIVED or (case.state is State.NEED_INFO and case.resolve_due is None):
        return _run("forward", case, law)
    if case.state is State.REVIEW_REQUESTED:
        return _run("interaction", case, law)
    if case.state in RESOLVING:
        return _run("resolve", case, law)
    return _run("promise", case, law)


def _run(name: str, case: Case, law: Law) -> Running | None:
    law = law.of(case.category, urgent=case.urgent)
    term = _term(name, law)
    due, started = _DATES[name](case, term, law)
    if due is None:
        return None
    keeper: Keeper = "operators" if name in OPERATORS_KEEP or (name == "interaction" and case.appealed) else "holder"
    return Running(name, started or _back(due, term, law), due, keeper, term)


def _term(name: str, law: Law) -> Term:
    """A message is answered within the interaction term; a promised date is measured by the term of resolving."""
    own: Term = getattr(law.policy, {"thread": "interaction", "promise": "resolve"}.get(name, name))
    return own


Dates = tuple[datetime | None, datetime | None]  # due, and since when where that is known


def _forward(case: Case, term: Term, law: Law) -> Dates:
    return case.forward_due, case.received_at or case.opened_at


def _resolve(case: Case, term: Term, law: Law) -> Dates:
    """Rework began its term with a decision, of which only the due date is left."""
    return case.resolve_due, case.assigned_at if case.cycle == 1 else None


def _since_moved(case: Case, term: Term, law: Law) -> Dates:
    """A clock that nobody was promised: it runs from the move that began it."""
    began = case.moved_at or case.opened_at
    return clocks.due(began, term, law.policy, law.calendar), began


def _promise(case: Case, term: Term, law: Law) -> Dates:
    return open_pledge(case), case.finished_at


_DATES: dict[str, Callable[[Case, Term, Law], Dates]] = {
    "forward": _forward,
    "claim": _since_moved,
    "resolve": _resolve,
    "arbitration": _since_moved,
    "check": _since_moved,
    "interaction": lambda case, term, law: (case.interaction_due, case.moved_at),
    "thread": lambda case, term, law: (case.thread_due, None),
    "promise": _promise,
}


def _back(due: datetime, term: Term, law: Law) -> datetime:
    """When a term that ends at ``due`` began at the latest."""
    calendar, last = law.calendar, law.calendar.local_day(due)
    if term.unit == "hours":
        return due - timedelta(hours=term.amount)
    if term.unit == "days":
        return due - timedelta(days=term.amount)
    days = term.amount if term.unit == "working_days" else 0
    return calendar.opens(calendar.add_working_days(last, -days))
