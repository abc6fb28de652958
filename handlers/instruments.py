"""What an administrator does to the register of measuring instruments (R47)."""

from __future__ import annotations

from datetime import datetime

from handlers.administration import ACTOR, Refused, agency, unknown
from storage.instruments import InstrumentRow
from storage.unit_of_work import UnitOfWork
from workflows.case.support import INSTRUMENTS


def add(
    uow: UnitOfWork, code: str, kind: str, vi: str, en: str, serial: str, note: str, now: datetime
) -> InstrumentRow:
    """Put an instrument of this unit on the register. Raises Refused for an unknown unit or kind, or one known."""
    owner = agency(uow, code)
    if not owner.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    if kind not in INSTRUMENTS:
        raise unknown("loại thiết bị", "kind of instrument", kind, INSTRUMENTS, "instruments add --help")
    if not vi.strip():
        raise Refused("thiết bị cần tên tiếng Việt", "the instrument needs a Vietnamese name")
    same = (one for one in uow.instruments.all() if (one.agency_id, one.kind, one.serial) == (owner.id, kind, serial))
    known = next(same, None)
    if known is not None:
        raise Refused(
            f"{code} đã có thiết bị này, số {known.id}; thêm --serial nếu là chiếc khác",
            f"{code} has it already, number {known.id}; give --serial if it is another one",
        )
    made = uow.instruments.add(owner.id, kind, vi.strip(), (en or vi).strip(), serial, note)
    uow.registers.record(ACTOR, "instrument.added", str(made), now, agency=code, kind=kind)
    return get(uow, made)


def get(uow: UnitOfWork, number: int) -> InstrumentRow:
    """One by its number. Raises Refused."""
    found = next((one for one in uow.instruments.all() if one.id == number), None)
    if found is None:
        raise Refused(
            f"không có thiết bị số {number}; xem instruments list",
            f"there is no instrument number {number}; see instruments list",
        )
    return found


def set_usable(uow: UnitOfWork, number: int, now: datetime, *, usable: bool) -> InstrumentRow:
    """It can be used again, or not for now (broken, away for calibration). Raises Refused."""
    get(uow, number)
    uow.instruments.change(number, usable=usable)
    uow.registers.record(ACTOR, "instrument.usable" if usable else "instrument.unusable", str(number), now)
    return get(uow, number)


def remove(uow: UnitOfWork, number: int, now: datetime) -> InstrumentRow:
    """Take it off the register. Raises Refused."""
    row = get(uow, number)
    uow.instruments.remove(number)
    uow.registers.record(ACTOR, "instrument.removed", str(number), now, agency=row.agency, kind=row.kind)
    return row
