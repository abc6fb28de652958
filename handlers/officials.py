"""Cases about officials: which unit of the inspection line answers, and what the table must know of them (R61)."""

from __future__ import annotations

from typing import Any

from handlers.inspection_line import belongs, is_line, lines, works_for
from handlers.routes import responsible
from handlers.tools import Tools
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.model import Case
from workflows.case.routing import Rule
from workflows.effects import MoveCase
from workflows.report import Report
from workflows.report import about_officials as is_about_them

GIVES = frozenset({Action.ASSIGN, Action.DELEGATE, Action.REQUEST_TRANSFER, Action.TRANSFER})
MARKS = frozenset({Action.CORRECT_CATEGORY, Action.SET_SENSITIVE})


def line_for(tools: Tools, uow: UnitOfWork, category: str, area: str, concerned: int | None) -> int | None:
    """The one unit of the inspection line that answers: by its routes, else the only one there is; None where that is
    not clear, or where it is the very unit that the case is about."""
    all_lines = lines(uow)
    ids = {line.id for line in all_lines}
    rules: list[Rule] = [rule for rule in tools.knowledge.routes(uow) if rule.agency_id in ids]
    answers = responsible(tools, uow, rules, category, area)
    if answers is None and len(all_lines) == 1:
        answers = all_lines[0].id
    return None if belongs(uow, answers, concerned) else answers


def opened(uow: UnitOfWork, report: Report, *, about_officials: bool) -> dict[str, Any]:
    """What T1 must know of a report: whether it is about officials, and whether there is an inspection line for it."""
    if not is_about_them(report, sensitive=about_officials):
        return {"sensitive": False}
    unit = uow.agencies.get(report.concerned) if report.concerned else None
    return {"sensitive": True, "sealed": bool(lines(uow)), "concerned_id": unit.id if unit else None}


def unit_meant(case: Case, wanted: MoveCase) -> int | None:
    """The unit that a move names; a transfer without one goes to the unit that was proposed."""
    if wanted.action is Action.TRANSFER:
        return wanted.agency_id or case.proposed_agency_id
    return wanted.agency_id


def facts(tools: Tools, uow: UnitOfWork, case: Case, wanted: MoveCase, person_id: int | None) -> dict[str, Any]:
    """What the table must know of the store about this attempt; nothing for ordinary cases and moves."""
    known: dict[str, Any] = {}
    if case.sensitive:
        known["concerned"] = works_for(uow, person_id, case.concerned_id)
    if wanted.action in GIVES and case.sensitive:
        target = unit_meant(case, wanted)
        known["target_line"] = is_line(uow, target)
        known["target_concerned"] = belongs(uow, target, case.concerned_id)
    if wanted.action in MARKS:
        known |= _marked(tools, uow, case, wanted)
    if wanted.action is Action.NAME_UNIT:
        known["target_holds"] = belongs(uow, case.agency_id, wanted.agency_id)
    return known


def _marked(tools: Tools, uow: UnitOfWork, case: Case, wanted: MoveCase) -> dict[str, Any]:
    """What a case becomes: sensitive by its new field, or because somebody says so. Said once, it stays so when one
    ordinary field is put in place of another; a sealed case is opened by CLEAR_SENSITIVE only."""
    tree = tools.knowledge.categories(uow)
    new, old = tree.leaf(wanted.category), tree.find(case.category)
    by_field = new is not None and new.sensitive
    said = case.sensitive and (case.sealed or not (old is not None and old.sensitive))
    sensitive = wanted.action is Action.SET_SENSITIVE or by_field or said
    if not sensitive or case.sensitive:
        return {"sensitive": sensitive, "sealed": case.sealed}
    # The unit that has the case may be the one that it is about: until somebody says so it is not named, only left.
    target = line_for(tools, uow, wanted.category or case.category, case.area, case.concerned_id)
    return {
        "sensitive": True,
        "sealed": bool(lines(uow)),
        "target_agency_id": target if case.assigned_at is not None else None,
    }
