"""Coverage: which agencies can be reached, which routes there are, and what they leave open (R48, R61)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.inspection_line import lines
from handlers.standing import Standing, rules
from storage.agencies import RouteRow
from storage.unit_of_work import UnitOfWork
from workflows.case.routing import Field, Rule, check_routes, gaps_and_overlaps


def overview(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every agency with its groups, whether they can be reached, and its open cases; first the operations team."""
    rows = uow.agencies.all()
    codes = {row.id: row.code for row in rows}
    successors = uow.agencies.successors()
    team = {"code": "operators", "vi": "Tổ vận hành", "en": "Operations team", "kind": "team", "parent": None,
            "active": True, "groups": _groups(uow, None), "open_cases": None}  # fmt: skip
    return [team] + [
        {
            "code": row.code,
            "vi": row.vi,
            "en": row.en,
            "kind": row.kind,
            "parent": codes.get(row.parent_id) if row.parent_id else None,
            "active": row.active,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "successors": [codes[one] for one in successors.get(row.id, ())],
            "groups": _groups(uow, row.id),
            "open_cases": uow.cases.open_of_agency(row.id),
        }
        for row in rows
    ]


def routes(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every route with the agency's code; None means any."""
    codes = {row.id: row.code for row in uow.agencies.all()}
    return [
        {"id": row.id, "category": row.category, "area": row.area, "agency": codes.get(row.agency_id)}
        for row in uow.agencies.routes()
    ]


def coverage(uow: UnitOfWork, now: datetime) -> list[dict[str, Any]]:
    """Every (category, area) that nobody or several agencies answer for, and routes that name what is no more.

    ``problem``: ``gap``, ``overlap``, ``ended_area`` or ``ended_agency``; the last two with ``route``, its number.
    """
    codes = {row.id: row.code for row in uow.agencies.all()}
    areas = [(row.code,) for row in uow.areas.all(now) if row.served]
    found = gaps_and_overlaps(rules(uow, now), fields(uow), areas)
    gaps: list[dict[str, Any]] = [
        {"problem": "gap", "category": category, "area": area or None, "agencies": []} for category, area in found.gaps
    ]
    overlaps = [
        {
            "problem": "overlap",
            "category": category,
            "area": area or None,
            "agencies": sorted({codes.get(rule.agency_id, "?") for rule in several}),
        }
        for category, area, several in found.overlaps
    ]
    return _ended(uow, now) + gaps + overlaps


def _ended(uow: UnitOfWork, now: datetime) -> list[dict[str, Any]]:
    """Routes that name an area or an agency which is no more."""
    agencies, stand = Standing(uow, now), {row.code for row in uow.areas.all(now)}
    found: list[dict[str, Any]] = []
    for route in uow.agencies.routes():
        ended = [("ended_area", route.area is not None and route.area not in stand),
                 ("ended_agency", not agencies.stands(route.agency_id))]  # fmt: skip
        line = {"category": route.category, "area": route.area, "agencies": [agencies.rows[route.agency_id].code]}
        found += [{"problem": problem, "route": route.id} | line for problem, is_so in ended if is_so]
    return found


def refused_routes(uow: UnitOfWork) -> list[RouteRow]:
    """Routes that would send a sensitive report to anybody but the inspection line (R61)."""
    wrong = set(check_routes(_rules(uow), fields(uow), frozenset(line.id for line in lines(uow))))
    return [row for row in uow.agencies.routes() if Rule(row.category, row.area, row.agency_id) in wrong]


def fields(uow: UnitOfWork) -> list[Field]:
    """The categories that a report may have, each with its group."""
    rows = [row for row in uow.categories.all() if row.active]
    groups = {row.parent for row in rows if row.parent}
    return [
        Field((row.code, row.parent) if row.parent else (row.code,), row.sensitive)
        for row in rows
        if row.code not in groups
    ]


def _rules(uow: UnitOfWork) -> list[Rule]:
    return [Rule(row.category, row.area, row.agency_id) for row in uow.agencies.routes()]


def _groups(uow: UnitOfWork, agency_id: int | None) -> list[dict[str, Any]]:
    return [
        {"platform": chat.platform, "status": chat.status, "chat": chat.id} for chat in uow.chats.linked_to(agency_id)
    ]
