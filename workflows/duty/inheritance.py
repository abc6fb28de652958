"""What a shift inherits from the one before: open urgent cases, what is due today, overdue, or unanswered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.case.calendar import WorkingCalendar
from workflows.frozen import frozen

KINDS = ("urgent", "overdue", "today", "unanswered")


@frozen
class Open:
    """One open case, as far as a shift must know it. ``due``: its nearest date; ``unanswered``: a message waits."""

    code: str
    urgent: bool
    due: datetime | None
    unanswered: bool


def inherited(cases: Iterable[Open], now: datetime, calendar: WorkingCalendar) -> dict[str, tuple[str, ...]]:
    """Codes by kind, in the order given; a case can be of several kinds. Kinds without a case are left out."""
    found: dict[str, list[str]] = {}
    for case in cases:
        for kind in _kinds(case, now, calendar):
            found.setdefault(kind, []).append(case.code)
    return {kind: tuple(found[kind]) for kind in KINDS if kind in found}


def _kinds(case: Open, now: datetime, calendar: WorkingCalendar) -> Iterable[str]:
    if case.urgent:
        yield "urgent"
    if case.unanswered:
        yield "unanswered"
    if case.due is None:
        return
    if case.due < now:
        yield "overdue"
    elif calendar.local_day(case.due) == calendar.local_day(now):
        yield "today"
