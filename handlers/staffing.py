"""Who may act for whom: an administrator confirms, removes and names heads of agencies' groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.administration import ACTOR, Refused
from storage.unit_of_work import UnitOfWork


def staff(uow: UnitOfWork, staff_id: int) -> dict[str, Any]:
    """One line of ``staff list`` by its number. Raises Refused when there is none."""
    found = next((row for row in uow.people.staff(everyone=True) if row["id"] == staff_id), None)
    if found is None:
        raise Refused(
            f"không có cán bộ số {staff_id}; xem staff list", f"there is no number {staff_id}; see staff list"
        )
    return found


def confirm(uow: UnitOfWork, staff_id: int, now: datetime) -> dict[str, Any]:
    """Somebody who joined a linked group may act from now on."""
    return _change(uow, staff_id, "staff.confirmed", now, status="confirmed", confirmed_at=now, confirmed_by=ACTOR)


def remove(uow: UnitOfWork, staff_id: int, now: datetime) -> dict[str, Any]:
    """Somebody may not act any more, even while still in the group."""
    return _change(uow, staff_id, "staff.removed", now, status="removed", role="member")


def set_head(uow: UnitOfWork, staff_id: int, now: datetime, *, head: bool) -> dict[str, Any]:
    """Name a confirmed member head of the agency, or take that back. Raises Refused for the unconfirmed."""
    if staff(uow, staff_id)["status"] != "confirmed":
        raise Refused(f"hãy xác nhận trước: staff confirm {staff_id}", f"confirm first: staff confirm {staff_id}")
    return _change(uow, staff_id, "staff.head", now, role="head" if head else "member")


def _change(uow: UnitOfWork, staff_id: int, what: str, now: datetime, **values: Any) -> dict[str, Any]:
    staff(uow, staff_id)
    uow.people.change_staff(staff_id, **values)
    uow.registers.record(ACTOR, what, str(staff_id), now)
    return staff(uow, staff_id)
