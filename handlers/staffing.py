"""Who may act for whom: an administrator confirms, removes and names heads of agencies' groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.administration import ACTOR, Refused
from handlers.web_access import hash_of, new_pin
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork


def staff(uow: UnitOfWork, staff_id: int) -> dict[str, Any]:
    """One line of ``staff list`` by its number. Raises Refused when there is none."""
    found = next((row for row in uow.people.staff(everyone=True) if row["id"] == staff_id), None)
    if found is None:
        raise Refused(
            f"không có cán bộ số {staff_id}; xem staff list", f"there is no number {staff_id}; see staff list"
        )
    return found


def confirm(uow: UnitOfWork, staff_id: int, now: datetime, by: str = ACTOR) -> dict[str, Any]:
    """Somebody who joined a linked group may act from now on."""
    return _change(uow, staff_id, "staff.confirmed", now, by, status="confirmed", confirmed_at=now, confirmed_by=by)


def remove(uow: UnitOfWork, staff_id: int, now: datetime) -> dict[str, Any]:
    """Somebody may not act any more, even while still in the group."""
    return _change(uow, staff_id, "staff.removed", now, status="removed", role="member")


def set_head(uow: UnitOfWork, staff_id: int, now: datetime, *, head: bool) -> dict[str, Any]:
    """Name a confirmed member head of the agency, or take that back. Raises Refused for the unconfirmed."""
    if staff(uow, staff_id)["status"] != "confirmed":
        raise Refused(f"hãy xác nhận trước: staff confirm {staff_id}", f"confirm first: staff confirm {staff_id}")
    return _change(uow, staff_id, "staff.head", now, role="head" if head else "member")


def give_pin(uow: UnitOfWork, staff_id: int, now: datetime) -> tuple[dict[str, Any], str]:
    """A new random PIN for a confirmed officer, told this once. Raises Refused for the unconfirmed."""
    row = staff(uow, staff_id)
    if row["status"] != "confirmed":
        raise Refused(f"hãy xác nhận trước: staff confirm {staff_id}", f"confirm first: staff confirm {staff_id}")
    pin = new_pin()
    PageStore(uow).set_pin(row["person_id"], hash_of(pin), now)
    uow.registers.record(ACTOR, "pin.set", str(row["person_id"]), now)
    return row, pin


def take_pin(uow: UnitOfWork, staff_id: int, now: datetime) -> tuple[dict[str, Any], bool]:
    """The officer's PIN is good no more, and what was opened with it is closed; whether there was one."""
    row = staff(uow, staff_id)
    there_was = PageStore(uow).clear_pin(row["person_id"])
    uow.registers.record(ACTOR, "pin.cleared", str(row["person_id"]), now)
    return row, there_was


def _change(uow: UnitOfWork, staff_id: int, what: str, now: datetime, by: str = ACTOR, **values: Any) -> dict[str, Any]:
    staff(uow, staff_id)
    uow.people.change_staff(staff_id, **values)
    uow.registers.record(by, what, str(staff_id), now)
    return staff(uow, staff_id)
