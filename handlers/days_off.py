"""The calendar by command: days off and days worked by decree, each with where and when it was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from handlers.administration import ACTOR, Refused, unknown
from storage.holidays import Override, read_list, unconfirmed_years, working_calendar
from storage.unit_of_work import UnitOfWork


def listing(uow: UnitOfWork, year: int) -> list[dict[str, Any]]:
    """The days of a year that are not as their weekday says, and who says so."""
    entered = {one.day: one for one in uow.days.all()}
    ours = {one.day: one for one in read_list().overrides}
    calendar = working_calendar([year], entered=entered.values())
    special = {day for day in calendar.holidays | calendar.swapped | entered.keys() if day.year == year}
    rows = []
    for day in sorted(special):
        said = entered.get(day) or ours.get(day)
        rows.append(
            {
                "day": day,
                "works": calendar.is_working(day),
                "vi": calendar.title(day)[0],
                "en": calendar.title(day)[1],
                "source": said.source if said else "holidays",
                "seen": said.seen if said else None,
                "entered": day in entered,
            }
        )
    return rows


def add(uow: UnitOfWork, day: date, name: str, source: str, seen: date, now: datetime) -> None:
    """One more day off. Raises Refused for a day that is off already."""
    _must_be(uow, day, worked=True)
    _save(uow, "holidays.added", [Override(day, False, _said(name, "name"), _said(source, "source"), seen)], now)


def remove(uow: UnitOfWork, day: date, name: str, source: str, seen: date, now: datetime) -> None:
    """A day that is no longer off. Raises Refused for a day that is worked already."""
    _must_be(uow, day, worked=False)
    _save(uow, "holidays.removed", [Override(day, True, _said(name, "name"), _said(source, "source"), seen)], now)


def swap(uow: UnitOfWork, off: date, worked: date, name: str, source: str, seen: date, now: datetime) -> None:
    """A working day off, and a day off worked for it. Raises Refused where either is so already."""
    _must_be(uow, off, worked=True)
    _must_be(uow, worked, worked=False)
    name, source = _said(name, "name"), _said(source, "source")
    entries = [Override(off, False, name, source, seen, worked), Override(worked, True, name, source, seen, off)]
    _save(uow, "holidays.swapped", entries, now)


def withdraw(uow: UnitOfWork, day: date, now: datetime) -> None:
    """Take an entry back. Raises Refused, with the days there are, when nobody entered that one."""
    if not uow.days.withdraw(day):
        days = sorted(str(one.day) for one in uow.days.all())
        raise unknown("ngày tự nhập", "day entered here", str(day), days, "holidays list")
    uow.cases.look_anew(now)
    uow.registers.record(ACTOR, "holidays.withdrawn", day.isoformat(), now)


def confirm(uow: UnitOfWork, year: int, source: str, seen: date, now: datetime) -> None:
    """A person compared the year with the government's notice. Raises Refused without a source."""
    uow.days.confirm(year, _said(source, "source"), seen)
    uow.registers.record(ACTOR, "holidays.confirmed", str(year), now)


def unconfirmed(uow: UnitOfWork, years: tuple[int, ...]) -> tuple[int, ...]:
    """Those of ``years`` that are still a guess."""
    return unconfirmed_years(years, entered=uow.days.confirmed())


def _must_be(uow: UnitOfWork, day: date, *, worked: bool) -> None:
    """What is said of a day must change it. Raises Refused where it is so already."""
    if working_calendar([day.year], entered=uow.days.all()).is_working(day) == worked:
        return
    if worked:
        raise Refused(f"{day} vốn đã là ngày nghỉ", f"{day} is a day off already")
    raise Refused(f"{day} vốn đã là ngày làm việc", f"{day} is a working day already")


def _save(uow: UnitOfWork, what: str, entries: list[Override], now: datetime) -> None:
    uow.days.save(entries)
    uow.cases.look_anew(now)  # reminders follow the calendar
    uow.registers.record(ACTOR, what, entries[0].day.isoformat(), now, days=[one.day.isoformat() for one in entries])


def _said(words: str, option: str) -> str:
    if not words.strip():
        raise Refused(f"cần --{option}", f"--{option} is wanted")
    return words.strip()
