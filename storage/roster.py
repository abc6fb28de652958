"""The duty roster: shifts of every unit and of the operators, found by time; what is told of each is told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.models import Shift as ShiftModel
from storage.models import table_of
from storage.unit_of_work import UnitOfWork
from workflows.duty.shifts import Shift
from workflows.frozen import field_names

SHIFTS = table_of(ShiftModel)
COLUMNS = [SHIFTS.c[name] for name in field_names(Shift)]


class RosterStore:
    """Shifts inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def add(self, shift: Shift) -> int:
        """A new shift; its number (that of ``shift`` does not count)."""
        row = {name: getattr(shift, name) for name in field_names(Shift) if name != "id"}
        return int(self._connection.scalar(insert(SHIFTS).returning(SHIFTS.c.id), row) or 0)

    def get(self, shift_id: int) -> Shift | None:
        """One shift."""
        row = self._connection.execute(select(*COLUMNS).where(SHIFTS.c.id == shift_id)).first()
        return Shift(*row) if row else None

    def change(self, shift_id: int, **values: Any) -> None:
        """Set columns of one shift."""
        self._connection.execute(update(SHIFTS).where(SHIFTS.c.id == shift_id).values(**values))

    def pass_on(self, shift: Shift, to: int) -> bool:
        """The shift goes to somebody else; False when it is no longer whose it was."""
        had = SHIFTS.c.on_duty_id
        same = had.is_(None) if shift.on_duty_id is None else had == shift.on_duty_id
        ours = update(SHIFTS).where(SHIFTS.c.id == shift.id, same).values(on_duty_id=to)
        return bool(self._connection.execute(ours).rowcount)

    def remove(self, shift_id: int) -> None:
        """Take a shift off the roster."""
        self._connection.execute(delete(SHIFTS).where(SHIFTS.c.id == shift_id))

    def between(self, agency_id: int | None, since: datetime, until: datetime) -> list[Shift]:
        """A unit's shifts (None: the operators') that run at some time between two instants, in order."""
        return self._list(_of(agency_id), SHIFTS.c.ends_at > since, SHIFTS.c.starts_at < until)

    def all_between(self, since: datetime, until: datetime) -> list[Shift]:
        """Everybody's shifts that run at some time between two instants, in order."""
        return self._list(SHIFTS.c.ends_at > since, SHIFTS.c.starts_at < until)

    def last_before(self, agency_id: int | None, begins: datetime) -> Shift | None:
        """A unit's shift that ended last when another begins."""
        ended = select(*COLUMNS).where(_of(agency_id), SHIFTS.c.ends_at <= begins)
        row = self._connection.execute(ended.order_by(SHIFTS.c.ends_at.desc()).limit(1)).first()
        return Shift(*row) if row else None

    def to_open(self, now: datetime) -> list[Shift]:
        """Shifts that run and have not been told what they inherit."""
        return self._list(SHIFTS.c.ends_at > now, SHIFTS.c.starts_at <= now, SHIFTS.c.opened_at.is_(None))

    def to_come(self, now: datetime, until: datetime) -> list[Shift]:
        """Shifts that begin before ``until`` and of which nobody has been warned."""
        soon = (SHIFTS.c.starts_at > now, SHIFTS.c.starts_at <= until)
        return self._list(SHIFTS.c.ends_at > now, *soon, SHIFTS.c.alerted_at.is_(None))

    def open_once(self, shift_id: int, now: datetime) -> bool:
        """Whether it is ours to tell the shift what it inherits: exactly one gets True."""
        return self._once(shift_id, SHIFTS.c.opened_at, now)

    def alert_once(self, shift_id: int, now: datetime) -> bool:
        """Whether it is ours to tell that nobody has the shift: exactly one gets True."""
        return self._once(shift_id, SHIFTS.c.alerted_at, now)

    def _once(self, shift_id: int, column: Any, now: datetime) -> bool:
        ours = update(SHIFTS).where(SHIFTS.c.id == shift_id, column.is_(None)).values({column: now})
        return bool(self._connection.execute(ours).rowcount)

    def _list(self, *conditions: Any) -> list[Shift]:
        found = select(*COLUMNS).where(*conditions).order_by(SHIFTS.c.starts_at, SHIFTS.c.id)
        return [Shift(*row) for row in self._connection.execute(found)]


def _of(agency_id: int | None) -> Any:
    return SHIFTS.c.agency_id.is_(None) if agency_id is None else SHIFTS.c.agency_id == agency_id


def people_in(shifts: Iterable[Shift]) -> list[int]:
    """Everybody who is named in some shifts."""
    named = {person for one in shifts for person in (one.person_id, one.stand_in_id, one.on_duty_id)}
    return sorted(person for person in named if person is not None)
