"""Chronic spots: what a confirmed chain changes, who hears of the third time, and a spot's file (R52)."""

from __future__ import annotations

from datetime import datetime

from handlers.tools import Tools
from handlers.twins import turn as turn_of
from handlers.views import area_names, category_names, showable, view_of
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.spots import SpotLine
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case import spots
from workflows.case.model import WITH_RESULT, Case, CaseEvent
from workflows.case.spots import SpotFile
from workflows.case.view import CaseView
from workflows.effects import Effect, Lane, Say, ShowSpot, ToAgency
from workflows.messages import Message, say

LISTED = 10  # spots of a list in a group


def number_for(uow: UnitOfWork, other_id: int) -> int:
    """The spot to which a chain with this case belongs: the one that it is in, else a new one, called as it is."""
    return uow.spots.of_case(other_id) or other_id


def keep(uow: UnitOfWork, row: CaseRow, event: CaseEvent, now: datetime) -> None:
    """Bring the chain in the store up to what the event says. A chain of one is none."""
    if event.action is Action.CHAIN:
        spot, first = event.data["spot"], event.data["target_case_id"]
        uow.spots.found(spot, row.case.category, row.case.area, now)
        for case_id in (first, row.id):
            uow.spots.put(spot, case_id)
    elif event.action is Action.UNCHAIN and row.case.spot is not None:
        uow.spots.take(row.id)
        if uow.spots.size(row.case.spot) < 2:
            uow.spots.clear(row.case.spot)


def alarm(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime) -> tuple[Effect, ...]:
    """From the time on that the policy names, the unit that enforces hears of it; never of what is about officials."""
    chronic = tools.knowledge.law(uow, row.case).policy.chronic
    turn = turn_of(uow, row)
    code = chronic.unit(row.case.category, _group(tools, uow, row.case))
    agency = uow.agencies.by_code(code) if code else None
    if turn < chronic.alarm or agency is None or not agency.active or agency.id == row.case.agency_id:
        return ()
    said = spots.for_unit(view_of(tools, uow, row, now), turn, row.case.spot or 0)
    return (Say(ToAgency(agency.id), said, Lane.NOTICE),)


def _group(tools: Tools, uow: UnitOfWork, case: Case) -> str:
    category = tools.knowledge.categories(uow).find(case.category)
    return category.parent if category else ""


def enforces(tools: Tools, uow: UnitOfWork, agency_id: int | None, case: Case) -> bool:
    """Whether this agency is the one that the policy calls upon for such a case."""
    code = tools.knowledge.law(uow, case).policy.chronic.unit(case.category, _group(tools, uow, case))
    agency = uow.agencies.by_code(code) if code else None
    return agency is not None and agency.id == agency_id


def may_look(tools: Tools, uow: UnitOfWork, chat: ChatRow, rows: list[CaseRow]) -> bool:
    """The operators, every agency that holds one of the cases, and from the alarm on the unit that enforces."""
    if chat.operators:
        return True
    if chat.agency_id is None:
        return False
    if any(row.case.agency_id == chat.agency_id for row in rows):
        return True
    chronic = tools.knowledge.law(uow, rows[-1].case).policy.chronic
    return len(rows) >= chronic.alarm and enforces(tools, uow, chat.agency_id, rows[-1].case)


def file_of(
    tools: Tools, uow: UnitOfWork, rows: list[CaseRow], now: datetime, *, everything: bool, agency_id: int | None = None
) -> SpotFile:
    """The file of the spot whose cases these are.

    Unless ``everything``, photos of a case that an agency does not hold are left out until it has a result (5.10).
    """
    views = tuple(view_of(tools, uow, row, now) for row in rows)
    open_to = [everything or _is_open(row, agency_id) for row in rows]
    shown = tuple(_one(uow, row, view, known) for row, view, known in zip(rows, views, open_to, strict=True))
    last = views[-1]
    spot = uow.spots.of_case(rows[0].id) or 0
    return SpotFile(spot, last.category, area_names(uow, rows[-1].case), shown)


def _is_open(row: CaseRow, agency_id: int | None) -> bool:
    return row.case.state in WITH_RESULT or (agency_id is not None and row.case.agency_id == agency_id)


def _one(uow: UnitOfWork, row: CaseRow, view: CaseView, known: bool) -> spots.SpotCase:
    case = row.case
    finished = case.state in WITH_RESULT
    return spots.SpotCase(
        code=case.code,
        opened_at=case.opened_at,
        state=case.state,
        agency=view.agency,
        due=case.first_due or case.resolve_due,
        extended=case.resolve_due if case.first_due else None,
        finished_at=case.finished_at,
        outcome=case.outcome if finished else "",
        result=view.result_text if finished else "",
        decision=view.decision_text if finished else "",
        fine=case.fine or 0,
        before=showable(uow, case.media)[:1] if known else (),
        after=showable(uow, case.result_media)[:1] if known and finished else (),
    )


def listing(tools: Tools, uow: UnitOfWork, how_many: int = LISTED) -> tuple[spots.SpotRow, ...]:
    """The spots where the same trouble came back most often."""
    return tuple(_listed(tools, uow, line) for line in uow.spots.listing(how_many=how_many))


def _listed(tools: Tools, uow: UnitOfWork, line: SpotLine) -> spots.SpotRow:
    last = uow.spots.cases(line.id)[-1].case
    return spots.SpotRow(
        line.id, category_names(tools, uow, line.category), area_names(uow, last), line.times, line.last_at
    )


def answer(tools: Tools, uow: UnitOfWork, chat: ChatRow, wanted: ShowSpot, now: datetime) -> Message:
    """What a group is told that asks for a spot, or for the spots there are (the operators only)."""
    if wanted.case_id is None and wanted.spot is None:
        return spots.listed(listing(tools, uow)) if chat.operators else say("spot.how")
    spot = wanted.spot if wanted.case_id is None else uow.spots.of_case(wanted.case_id)
    rows = uow.spots.cases(spot) if spot is not None else []
    if not rows or not may_look(tools, uow, chat, rows):
        return say("spot.unknown")
    file = file_of(tools, uow, rows, everything=chat.operators, agency_id=chat.agency_id, now=now)
    return spots.shown(file)
