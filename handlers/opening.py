"""Opening a case: a report is written down (T1), and handed over where a route says who is responsible (T9)."""

from __future__ import annotations

from datetime import datetime

from handlers import officials
from handlers.cases import SYSTEM, Mover, Outcome, folded, move, terms, to_line, told
from handlers.routes import responsible
from handlers.tools import Tools
from storage.cases import CaseRow
from storage.unit_of_work import UnitOfWork
from workflows import codes
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.model import Act, Case, CaseEvent, Refusal, Role
from workflows.case.watch import first_look
from workflows.effects import Effect, MoveCase
from workflows.frozen import frozen
from workflows.lookout import APART
from workflows.report import Report


@frozen
class Entry:
    """A report on its way to become a case: whose it is, how it came, and what there is like it."""

    report: Report
    person_id: int
    chat_id: int
    taken_by: Mover | None = None  # the operator who took it down for the reporter
    channel: str = ""  # how it came to that operator
    alike: tuple[int, ...] = ()  # cases that may be the same matter, or
    earlier: tuple[int, ...] = ()  # the same trouble before (effects.OpenCase)


def open_case(tools: Tools, uow: UnitOfWork, entry: Entry, now: datetime) -> Outcome:
    """Make a case out of a report and, where a route says who is responsible, hand it over at once."""
    entered = enter(tools, uow, entry, now)
    if isinstance(entered, Refusal):
        return Outcome(0, refusal=entered)
    row, events = entered
    return Outcome(row.id, announce(tools, uow, row, events, now), code=row.case.code, events=events)


def enter(
    tools: Tools, uow: UnitOfWork, entry: Entry, now: datetime
) -> tuple[CaseRow, tuple[CaseEvent, ...]] | Refusal:
    """Write a report down as a case; nobody has heard of it yet."""
    report, law = entry.report, tools.knowledge.law(uow)
    act = _act(tools, uow, entry, now)
    events = decide(None, act, law)
    if isinstance(events, Refusal):
        return events
    case = folded(None, events)
    case_id = uow.cases.add(case, entry.chat_id, first_look(case, law, now))
    uow.cases.append(case_id, events)
    _keep_said(tools, uow, case_id, entry, act, now)
    uow.attachments.bind(case.media, case_id)
    uow.cases.add_terms(case_id, terms(tools, case.code, report.text, report.address))
    return CaseRow(case_id, entry.chat_id, case), events


def announce(
    tools: Tools, uow: UnitOfWork, row: CaseRow, events: tuple[CaseEvent, ...], now: datetime
) -> tuple[Effect, ...]:
    """Who must hear of a case that was written down, and of its assignment where a route knows the agency."""
    return told(tools, uow, row, None, events, now) + _hand_over(tools, uow, row, now)


def proposed_agency(tools: Tools, uow: UnitOfWork, case: Case) -> int | None:
    """Who the routes say is responsible, of the inspection line for a sensitive case (R61); None where that is open."""
    if case.sensitive:
        return officials.line_for(tools, uow, case.category, case.area, case.concerned_id)
    return responsible(tools, uow, tools.knowledge.routes(uow), case.category, case.area)


def _act(tools: Tools, uow: UnitOfWork, entry: Entry, now: datetime) -> Act:
    report, by = entry.report, entry.taken_by
    category = tools.knowledge.categories(uow).find(report.category)
    about_officials = bool(category and category.sensitive)
    return Act(
        Action.OPEN,
        by.roles if by else frozenset({Role.CITIZEN}),
        now,
        person_id=by.person_id if by else entry.person_id,
        target_person_id=entry.person_id if by else None,
        channel=entry.channel,
        words=tools.fresh() if report.text else "",
        position=tools.fresh() if report.has_place else "",
        category=report.category,
        area=report.area,
        **officials.opened(uow, report, about_officials=about_officials),
        media=tuple(item.attachment for item in report.media),
        public_text=bool(report.text),
        code=codes.make(tools.case_prefix, tools.code_numbers()),  # one taken already fails, and the step is redone
        reporter_type=report.reporter_type,
        flags=_noticed(report, about_officials=about_officials),
        concerned_words=tools.fresh() if report.concerned_name else "",
        alike=entry.alike,
        earlier=entry.earlier,
    )


def _noticed(report: Report, *, about_officials: bool) -> tuple[str, ...]:
    """What the operators look at first; also where somebody chose the field of officials but says it is not about
    what they do."""
    more = {"urgent": report.urgent, "not_officials": about_officials and report.officials == "no"}
    return (*report.flags, *(flag for flag, noticed in more.items() if noticed))


def _keep_said(tools: Tools, uow: UnitOfWork, case_id: int, entry: Entry, act: Act, now: datetime) -> None:
    """What can be erased lies beside the case: the first two under the ids that its event points to."""
    report, cases, whose = entry.report, uow.cases, entry.person_id
    for kind, given, id_ in (
        ("report", report.text, act.words),
        ("concerned", report.concerned_name, act.concerned_words),
        ("contact_name", report.contact_name, ""),
        ("phone", report.phone, ""),
        ("reporter_name", report.reporter_name, ""),
    ):
        if given:
            cases.add_words(id_ or tools.fresh(), case_id, whose, kind, given, now)
    if act.position:
        cases.add_position(act.position, case_id, whose, report.lat, report.lon, report.address, now)


def _hand_over(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime) -> tuple[Effect, ...]:
    """T9 by the timer, where nothing needs an operator's eye first."""
    if row.case.sensitive:
        return to_line(tools, uow, row.id, row.case, now)
    if not tools.auto_assign or (APART | {"not_officials"}) & set(row.case.flags):
        return ()
    agency = proposed_agency(tools, uow, row.case)
    if agency is None:
        return ()
    return move(tools, uow, MoveCase(row.id, Action.ASSIGN, agency_id=agency), SYSTEM, now).effects
