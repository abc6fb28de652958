"""What an administrator does to areas: list them with what became of them, end them, see their other names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from handlers.administration import ACTOR, Refused, area, unknown
from storage.areas import AreaRow
from storage.unit_of_work import UnitOfWork
from workflows.text import words

SHOWN = ("code", "vi", "en", "province", "lat", "lon", "served", "valid_from", "valid_until")
NAMED = ("code", "vi", "en", "served", "valid_from", "valid_until")


def listed(uow: UnitOfWork, at: datetime | None) -> list[dict[str, Any]]:
    """Every area that stands at a moment; for None every version of every area."""
    if at is not None:
        return [_line(row) for row in uow.areas.all(at)]
    past = {(one.code, one.valid_until): one for one in uow.areas.past()}
    lines: list[dict[str, Any]] = []
    for row in uow.areas.register():
        last = past.pop((row.code, row.valid_until), None) if row.valid_until else None
        lines.append(_line(row, last.successors if last else ()))
    for one in past.values():
        lines.append({name: getattr(one, name) for name in NAMED} | {"successors": list(one.successors)})
    return sorted(lines, key=lambda line: (line["code"], line["valid_from"].timestamp() if line["valid_from"] else 0))


def _line(row: AreaRow, successors: Collection[str] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SHOWN} | {
        "outlined": row.outline is not None,
        "successors": list(successors),
    }


def retire_area(uow: UnitOfWork, code: str, on: datetime, successors: Collection[str], now: datetime) -> list[int]:
    """An area is no more from a moment on, and others follow it. Returns the routes that name it still.

    Cases keep the area of their day; an address with its name leads to those that followed. Raises Refused.
    """
    for one in (code, *successors):
        area(uow, one)
    row = uow.areas.get(code)
    assert row is not None, "it was found by its code"
    if code in successors:
        raise Refused(f"{code} không thể kế tiếp chính mình", f"{code} cannot follow itself")
    if row.valid_from is not None and on <= row.valid_from:
        raise Refused(f"{code} bắt đầu sau ngày đó", f"{code} begins after that day")
    if row.valid_until is not None:
        uow.areas.succeed(code, row.valid_until, ())
    uow.areas.change(code, valid_until=on)
    uow.areas.succeed(code, on, dict.fromkeys(successors))
    uow.registers.record(ACTOR, "area.retired", code, now, on=on.isoformat(), successors=list(successors))
    return [route.id for route in uow.agencies.routes() if route.area == code]


def other_names(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every other name with the areas that it means."""
    names: dict[str, list[str]] = {}
    for name, code in uow.areas.aliases():
        names.setdefault(name, []).append(code)
    return [{"name": name, "areas": codes} for name, codes in names.items()]


def spellings(uow: UnitOfWork) -> dict[tuple[str, ...], set[str]]:
    """How each other name is spelled, by what is compared of it: case, diacritics and punctuation aside."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, _ in uow.areas.aliases():
        found.setdefault(words(name), set()).add(name)
    return found


def drop_alias(uow: UnitOfWork, name: str, now: datetime) -> None:
    """Forget another name, however it is spelled. Raises Refused when there is none."""
    known = spellings(uow)
    if words(name) not in known:
        names = sorted(one for spelled in known.values() for one in spelled)
        raise unknown("tên gọi", "other name", name, names, "areas aliases list")
    for spelled in known[words(name)]:
        uow.areas.uncall(spelled)
    uow.registers.record(ACTOR, "area.alias_dropped", name, now)
