"""The roster by command: shifts imported from a file, all or nothing, added, taken off, and what nobody covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import yaml

from handlers import duty
from handlers.administration import ACTOR, Refused, agency
from handlers.importing import csv_lines, in_lines, text_of
from storage.broken import in_yaml
from storage.roster import RosterStore, people_in
from storage.unit_of_work import UnitOfWork
from workflows.duty.shifts import LONGEST, Shift, is_empty, overlap, uncovered
from workflows.frozen import frozen
from workflows.text import fold

COLUMNS = ("agency", "start", "end", "person", "stand_in")
NEEDED = ("agency", "start", "end")
OPERATORS = "operators"
Row = Mapping[str, str]


@frozen
class Imported:
    """How many shifts were added, and how many that were there have other people now."""

    added: int
    changed: int


# --- from a file ---------------------------------------------------------------------------------------------------


def import_roster(uow: UnitOfWork, path: Path, zone: tzinfo, now: datetime) -> Imported:
    """Shifts from CSV, or YAML by the file's name; a shift of the same unit and times is changed.

    Columns ``agency,start,end,person,stand_in``; people by officer number or by name; no person: an empty shift.
    Raises Refused with file, line and reason of everything that is wrong; nothing is kept then.
    """
    rows = list(_yaml(path) if path.suffix.lower() in (".yaml", ".yml") else csv_lines(path, COLUMNS, NEEDED))
    wrong: list[tuple[int, Refused]] = []
    shifts: list[tuple[int, Shift]] = []
    for line, row in rows:
        try:
            shift = _shift(uow, row, zone)
            _must_not_overlap(shift, shifts)
            _must_fit(uow, shift)
            shifts.append((line, shift))
        except Refused as one:
            wrong.append((line, one))
    if not rows:
        wrong.append((1, Refused("không có ca trực nào", "there is no shift in it")))
    if wrong:
        raise in_lines(path, wrong)
    kept = [_keep(uow, shift) for _, shift in shifts]
    uow.registers.record(ACTOR, "roster.imported", path.name, now, shifts=len(kept))
    return Imported(kept.count("added"), kept.count("changed"))


def _yaml(path: Path) -> Iterator[tuple[int, Row]]:
    """A list of maps; every value is read as it is written, so that no date is guessed at."""
    text = text_of(path)
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        wrong = in_yaml(error, text).of(path.name)
        raise Refused(wrong.vi, wrong.en) from None
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        raise in_lines(path, [(1, Refused("phải là danh sách ca trực", "must be a list of shifts"))])
    for node in root.value:
        yield node.start_mark.line + 1, _plain(node)


def _plain(node: yaml.Node) -> Row:
    """A map of plain values; anything else is an empty row, which is refused with its line."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    scalars = all(isinstance(part, yaml.ScalarNode) for pair in node.value for part in pair)
    return {key.value: value.value.strip() for key, value in node.value} if scalars else {}


def _shift(uow: UnitOfWork, row: Row, zone: tzinfo) -> Shift:
    """One row as a shift. Raises Refused."""
    unknown = set(row) - set(COLUMNS)
    missing = [name for name in NEEDED if not row.get(name)]
    if unknown or missing:
        names = ", ".join(sorted(unknown) or missing)
        vi, en = ("không có cột này", "there is no such column") if unknown else ("thiếu", "missing")
        raise Refused(f"{vi}: {names}", f"{en}: {names}")
    return made(
        uow,
        row["agency"],
        moment(row["start"], zone),
        moment(row["end"], zone),
        row.get("person", ""),
        row.get("stand_in", ""),
    )


def moment(written: str, zone: tzinfo) -> datetime:
    """``2026-11-23 07:00`` in local time, or with an offset of its own. Raises Refused."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or len(written) <= len("YYYY-MM-DD"):
        form = "YYYY-MM-DD HH:MM"
        raise Refused(f"giờ viết là {form}, không phải {written!r}", f"a time is {form}, not {written!r}")
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


# --- one shift -----------------------------------------------------------------------------------------------------


def made(uow: UnitOfWork, unit: str, begins: datetime, ends: datetime, person: str, stand_in: str) -> Shift:
    """A shift out of what an administrator wrote. Raises Refused."""
    agency_id = known_unit(uow, unit)
    if ends <= begins:
        raise Refused("giờ kết thúc phải sau giờ bắt đầu", "it must end after it begins")
    if ends - begins > LONGEST:
        raise Refused("một ca dài nhất 7 ngày", "a shift is at most 7 days long")
    first, second = _person(uow, agency_id, person), _person(uow, agency_id, stand_in)
    if second is not None and first is None:
        raise Refused("có người thay thì phải có người trực", "a stand-in needs somebody to stand in for")
    if second is not None and second == first:
        raise Refused("người thay phải là người khác", "the stand-in must be somebody else")
    return Shift(0, agency_id, begins, ends, first, second)


def known_unit(uow: UnitOfWork, code: str) -> int | None:
    """A unit by its code; None: the operators. Raises Refused."""
    if code == OPERATORS:
        return None
    row = agency(uow, code)
    if not row.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    return row.id


def _person(uow: UnitOfWork, agency_id: int | None, named: str) -> int | None:
    """Somebody confirmed in the unit, by officer number or by name. Raises Refused."""
    if not named:
        return None
    staff = [one for one in uow.people.staff(agency_id) if one["status"] == "confirmed"]
    if named.isascii() and named.isdigit():
        found = [one for one in staff if one["id"] == int(named)]
    else:
        found = [one for one in staff if fold(one["name"] or "") == fold(named)]
    if len(found) == 1:
        return int(found[0]["person_id"])
    if found:
        raise Refused(f"có nhiều cán bộ tên {named!r}; ghi số cán bộ", f"several are called {named!r}; use the number")
    raise Refused(
        f"không có cán bộ {named!r} đã xác nhận ở đơn vị này (staff list)",
        f"nobody {named!r} is confirmed in this unit (staff list)",
    )


def _must_not_overlap(shift: Shift, others: Sequence[tuple[int, Shift]]) -> None:
    for line, other in others:
        if overlap(shift, other):
            raise Refused(f"trùng giờ với dòng {line}", f"at the same time as line {line}")


def _must_fit(uow: UnitOfWork, shift: Shift) -> None:
    """Into the roster as it is: beside every other shift, or in the place of the same one."""
    for other in RosterStore(uow).between(shift.agency_id, shift.starts_at, shift.ends_at):
        if not _same(shift, other):
            raise Refused(
                f"trùng giờ với ca số {other.id} đã có (roster show)",
                f"at the same time as shift {other.id}, which is there (roster show)",
            )


def _same(one: Shift, other: Shift) -> bool:
    return (one.agency_id, one.starts_at, one.ends_at) == (other.agency_id, other.starts_at, other.ends_at)


def _keep(uow: UnitOfWork, shift: Shift) -> str:
    roster = RosterStore(uow)
    there = next((one for one in roster.between(shift.agency_id, shift.starts_at, shift.ends_at)), None)
    if there is None:
        roster.add(shift)
        return "added"
    if (there.person_id, there.stand_in_id) == (shift.person_id, shift.stand_in_id):
        return "as it was"
    people = {"person_id": shift.person_id, "stand_in_id": shift.stand_in_id, "on_duty_id": None, "alerted_at": None}
    roster.change(there.id, **people)
    return "changed"


def add(uow: UnitOfWork, shift: Shift, now: datetime) -> Shift:
    """One more shift. Raises Refused where another runs at that time."""
    roster = RosterStore(uow)
    there = roster.between(shift.agency_id, shift.starts_at, shift.ends_at)
    if there:
        raise Refused(f"trùng giờ với ca số {there[0].id}", f"at the same time as shift {there[0].id}")
    kept = replace(shift, id=roster.add(shift))
    uow.registers.record(ACTOR, "shift.added", str(kept.id), now)
    return kept


def remove(uow: UnitOfWork, shift_id: int, now: datetime) -> Shift:
    """Take a shift off. Raises Refused for one that is not there, or has begun."""
    roster = RosterStore(uow)
    shift = roster.get(shift_id)
    if shift is None:
        raise Refused(f"không có ca số {shift_id}; xem roster show", f"there is no shift {shift_id}; see roster show")
    if shift.starts_at <= now:
        raise Refused(f"ca số {shift_id} đã bắt đầu", f"shift {shift_id} has begun")
    roster.remove(shift_id)
    uow.registers.record(ACTOR, "shift.removed", str(shift_id), now)
    return shift


# --- looking -------------------------------------------------------------------------------------------------------


def listed(uow: UnitOfWork, shifts: Sequence[Shift], now: datetime) -> list[dict[str, Any]]:
    """Shifts for an administrator; ``state`` is over, now, ahead, or empty where nobody who serves has it."""
    names = uow.people.get(people_in(shifts))
    codes = {row.id: row.code for row in uow.agencies.all()}
    serving = {unit: duty.serving(uow, unit) for unit in {shift.agency_id for shift in shifts}}

    def name(person: int | None) -> str:
        return (names[person].name or f"#{person}") if person in names else ""

    return [
        {
            "id": one.id,
            "agency": codes.get(one.agency_id, OPERATORS) if one.agency_id is not None else OPERATORS,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "person": name(one.person_id),
            "stand_in": name(one.stand_in_id),
            "on_duty": name(one.has_it),
            "state": _state(one, now, empty=is_empty(one, serving[one.agency_id])),
            "note": one.note,
        }
        for one in shifts
    ]


def _state(shift: Shift, now: datetime, *, empty: bool) -> str:
    if shift.ends_at <= now:
        return "over"
    if empty:
        return "empty"
    return "now" if shift.starts_at <= now else "ahead"


def gaps(uow: UnitOfWork, since: datetime, until: datetime, unit: str | None = None) -> list[dict[str, Any]]:
    """Empty shifts, and for every unit that has a roster the times that no shift covers. Raises Refused."""
    shifts = RosterStore(uow).all_between(since, until)
    if unit is not None:
        agency_id = known_unit(uow, unit)
        shifts = [one for one in shifts if one.agency_id == agency_id]
    codes: dict[int | None, str] = {row.id: row.code for row in uow.agencies.all()} | {None: OPERATORS}
    found = []
    for agency_id in {one.agency_id for one in shifts}:
        own = [one for one in shifts if one.agency_id == agency_id]
        here = duty.serving(uow, agency_id)
        found += [(one.starts_at, one.ends_at, agency_id, "empty") for one in own if is_empty(one, here)]
        found += [(begins, ends, agency_id, "uncovered") for begins, ends in uncovered(own, since, until)]
    return [
        {"agency": codes[agency_id], "starts_at": begins, "ends_at": ends, "kind": kind, "hours": _hours(ends - begins)}
        for begins, ends, agency_id, kind in sorted(found, key=lambda one: (one[0], codes[one[2]], one[3]))
    ]


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 1)
