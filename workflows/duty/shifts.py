"""The duty roster in values: who is on duty at a moment, which shifts are empty, and what nobody covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from workflows.frozen import frozen

LONGEST = timedelta(days=7)  # a longer shift is a slip of the pen


@frozen
class Shift:
    """A turn of duty in a unit (``agency_id`` None: the operators), from ``starts_at`` until before ``ends_at``.

    ``person_id`` None: nobody was named. ``on_duty_id``: who has it when that is no longer the person of the plan.
    ``note``: what its people leave to the next shift.
    """

    id: int
    agency_id: int | None
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    stand_in_id: int | None = None
    on_duty_id: int | None = None
    note: str = ""

    @property
    def has_it(self) -> int | None:
        """Who has the duty: whoever took it over, else the person of the plan."""
        return self.on_duty_id if self.on_duty_id is not None else self.person_id


def at(shifts: Iterable[Shift], now: datetime) -> Shift | None:
    """The shift that runs now."""
    return next((one for one in shifts if one.starts_at <= now < one.ends_at), None)


def after(shifts: Iterable[Shift], now: datetime) -> Shift | None:
    """The next shift to begin."""
    return min((one for one in shifts if one.starts_at > now), key=lambda one: one.starts_at, default=None)


def before(shifts: Iterable[Shift], begins: datetime) -> Shift | None:
    """The shift that ended last when another begins."""
    ended = (one for one in shifts if one.ends_at <= begins)
    return max(ended, key=lambda one: one.ends_at, default=None)


def overlap(one: Shift, other: Shift) -> bool:
    """Whether two shifts of one unit run at the same time."""
    same = one.agency_id == other.agency_id
    return same and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def is_empty(shift: Shift, serving: Collection[int]) -> bool:
    """Whether nobody of those who serve in the unit (person ids) has the shift."""
    return shift.has_it is None or shift.has_it not in serving


def uncovered(shifts: Iterable[Shift], since: datetime, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches between two instants in which no shift runs, in order."""
    found: list[tuple[datetime, datetime]] = []
    covered = since
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.ends_at <= covered:
            continue
        if shift.starts_at >= until:
            break
        if shift.starts_at > covered:
            found.append((covered, shift.starts_at))
        covered = shift.ends_at
    return (*found, (covered, until)) if covered < until else tuple(found)


def may_take(shift: Shift, person: int, *, head: bool, serving: Collection[int]) -> bool:
    """Whether a colleague may take a shift over: stand-in, head, the one of the plan, or anybody while it is empty."""
    if person == shift.has_it or person not in serving:
        return False
    return head or person in (shift.stand_in_id, shift.person_id) or is_empty(shift, serving)
