"""Why something is due when it is: each clock with its due instant and the lines that led there."""

from __future__ import annotations

from datetime import datetime

from workflows.case import clocks
from workflows.case.cards import promise
from workflows.case.clocks import Line
from workflows.case.law import Law
from workflows.case.model import ENDED, FINISHED, Case, State
from workflows.case.policy import TERMS, Policy
from workflows.frozen import frozen
from workflows.messages import Line as Said
from workflows.messages import Message, Value, day, names, number, text, word

LATER = (
    "arbitration",
    "interaction",
    "urgent",
    "urgent_again",
    "answer",
    "rating",
    "check",
)  # clocks that some later event starts


@frozen
class Explained:
    """One clock of a case: when it is due, and the lines that led to it (``clocks.why_due``)."""

    clock: str
    due: datetime
    lines: tuple[Line, ...]


def all_clocks(
    law: Law, sent: datetime, *, assigned: datetime | None = None, category: str = "", urgent: bool = False
) -> dict[str, Explained]:
    """Every clock of domain.md 5.7 for a report that is sent at ``sent``.

    Without ``assigned`` the resolve term is the latest one, as told at reception. Clocks that only a later event
    starts are counted as if it happened when the report was sent, and say so.
    """
    law = law.of(category, urgent=urgent)
    policy, calendar = law.policy, law.calendar
    begun = assigned or clocks.forward_due(sent, policy, calendar)
    found = [_forward(sent, law, urgent=urgent), _claim(begun, law), _resolve(sent, assigned, law)]
    found += [_as_if(name, sent, policy, law) for name in LATER]
    by_name = {one.clock: one for one in found}
    return {name: by_name[name] for name in TERMS}


def _forward(sent: datetime, law: Law, *, urgent: bool) -> Explained:
    """What is urgent from the start is passed on within the urgent term."""
    policy, calendar = law.policy, law.calendar
    due = clocks.forward_due(sent, policy, calendar)
    at_once = clocks.due(sent, policy.urgent, policy, calendar)
    if urgent and at_once < due:
        return Explained("forward", at_once, clocks.why_due(sent, policy.urgent, policy, calendar))
    return Explained("forward", due, clocks.why_forward_due(sent, policy, calendar))


def _claim(begun: datetime, law: Law) -> Explained:
    term = law.policy.claim
    why = clocks.why_due(begun, term, law.policy, law.calendar)
    start = Line("from_assigned", law.calendar.local_day(begun))
    return Explained("claim", clocks.due(begun, term, law.policy, law.calendar), (start, *why))


def _resolve(sent: datetime, assigned: datetime | None, law: Law) -> Explained:
    """As told at reception; an early assignment makes it earlier, a late one never later (invariant 3)."""
    policy, calendar = law.policy, law.calendar
    promise = clocks.latest_resolve_due(sent, policy, calendar)
    told = clocks.why_latest_resolve_due(sent, policy, calendar)
    if assigned is None:
        return Explained("resolve", promise, told)
    due = clocks.resolve_due(sent, assigned, policy, calendar)
    if due <= promise:
        return Explained("resolve", due, clocks.why_resolve_due(sent, assigned, policy, calendar))
    return Explained("resolve", promise, (*told, Line("promised", calendar.local_day(promise))))


def _as_if(name: str, sent: datetime, policy: Policy, law: Law) -> Explained:
    term = getattr(policy, name)
    why = clocks.why_due(sent, term, policy, law.calendar)
    start = Line("if_begun", law.calendar.local_day(sent))
    return Explained(name, clocks.due(sent, term, policy, law.calendar), (start, *why))


# --- one case ---


def running(case: Case, law: Law) -> Explained | None:
    """The clock that the case's next doer must keep, with the way to its due date; None when nothing is due.

    The date is always the recorded one (invariant 11); where counting leads elsewhere, the lines end by saying that
    it was recorded so.
    """
    if case.state in ENDED:
        return None
    law = law.of(case.category, urgent=case.urgent)
    if case.state in FINISHED:
        return _told("rating", case.rating_until, law, case.finished_at)
    if case.state is State.REVIEW_REQUESTED and case.interaction_due is not None:
        return _told("interaction", case.interaction_due, law, case.moved_at)
    if case.resolve_due is not None:
        return _told_resolve(case, law)
    return _told("forward", case.forward_due, law, case.opened_at)


def _told(clock: str, due: datetime | None, law: Law, since: datetime | None) -> Explained | None:
    if due is None:
        return None
    why: tuple[Line, ...] = ()
    if since is not None:
        why = clocks.why_due(since, getattr(law.policy, clock), law.policy, law.calendar)
    return Explained(clock, due, _ending(why, due, law))


def _told_resolve(case: Case, law: Law) -> Explained | None:
    due = case.resolve_due
    if due is None:
        return None
    policy, calendar = law.policy, law.calendar
    if case.first_due is not None:
        lines = (Line("extended", calendar.local_day(case.first_due)), Line("recorded", calendar.local_day(due)))
        return Explained("resolve", due, lines)
    received = case.received_at or case.opened_at
    if case.cycle > 1 or case.assigned_at is None:
        return Explained("resolve", due, _ending((), due, law))
    why = clocks.why_resolve_due(received, case.assigned_at, policy, calendar)
    if why[-1].day == calendar.local_day(due):
        return Explained("resolve", due, why)
    told = clocks.why_latest_resolve_due(received, policy, calendar)
    if due == case.promised_due and told[-1].day == calendar.local_day(due):
        return Explained("resolve", due, (*told, Line("promised", told[-1].day)))
    return Explained("resolve", due, _ending(why, due, law))


def _ending(why: tuple[Line, ...], due: datetime, law: Law) -> tuple[Line, ...]:
    """The way that leads to a recorded date; where it leads elsewhere, that it was recorded so."""
    last = law.calendar.local_day(due)
    return why if why and why[-1].day == last else (*why, Line("recorded", last))


# --- in words ---


def explained(case: Case, law: Law) -> Message:
    """Why the case is due then, line by line, for a citizen or an officer."""
    found = running(case, law)
    if found is None:
        return Message((Said("why.none", {"code": text(case.code)}),))
    values = {"code": text(case.code), "clock": word(f"why.clock.{found.clock}"), "due": promise(found.due)}
    by = (Said("why.by", {"regulation": text(law.regulation)}),) if law.regulation else ()
    return Message((Said("why.head", values), *by, *(said(line, found.due) for line in told(found.lines))))


def told(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines as people are told them: after a line that says what the count begins with, not that day again."""
    begins = [line.rule.startswith("from_") or line.rule == "if_begun" for line in lines]
    return tuple(line for at, line in enumerate(lines) if line.rule != "event" or not (at and begins[at - 1]))


def said(line: Line, due: datetime) -> Said:
    """One step in words."""
    values: dict[str, Value] = {"day": day(line.day)}
    if line.rule == "holiday" and any(line.title):
        return Said("why.holiday_named", values | {"title": names(*line.title)})
    if line.count:
        values["count"] = number(line.count)
    if line.rule in ("due", "due_closing"):
        values["due"] = promise(due)
    return Said(f"why.{line.rule}", values)
