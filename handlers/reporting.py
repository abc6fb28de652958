"""Reporting: the figures of a period with their identities; figures that do not add up are refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.administration import Refused, agency, area, category
from storage import figures as store
from storage.unit_of_work import UnitOfWork
from workflows import fines, shortage
from workflows.case.model import State
from workflows.figures import (
    BUCKETS,
    BY_CASE,
    BY_CYCLE,
    BY_INTERACTION,
    BY_PROMISE,
    CASE_IDENTITIES,
    CYCLE_IDENTITIES,
    FEWEST,
    INTERACTION_IDENTITIES,
    OLD_IDENTITIES,
    PROMISE_IDENTITIES,
    UNDIVIDED,
    Figures,
    Identity,
    Period,
    Scope,
    Split,
    add_up,
    broken,
    old_style,
    shares,
    spelled_out,
)
from workflows.frozen import frozen

TABLES = {
    "by_case": CASE_IDENTITIES,
    "by_cycle": CYCLE_IDENTITIES,
    "interactions": INTERACTION_IDENTITIES,
    "promises": PROMISE_IDENTITIES,
    "sanctions": fines.IDENTITIES,
    "equipment": shortage.IDENTITIES,
}


@frozen
class Wanted:
    """What an administrator asks for: codes of an area, an agency (with its branch) and a category (with its group)."""

    start: datetime
    end: datetime
    area: str = ""
    agency: str = ""
    category: str = ""
    split: Split = ""


def figures(uow: UnitOfWork, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """All tables of a period that ends now at the latest, as plain data.

    Raises Refused for a period that is empty or has not begun, an unknown code, and figures that do not add up.
    """
    period = Period(wanted.start, min(wanted.end, now))
    if period.start >= period.end:
        raise Refused("kỳ báo cáo phải bắt đầu trước khi kết thúc và không ở tương lai",
                      "the period must begin before it ends, and not in the future")  # fmt: skip
    scope, left_out = _few_left_out(uow, period, _scope(uow, wanted))
    tables = _tables(uow, period, scope)
    _must_add_up(uow, period, scope, tables)
    names = _names(uow, scope.split)
    old = old_style(tables["by_case"].total)
    return {
        "from": period.start,
        "until": period.end,
        "area": wanted.area or None,
        "agency": wanted.agency or None,
        "category": wanted.category or None,
        "sensitive": _sensitive(scope, left_out=left_out),
        **{name: _plain(table, names, TABLES[name]) for name, table in tables.items()},
        "shares": {name: {"part": one.part, "of": one.whole, "percent": one.percent}
                   for name, one in shares(_cells_of_shares(tables)).items()},
        "old_style": {"total": old, "identities": _spelled(old, OLD_IDENTITIES)},
    }  # fmt: skip


def _tables(uow: UnitOfWork, period: Period, scope: Scope) -> dict[str, Figures]:
    return {
        "by_case": add_up(store.standings(uow.cases, period, scope), BY_CASE),
        "by_cycle": add_up(store.results(uow.cases, period, scope), BY_CYCLE),
        "interactions": add_up(store.interactions(uow.cases, period, scope), BY_INTERACTION),
        "promises": add_up(store.promises(uow.cases, period, scope), BY_PROMISE),
        "sanctions": fines.sum_up(store.sanctions(uow.cases, period, scope)),
        "equipment": shortage.sum_up(store.shortages(uow.cases, period, scope)),
    }


def _cells_of_shares(tables: dict[str, Figures]) -> dict[str, int]:
    """The cells of which shares are told; by cycle has some of the same names, and is told by its numbers alone."""
    return tables["by_case"].total | tables["interactions"].total | tables["promises"].total


def _scope(uow: UnitOfWork, wanted: Wanted) -> Scope:
    return Scope(
        area(uow, wanted.area) if wanted.area else wanted.area,
        _branch(uow, wanted.agency) if wanted.agency else None,
        _group(uow, wanted.category) if wanted.category else None,
        wanted.split,
    )


def _branch(uow: UnitOfWork, code: str) -> frozenset[int]:
    """An agency and everything below it (R78)."""
    found, rows = {agency(uow, code).id}, uow.agencies.all()
    while more := {row.id for row in rows if row.parent_id in found} - found:
        found |= more
    return frozenset(found)


def _group(uow: UnitOfWork, code: str) -> frozenset[str]:
    """A category and, where it is a group, its fields."""
    named = category(uow, code)
    return frozenset(row.code for row in uow.categories.all() if named.code in (row.code, row.parent))


def _few_left_out(uow: UnitOfWork, period: Period, scope: Scope) -> tuple[Scope, bool]:
    """Of a named category, sensitive cases count only where they are too many to be told apart (R61)."""
    if scope.categories is None or not scope.with_sensitive:
        return scope, False
    told = _tables(uow, period, replace(scope, split="category"))
    wholes = ("received", "results", "messages", "promises", "sanctions", "shortages")
    kinds = zip(told.values(), wholes, strict=True)
    few = any(0 < table.lines.get(UNDIVIDED, {}).get(whole, 0) < FEWEST for table, whole in kinds)
    return replace(scope, sensitive=not few), few


def _sensitive(scope: Scope, *, left_out: bool) -> str:
    """How reports about officials are counted here: ``undivided`` | ``left_out`` | ``fewer_than_5`` (left out)."""
    if left_out:
        return f"fewer_than_{FEWEST}"
    return "undivided" if scope.with_sensitive else "left_out"


def _must_add_up(uow: UnitOfWork, period: Period, scope: Scope, tables: dict[str, Figures]) -> None:
    wrong = [line for name, table in tables.items() for line in broken(table, TABLES[name])]
    total = tables["by_case"].total["received"]
    if scope == Scope(split=scope.split) and (counted := store.received(uow.cases, period)) != total:
        wrong.append(f"received {counted} <> {total}")
    counted_twice = (tables["by_cycle"].total["sanctioned"], tables["sanctions"].total["sanctions"])
    if counted_twice[0] != counted_twice[1]:
        wrong.append(f"sanctioned {counted_twice[0]} <> sanctions {counted_twice[1]}")
    if wrong:
        known = frozenset((*BUCKETS, State.NEED_INFO))
        codes = ", ".join(store.codes_outside(uow.cases, period, known)) or "–"
        told = "; ".join(wrong)
        raise Refused(f"số liệu không khớp: {told}; phản ánh cần xem: {codes}; chạy: cases verify",
                      f"the figures do not add up: {told}; cases to look at: {codes}; run: cases verify")  # fmt: skip


def _names(uow: UnitOfWork, split: Split) -> dict[str, str]:
    """What a line is called, where its key is not a code already."""
    return {str(row.id): row.code for row in uow.agencies.all()} if split == "agency" else {}


def _plain(table: Figures, names: dict[str, str], identities: Iterable[Identity]) -> dict[str, Any]:
    lines = {names.get(key, key): cells for key, cells in table.lines.items() if key or len(table.lines) > 1}
    return {"total": table.total, "lines": lines, "identities": _spelled(table.total, identities)}


def _spelled(cells: dict[str, int], identities: Iterable[Identity]) -> list[dict[str, Any]]:
    return [{"total": one.total, "parts": list(one.parts), "numbers": spelled_out(cells, one)} for one in identities]
