"""Law: the policy and the calendar in force, and the due dates that moves fix by them (domain.md 5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from workflows.case.model import Case

if TYPE_CHECKING:
    from workflows.case.calendar import WorkingCalendar
    from workflows.case.clocks import Policy

Clock = Literal["forward", "resolve", "new_resolve", "answer", "interaction", "rating"]


@dataclass(frozen=True, slots=True)
class Law:
    """What holds on the day of an event. Old promises are in the events and never computed anew (invariant 11)."""

    policy: Policy
    calendar: WorkingCalendar

    def due_dates(self, clock: Clock, case: Case | None, at: datetime) -> dict[str, Any]:
        """The due dates that ``clock`` fixes at ``at``, as ISO 8601 strings for the event's data."""
        return {}
