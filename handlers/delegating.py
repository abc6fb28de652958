"""Who acts as head, and when: focal officers and delegates who are named, and heads who are away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from handlers.administration import Refused
from handlers.staffing import staff
from storage.duties import DutyStore, Span
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen

LONGEST = 366  # days of one delegation or one leave
MOMENT = timedelta(microseconds=1)


@frozen
class Days:
    """From the beginning of one day to the end of another, as instants; the second is the midnight after it."""

    starts_at: datetime
    ends_at: datetime


def days(first: date, last: date, zone: tzinfo, now: datetime) -> Days:
    """The days from ``first`` to ``last`` there. Raises Refused where they are none, too many, or over."""
    if last < first:
        raise Refused("ngày cuối phải không trước ngày đầu", "the last day is not before the first")
    if (last - first).days >= LONGEST:
        raise Refused(f"nhiều nhất {LONGEST} ngày một lần", f"at most {LONGEST} days at once")
    if last < now.astimezone(zone).date():
        raise Refused("những ngày này đã qua", "these days are over")
    starts, ends = datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)
    return Days(starts.astimezone(UTC), ends.astimezone(UTC) + MOMENT)


def last_moment(ends_at: datetime) -> datetime:
    """The last one before something ends: on its last day."""
    return ends_at - MOMENT


def set_focal(uow: UnitOfWork, staff_id: int, now: datetime, by: str, *, focal: bool) -> dict[str, Any]:
    """Name a confirmed member focal officer, or take that back. Raises Refused; a head stays head."""
    row = _confirmed(uow, staff_id)
    if row["role"] == "head":
        raise Refused("người đứng đầu đã có quyền của đầu mối", "the head has a focal officer's rights already")
    if row["agency_id"] is None:
        raise Refused("tổ vận hành không có đầu mối", "the operations team has no focal officers")
    uow.people.change_staff(staff_id, role="focal" if focal else "member")
    uow.registers.record(by, "staff.focal", str(staff_id), now, focal=focal)
    return staff(uow, staff_id)


def delegate(uow: UnitOfWork, head_id: int, to_id: int, when: Days, now: datetime, by: str) -> int:
    """A head's acts go to a colleague as well on these days; the number of the delegation.

    Raises Refused for who is no head, for a colleague of another agency or unconfirmed, and for what exists already.
    """
    head, to = _head(uow, head_id), _confirmed(uow, to_id)
    if head_id == to_id or to["agency_id"] != head["agency_id"]:
        raise Refused("chỉ ủy quyền được cho đồng nghiệp cùng đơn vị", "a delegate is a colleague of the same agency")
    if to["role"] == "head":
        raise Refused(
            "người này cũng đứng đầu đơn vị, không cần ủy quyền", "this is a head as well, who needs no delegation"
        )
    duties = DutyStore(uow)
    same = [one for one in duties.delegations(now, [head_id]) if one.delegate_id == to_id]
    if any(_overlap(one, when) for one in same):
        raise Refused("đã ủy quyền cho người này trong những ngày đó", "it is delegated to them on such days already")
    made = duties.delegate(head_id, to_id, when.starts_at, when.ends_at, now, by)
    uow.registers.record(by, "staff.delegated", str(head_id), now, to=to_id, delegation=made)
    return made


def end_delegation(uow: UnitOfWork, number: int, now: datetime, by: str) -> None:
    """A delegation ends now. Raises Refused where there is none that has not ended."""
    if not DutyStore(uow).end_delegation(number, now):
        raise Refused(
            f"không có ủy quyền số {number} còn hiệu lực; xem staff delegates",
            f"no delegation {number} is in force; see staff delegates",
        )
    uow.registers.record(by, "staff.delegation_ended", str(number), now)


def leave(uow: UnitOfWork, head_id: int, when: Days, now: datetime, by: str) -> int:
    """A head is away on these days. Raises Refused for who is no head, and for days kept already."""
    _head(uow, head_id)
    duties = DutyStore(uow)
    if any(_overlap(one, when) for one in duties.absences(now, [head_id])):
        raise Refused("đã ghi vắng trong những ngày đó", "some of these days are kept already")
    made = duties.leave(head_id, when.starts_at, when.ends_at, now, by)
    uow.registers.record(by, "staff.away", str(head_id), now, absence=made)
    return made


def come_back(uow: UnitOfWork, head_id: int, now: datetime, by: str) -> int:
    """A head is here again: days away end now, also those to come. Raises Refused where there are none."""
    staff(uow, head_id)
    ended = DutyStore(uow).come_back(head_id, now)
    if not ended:
        raise Refused("người này không có ngày vắng nào", "nobody has kept them away")
    uow.registers.record(by, "staff.back", str(head_id), now)
    return ended


def spans(uow: UnitOfWork, now: datetime) -> list[dict[str, Any]]:
    """Delegations and days away that have not ended, for an administrator."""
    names = {row["id"]: row for row in uow.people.staff(everyone=True)}
    duties = DutyStore(uow)
    return [_span(one, names) for one in (*duties.delegations(now), *duties.absences(now))]


def _overlap(one: Span, when: Days) -> bool:
    return one.starts_at < when.ends_at and when.starts_at < one.ends_at


def _span(one: Span, names: dict[int, dict[str, Any]]) -> dict[str, Any]:
    head = names[one.head_id]
    return {
        "id": one.id if one.delegate_id is not None else None,
        "what": "delegation" if one.delegate_id is not None else "leave",
        "agency": head["agency"],
        "head": one.head_id,
        "head_name": head["name"],
        "to": one.delegate_id,
        "to_name": names[one.delegate_id]["name"] if one.delegate_id is not None else None,
        "starts_at": one.starts_at,
        "ends_at": last_moment(one.ends_at),
    }


def _confirmed(uow: UnitOfWork, staff_id: int) -> dict[str, Any]:
    row = staff(uow, staff_id)
    if row["status"] != "confirmed":
        raise Refused(f"hãy xác nhận trước: staff confirm {staff_id}", f"confirm first: staff confirm {staff_id}")
    return row


def _head(uow: UnitOfWork, staff_id: int) -> dict[str, Any]:
    row = _confirmed(uow, staff_id)
    if row["role"] != "head":
        raise Refused(
            f"số {staff_id} không phải người đứng đầu; xem staff head",
            f"number {staff_id} is no head; see staff head",
        )
    return row
