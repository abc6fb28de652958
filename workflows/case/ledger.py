"""The ledger of a case: each clock that ran, with its statutory and its net value, and in whose hands it was how long.

Everything comes out of the case's events and its law, so replaying them gives the same ledger (invariant 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.case import clocks
from workflows.case.law import WAITS, Law
from workflows.case.model import OVER, Case, CaseEvent, State
from workflows.case.policy import Term
from workflows.case.replay import apply
from workflows.case.running import open_pledge
from workflows.frozen import frozen

# Clock, the states in which it runs, the case's due date that it keeps (none: its term from when it began).
RUNS: tuple[tuple[str, tuple[State, ...], str], ...] = (
    ("forward", (State.RECEIVED,), "forward_due"),
    ("claim", (State.ASSIGNED,), ""),
    ("arbitration", (State.TRANSFER_REQUESTED,), ""),
    ("answer", (State.NEED_INFO,), "answer_due"),
    ("check", (State.RESULT_SUBMITTED,), ""),
    ("resolve", (State.ASSIGNED, State.IN_PROGRESS, State.TRANSFER_REQUESTED, State.SCHEDULED), "resolve_due"),
    ("interaction", (State.REVIEW_REQUESTED,), "interaction_due"),
    ("rating", (State.RESOLVED, State.ANSWERED), "rating_until"),
)
# Clocks that run in whatever state, for as long as a date is owed: of an urgent case the next word to the citizen
# (domain.md 5.7), of a message its answer (R79), of a promise its keeping (R111).
DATED: tuple[tuple[str, Callable[[Case], datetime | None]], ...] = (
    ("urgent", lambda case: case.urgent_due),
    ("thread", lambda case: case.thread_due),
    ("promise", open_pledge),
)
PAUSED_BY_WAITING = ("forward", "resolve")  # they go on running, by the statute, while a question waits


@frozen
class Reading:
    """One run of one clock. ``stopped`` None: it still runs.

    ``due`` is statutory: what was promised. ``net_due`` leaves out the time that the citizen or the arbiter took;
    ``waited`` is that time. ``late`` and ``net_late`` say whether it ran over, by either.
    """

    clock: str
    cycle: int
    started: datetime
    due: datetime
    net_due: datetime
    stopped: datetime | None
    waited: timedelta
    late: bool
    net_late: bool


@frozen
class Held:
    """A stretch of time in one pair of hands; ``agency_id`` None: the operators. ``working``: office time of it.

    ``charged``: who answers for that time: the ``holder``, the ``citizen`` who was asked, the ``arbiter`` of a
    transfer, or the ``checker`` of a result.
    """

    agency_id: int | None
    person_id: int | None
    charged: str
    since: datetime
    until: datetime | None
    working: timedelta


def holders(events: Iterable[CaseEvent], law: Law, now: datetime) -> tuple[Held, ...]:
    """In whose hands the case was, one stretch after the other without gaps, until it ended or ``now``.

    After that it is in somebody's hands again while a message waits for its answer, or a promise to be kept.
    """
    found: list[Held] = []
    for case, since, until in _stretches(events):
        if case.state in OVER and case.thread_due is None and open_pledge(case) is None:
            continue
        end = until or now
        held = Held(case.agency_id, case.holder_id, _charged(case), since, until, _office(since, end, law))
        if found and found[-1].until == since and _same(found[-1], held):
            found[-1] = replace(found[-1], until=until, working=found[-1].working + held.working)
        else:
            found.append(held)
    return tuple(found)


def readings(events: Iterable[CaseEvent], law: Law, now: datetime) -> tuple[Reading, ...]:
    """Every run of every clock, in the order in which they began."""
    stretches = _stretches(events)
    found = [reading for clock in RUNS for reading in _runs(clock, stretches, law, now)]
    found += [reading for name, due_of in DATED for reading in _dated(name, due_of, stretches, now)]
    return tuple(sorted(found, key=lambda one: (one.started, one.clock)))


Stretch = tuple[Case, datetime, datetime | None]


def _stretches(events: Iterable[CaseEvent]) -> list[Stretch]:
    """The case as it stood between one event and the next."""
    found: list[Stretch] = []
    case: Case | None = None
    for event in events:
        if found:
            before, since, _ = found[-1]
            found[-1] = (before, since, event.at)
        case = apply(case, event)
        found.append((case, event.at, None))
    return found


def _charged(case: Case) -> str:
    if case.state is State.RESULT_SUBMITTED:
        return "checker"
    return WAITS.get(case.state, "holder")


def _same(one: Held, other: Held) -> bool:
    return (one.agency_id, one.person_id, one.charged) == (other.agency_id, other.person_id, other.charged)


def _office(since: datetime, until: datetime, law: Law) -> timedelta:
    return law.calendar.working_time_between(since, until)


def _dated(
    name: str, due_of: Callable[[Case], datetime | None], stretches: Sequence[Stretch], now: datetime
) -> list[Reading]:
    """One run for each date that was owed; it waits for nobody."""
    found: list[Reading] = []
    for case, since, until in stretches:
        due = due_of(case)
        if due is None:
            continue
        end = until or now
        if found and found[-1].due == due and found[-1].stopped == since:
            found[-1] = replace(found[-1], stopped=until, late=end > due, net_late=end > due)
        else:
            found.append(Reading(name, case.cycle, since, due, due, until, timedelta(), end > due, end > due))
    return found


def _runs(
    clock: tuple[str, tuple[State, ...], str], stretches: Sequence[Stretch], law: Law, now: datetime
) -> list[Reading]:
    name, states, field = clock
    runs: list[list[Stretch]] = []
    open_run = False
    for stretch in stretches:
        case = stretch[0]
        on = case.state in states or (name in PAUSED_BY_WAITING and _waits_for(case, states))
        if on and open_run and runs[-1][-1][0].cycle == case.cycle:
            runs[-1].append(stretch)
        elif on:
            runs.append([stretch])
        open_run = on
    return [found for run in runs if (found := _reading(name, field, run, law, now)) is not None]


def _waits_for(case: Case, states: tuple[State, ...]) -> bool:
    """Whether a question waits that was asked in one of ``states``: the clock of that state has not stopped."""
    return case.state is State.NEED_INFO and (case.return_state or State.RECEIVED) in states


def _reading(name: str, field: str, run: Sequence[Stretch], law: Law, now: datetime) -> Reading | None:
    first, (last, _, stopped) = run[0], run[-1]
    law = law.of(last.category, urgent=last.urgent)
    term: Term = getattr(law.policy, name)
    due = getattr(last, field) if field else clocks.due(first[1], term, law.policy, law.calendar)
    if due is None:
        return None
    net_due, waited = due, timedelta()
    for case, since, until in run:
        if name in PAUSED_BY_WAITING and case.state in WAITS:
            waited += _office(since, until or now, law)
            if until is None or WAITS[case.state] not in law.policy.pausing(name):  # else the promise has moved itself
                net_due = clocks.after_waiting(net_due, term, since, until or now, law.calendar)
    end = stopped or now
    return Reading(name, last.cycle, first[1], due, net_due, stopped, waited, end > due, end > net_due)
