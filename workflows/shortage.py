"""What a period's cases say of missing equipment: who asked for time, passed a case on or declined for it (R47)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from workflows.actions import Action
from workflows.case.model import Case, CaseEvent
from workflows.case.replay import apply
from workflows.figures import Cells, Figures, Identity, Period, Scope
from workflows.frozen import frozen

REASON = "lacks_equipment"
HOW = {
    Action.REQUEST_EXTENSION: "more_time",
    Action.REQUEST_TRANSFER: "passed_on",
    Action.DECLINE_SUPPORT: "help_declined",
    Action.ACCEPT_RESULT: "not_done",
}
CELLS = ("shortages", *HOW.values(), "late_for_shortage")
IDENTITIES = (Identity("shortages", tuple(HOW.values())),)


@frozen
class Shortage:
    """One time that equipment was missing. ``late``: the first promise of that work was not kept."""

    line: str
    how: str
    late: bool


def shortages_of(events: Sequence[CaseEvent], period: Period, scope: Scope, *, hidden: bool) -> Iterator[Shortage]:
    """Every time that a history names missing equipment in the period, each as the case was then."""
    case = None
    for at, event in enumerate(events):
        case = apply(case, event)
        named = event.action in HOW and _reason(case, event) == REASON and period.holds(event.at)
        secret = hidden or case.sensitive
        if named and scope.holds(case, hidden=secret):
            late = _is_late(case, events[at + 1 :], period.end)
            yield Shortage(scope.line(case, hidden=secret), HOW[event.action], late)


def _reason(case: Case, event: CaseEvent) -> str:
    """Of a result, what makes it impossible; else the reason that came with the event."""
    said: str = case.obstacle if event.action is Action.ACCEPT_RESULT else event.data.get("reason", "")
    return said


def _is_late(case: Case, after: Iterable[CaseEvent], end: datetime) -> bool:
    """Whether the first promise was over before there was a result; what has none is measured at the period's end."""
    due = case.first_due or case.resolve_due
    if case.finished_at is not None:
        return due is not None and case.finished_at > due
    results = (event.at for event in after if event.action is Action.SUBMIT_RESULT and event.at < end)
    return due is not None and next(results, end) > due


def sum_up(found: Iterable[Shortage]) -> Figures:
    """Each cell counted for itself, in total and line by line."""
    total, lines = dict.fromkeys(CELLS, 0), dict[str, Cells]()
    for one in found:
        for cells in (total, lines.setdefault(one.line, dict.fromkeys(CELLS, 0))):
            cells["shortages"] += 1
            cells[one.how] += 1
            cells["late_for_shortage"] += one.late
    return Figures(total, dict(sorted(lines.items())))
