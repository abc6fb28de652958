"""Taking an agency out of use: who takes over, what moves to them, and what must be moved by hand first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from handlers.administration import ACTOR, Refused, agency, unlink
from handlers.inspection_line import LINE
from storage.agencies import AgencyRow
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen

SHOWN = 30  # codes of open cases in a refusal; the rest is counted


@frozen
class Retired:
    """What came of it. ``planned``: the day lies ahead, nothing has moved yet. Else how many routes, groups, staff and
    units moved to the successor, and what nobody took over: routes dropped, groups unlinked, people without an agency.
    """

    code: str
    on: datetime
    successors: tuple[str, ...] = ()
    planned: bool = False
    routes: int = 0
    groups: int = 0
    staff: int = 0
    units: int = 0
    routes_dropped: tuple[str, ...] = ()
    groups_unlinked: int = 0
    staff_removed: tuple[str, ...] = ()


def retire_agency(
    uow: UnitOfWork, code: str, now: datetime, *, successors: Collection[str] = (), on: datetime | None = None
) -> Retired:
    """Take an agency out of use, now or ``on`` a day.

    From that day it is given no cases (T9, T13). With one successor its routes, groups, staff and units move there;
    else routes go, groups are unlinked and staff removed, and all of it is named. A day ahead is only written down:
    routes lead to the one successor from then on, and the command is given again to move the rest.
    Raises Refused while it holds open cases, with the list; for units below it that nobody takes; for bad successors.
    """
    row = agency(uow, code)
    heirs = [_heir(uow, row, one) for one in dict.fromkeys(successors)]
    named = tuple(one.code for one in heirs)
    ends = on or min(row.valid_until or now, now)
    if row.valid_from is not None and ends <= row.valid_from:
        raise Refused(f"{code} bắt đầu sau ngày đó", f"{code} begins after that day")
    uow.agencies.succeed(row.id, [one.id for one in heirs])
    if ends > now:
        uow.agencies.change(row.id, valid_until=ends)
        uow.registers.record(ACTOR, "agency.ends", code, now, on=ends.isoformat(), successors=list(named))
        return Retired(code, ends, named, planned=True)
    _nothing_open(uow, row)
    done = _moved(uow, row, heirs[0], ends) if len(heirs) == 1 else _left(uow, row, named, ends, now)
    uow.agencies.change(row.id, active=False, valid_until=ends)
    uow.registers.record(
        ACTOR, "agency.retired", code, now, successors=list(named), routes=done.routes + len(done.routes_dropped)
    )
    return done


def _heir(uow: UnitOfWork, row: AgencyRow, code: str) -> AgencyRow:
    heir = agency(uow, code)
    if heir.id == row.id:
        raise Refused(f"{code} không thể kế tiếp chính mình", f"{code} cannot follow itself")
    if not heir.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    if (heir.kind == LINE) != (row.kind == LINE):
        raise Refused(
            f"{code} và {row.code}: chỉ thanh tra tiếp nhận thanh tra (R61)",
            f"{code} and {row.code}: only an inspection line follows one (R61)",
        )
    if uow.agencies.hangs_below(heir.id, row.id):
        raise Refused(
            f"{code} trực thuộc {row.code}; hãy đưa nó ra ngoài trước", f"{code} is a unit of {row.code}; move it first"
        )
    return heir


def _nothing_open(uow: UnitOfWork, row: AgencyRow) -> None:
    held = uow.cases.open_codes(row.id)
    if held:
        listed = ", ".join(held[:SHOWN]) + (", …" if len(held) > SHOWN else "")
        raise Refused(
            f"{row.code} còn {len(held)} phản ánh chưa xong; hãy chuyển chúng trước (cases move): {listed}",
            f"{row.code} still holds {len(held)} open cases; transfer them first (cases move): {listed}",
        )


def _moved(uow: UnitOfWork, row: AgencyRow, heir: AgencyRow, on: datetime) -> Retired:
    """All that was its own goes to the one that takes over."""
    routes = [route for route in uow.agencies.routes() if route.agency_id == row.id]
    for route in routes:
        uow.agencies.drop_route(route.id)
        uow.agencies.add_route(route.category, route.area, heir.id)
    chats = uow.chats.linked_to(row.id)
    for chat in chats:
        uow.chats.change(chat.id, agency_id=heir.id)
    staff = uow.people.hand_over_staff(row.id, heir.id)
    units = [unit for unit in uow.agencies.all() if unit.parent_id == row.id]
    for unit in units:
        uow.agencies.change(unit.id, parent_id=heir.id)
    return Retired(
        row.code,
        on,
        (heir.code,),
        routes=len(routes),
        groups=len(chats),
        staff=staff,
        units=len(units),
    )


def _left(uow: UnitOfWork, row: AgencyRow, named: tuple[str, ...], on: datetime, now: datetime) -> Retired:
    """Nobody, or several, take over: whose anything is now is for people to say, so it is named."""
    below = [unit.code for unit in uow.agencies.all() if unit.parent_id == row.id and unit.active]
    if below:
        listed = ", ".join(below)
        raise Refused(f"{row.code} còn đơn vị trực thuộc: {listed}", f"{row.code} still has units: {listed}")
    routes = [route for route in uow.agencies.routes() if route.agency_id == row.id]
    for route in routes:
        uow.agencies.drop_route(route.id)
    staff = [one for one in uow.people.staff(row.id) if one["status"] != "removed"]
    for one in staff:
        uow.people.change_staff(one["id"], status="removed")
    return Retired(
        row.code,
        on,
        named,
        routes_dropped=tuple(f"{route.category or '*'} × {route.area or '*'}" for route in routes),
        groups_unlinked=unlink(uow, row.code, now, operators=False),
        staff_removed=tuple(one["name"] or f"#{one['person_id']}" for one in staff),
    )
