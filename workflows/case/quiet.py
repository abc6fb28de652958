"""Quiet hours: when nobody is told anything that can wait for the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.case.law import Law


def quiet_until(at: datetime, law: Law) -> datetime | None:
    """When the quiet hours end in which ``at`` lies; None: it lies in none."""
    if not law.policy.quiet:
        return None
    begins, ends = law.policy.quiet
    local = at.astimezone(law.calendar.zone)
    clock = local.time()
    inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not inside:
        return None
    end = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return end if clock < ends else end + timedelta(days=1)


def office_from(at: datetime, law: Law) -> datetime | None:
    """When an office may be reminded that may not at ``at``: after quiet hours, on a working day; None: it may now."""
    day = law.calendar.local_day(at)
    if not law.calendar.is_working(day):
        return law.calendar.opens(law.calendar.next_working(day))
    until = quiet_until(at, law)
    if until is None or law.calendar.is_working(law.calendar.local_day(until)):
        return until
    return law.calendar.opens(law.calendar.next_working(day))
