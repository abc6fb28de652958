"""A case with its names and words, gathered from the store for cards and notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from handlers import banners, twins
from handlers.tools import Tools
from storage.cases import CaseRow, due_of, next_due
from storage.sources import SourceStore
from storage.unit_of_work import UnitOfWork
from workflows.case import clocks
from workflows.case.cards import may_appeal, may_ask_revival, may_reopen
from workflows.case.model import FINISHED, Case, CaseEvent, Role
from workflows.case.overdue import degree
from workflows.case.sealed import LOCKED
from workflows.case.view import CaseView, Names, TaskView
from workflows.conversation.facts import CaseLine
from workflows.desk.facts import CardLine
from workflows.notifier.channels import BY_PHONE


def agency_names(uow: UnitOfWork, agency_id: int | None) -> Names | None:
    """An agency's names."""
    agency = uow.agencies.get(agency_id) if agency_id is not None else None
    return Names(agency.vi, agency.en) if agency else None


def area_names(uow: UnitOfWork, case: Case) -> Names | None:
    """The names of a case's area, as they were on its day."""
    found = uow.areas.names(case.area, case.area_day) if case.area else None
    return Names(*found) if found else None


def has_no_chat(uow: UnitOfWork, row: CaseRow) -> bool:
    """Whether a case was taken down for somebody who is told by telephone."""
    home = uow.chats.get([row.home_chat_id]).get(row.home_chat_id)
    return home is not None and home.platform == BY_PHONE


def category_names(tools: Tools, uow: UnitOfWork, code: str) -> Names:
    """A category's names; its code when it is no longer known."""
    found = tools.knowledge.categories(uow).find(code)
    return Names(found.vi, found.en) if found else Names(code, code)


def days_left(tools: Tools, uow: UnitOfWork, due: datetime | None, now: datetime) -> int | None:
    """Working days until a due date, negative when late."""
    return clocks.working_days_left(now, due, tools.knowledge.law(uow).calendar) if due else None


def view_of(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime, event: CaseEvent | None = None) -> CaseView:
    """Everything that may be shown about a case; ``event`` is the one being told, if one is.

    What a citizen wrote is shown to groups without telephone numbers, cards, plates and the like (invariant 7); as it
    was written it stays with the citizen, and with those who may ask who it is.
    """
    case = row.case
    told = event.data if event else {}
    words_id = str(told.get("words", ""))
    words = uow.cases.words([*_words_of(case), words_id])
    position = uow.cases.position(case.position)
    category = tools.knowledge.categories(uow).find(case.category)
    group = category.parent if category and category.parent else case.category
    hide = tools.censor.masked
    by_citizen = event is not None and event.role is Role.CITIZEN
    holder = uow.people.get([case.holder_id]).get(case.holder_id) if case.holder_id else None
    proposed = uow.cases.get(case.proposal_case_id) if case.proposal_case_id is not None else None
    master = uow.cases.get(case.master_id) if case.master_id is not None else None
    return CaseView(
        id=row.id,
        case=case,
        now=now,
        category=category_names(tools, uow, case.category),
        category_group=category_names(tools, uow, group),
        area=area_names(uow, case),
        agency=agency_names(uow, case.agency_id),
        proposed_agency=agency_names(uow, case.proposed_agency_id),
        holder_name=(holder.name or "") if holder else "",
        text=hide(words.get(case.words, "")),
        address=hide(position.address),
        lat=position.lat,
        lon=position.lon,
        media=showable(uow, case.media),
        question_text=words.get(case.question, ""),
        result_text=words.get(case.result, ""),
        result_media=showable(uow, case.result_media),
        pair="".join(showable(uow, (case.pair,) if case.pair else ())),
        decision_text=words.get(case.decision, ""),
        last_words=hide(words.get(words_id, "")) if by_citizen else words.get(words_id, ""),
        working_days_left=days_left(tools, uow, due_of(case), now),
        degree=degree(case, tools.knowledge.law(uow, case), now),
        answer_text=hide(words.get(case.answer, "")),
        transfer_text=words.get(case.transfer_words, ""),
        complaint_text=hide(words.get(case.complaint, "")),
        master_code=master.case.code if master else "",
        master_due=(master.case.resolve_due or master.case.promised_due) if master else None,
        extension_text=words.get(case.extension_words, ""),
        document_text=words.get(case.extension_document, ""),
        outside_text=words.get(case.outside, ""),
        thread_text=hide(words.get(case.thread, "")),
        supervisor=agency_names(uow, case.supervisor_id),
        proposal_text=words.get(case.proposal_words, ""),
        proposal_code=proposed.case.code if proposed else "",
        revival_text=hide(words.get(case.revival, "")),
        banners=banners.of_area(tools, uow, case.area, now) if _opens(event) else (),
        levels=tools.knowledge.law(uow, case).policy.rating_levels,
        tasks=_tasks(uow, case, words),
        brought_texts=tuple(hide(words.get(one.words, "")) for one in case.brought),
        alike=twins.alike(uow, case.alike) if case.alike and not case.sensitive else (),
        earlier=twins.earlier(uow, case.earlier) if case.earlier and not case.sensitive else (),
        turn=twins.turn(uow, row) if case.spot is not None else 0,
        alarm=tools.knowledge.law(uow, case).policy.chronic.alarm if case.spot is not None else 0,
        last_media=showable(uow, told.get("media", ())),
        no_chat=bool(case.channel) and has_no_chat(uow, row),
        source_number=number_of(uow, row.id) if case.channel else "",
        concerned=agency_names(uow, case.concerned_id),
        concerned_text=words.get(case.concerned_words, ""),
    )


def _words_of(case: Case) -> tuple[str, ...]:
    """Ids of all the words that a case points to."""
    return (
        case.words,
        case.question,
        case.result,
        case.answer,
        case.complaint,
        case.transfer_words,
        case.extension_words,
        case.extension_document,
        case.outside,
        case.thread,
        case.revival,
        case.proposal_words,
        case.concerned_words,
        *(words_of for task in case.tasks for words_of in (task.words, task.answer)),
        case.decision,
        *(one.words for one in case.brought),
    )


def _tasks(uow: UnitOfWork, case: Case, words: Mapping[str, str]) -> tuple[TaskView, ...]:
    return tuple(
        TaskView(
            task.agency_id,
            agency_names(uow, task.agency_id) or Names("?", "?"),
            task.state,
            task.due,
            words.get(task.words, ""),
            words.get(task.answer, ""),
            task.instrument,
            task.reason,
        )
        for task in case.tasks
    )


def number_of(uow: UnitOfWork, case_id: int) -> str:
    """The number that a report has in the channel by which it came; "" for none."""
    source = SourceStore(uow).of_case(case_id)
    return source.number if source else ""


def _opens(event: CaseEvent | None) -> bool:
    return event is not None and event.seq == 1


def showable(uow: UnitOfWork, ids: Iterable[str]) -> tuple[str, ...]:
    """Those attachments that are kept or still on their way."""
    wanted = tuple(ids)
    found = uow.attachments.get(wanted)
    return tuple(one for one in wanted if one in found and found[one].status in {"kept", "waiting"})


def case_line(tools: Tools, uow: UnitOfWork, row: CaseRow) -> CaseLine:
    """A person's own case, as the conversation needs it."""
    case = row.case
    now = tools.clock.now()
    rating_open = case.state in FINISHED
    return CaseLine(
        id=row.id,
        code=case.code,
        state=case.state,
        category=category_names(tools, uow, case.category),
        opened_at=case.opened_at,
        agency=agency_names(uow, case.agency_id),
        due=case.resolve_due or case.promised_due,
        question_open=case.state.value == "need_info",
        rating_open=rating_open,
        rating=case.rating,
        appeal_open=may_appeal(case),
        reopen_open=may_reopen(case, now),
        revival_open=may_ask_revival(case, now),
        joint=bool(case.joined),
        about_officials=case.sensitive,
        levels=tools.knowledge.law(uow, case).policy.rating_levels,
    )


def card_line(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime, reader: int | None = None) -> CardLine:
    """One line of a group's list; of a case that only the inspection line reads, no field and no place (R61).

    ``reader``: the agency that reads it, which is told whose it is when it is another's.
    """
    case = row.case
    others = reader is not None and case.agency_id != reader
    return CardLine(
        id=row.id,
        code=case.code,
        category=LOCKED if case.sealed else category_names(tools, uow, case.category),
        area=None if case.sealed else area_names(uow, case),
        state=case.state,
        due=next_due(case),
        days_left=days_left(tools, uow, next_due(case), now),
        urgent=case.urgent,
        holder=agency_names(uow, case.agency_id) if others else None,
        degree=degree(case, tools.knowledge.law(uow, case), now),
    )
