"""What a citizen is told before they ask (R75): halfway when nothing moves, and when a promised date has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from workflows.case.law import Law
from workflows.case.model import Case, State
from workflows.case.running import RESOLVING, Running, running
from workflows.frozen import frozen

What = Literal["half", "first_due", "late"]
# What is worth more comes later: of several that have come, the last is said.
ORDER: tuple[What, ...] = ("half", "first_due", "late")


@frozen
class Telling:
    """One notice of our own accord: what about which clock, its due date, and from when on it may be said."""

    what: What
    clock: str
    due: datetime
    at: datetime


def tellings(case: Case, law: Law) -> tuple[Telling, ...]:
    """What there is to tell as the case stands; nothing while it is the citizen's turn."""
    runs = {run.clock: run for run in running(case, law)}
    if case.state is State.TRANSFER_REQUESTED and case.resolve_due is not None and case.assigned_at is not None:
        term = law.of(case.category, urgent=case.urgent).policy.resolve
        runs["resolve"] = Running("resolve", case.assigned_at, case.resolve_due, "operators", term)
    found = [Telling("late", name, runs[name].due, runs[name].due) for name in _TOLD if name in runs]
    resolve = runs.get("resolve")
    if resolve is not None and case.state in RESOLVING:
        found += _halfway(case, resolve, law) + _extended(case, resolve)
    return tuple(sorted(found, key=lambda one: (one.at, ORDER.index(one.what))))


_TOLD = ("forward", "resolve", "interaction", "promise")  # the dates that citizens were promised


def _halfway(case: Case, run: Running, law: Law) -> list[Telling]:
    """Half of the term's office time is over, and a whole working day has gone by in which nothing moved."""
    calendar = law.calendar
    half = calendar.working_time_between(run.started, run.due) / 2
    at = calendar.add_working_time(run.started, half)
    moved = calendar.local_day(case.moved_at or case.opened_at)
    rested = calendar.add_working_days(moved, 1) < calendar.local_day(at)
    return [Telling("half", run.clock, run.due, at)] if rested and at < run.due else []


def _extended(case: Case, run: Running) -> list[Telling]:
    """The date first promised passes while a later one was approved (R15)."""
    if case.first_due is None or case.first_due >= run.due:
        return []
    return [Telling("first_due", run.clock, case.first_due, case.first_due)]


def to_be_told(ready: Sequence[Telling], now: datetime, law: Law, told: Mapping[Telling, datetime]) -> Telling | None:
    """The last of those whose time has come, unless it or a later one was told, or anything was on this day.

    What is overdue is told once for each clock and date; halfway is no news any more once the date has passed.
    """
    today = law.calendar.local_day(now)
    if any(law.calendar.local_day(at) == today for at in told.values()):
        return None
    come = [one for one in ready if one.at < now]
    last = come[-1] if come else None
    return None if last is None or last in told else last
