"""The call-out: who is on duty and the head are called to an urgent case until somebody answers; late word is told.

What is due is read from the case itself, so nothing is lost with a process, and a case that was claimed, made safe or
passed on is called about no more. Each case is looked at in a transaction of its own that holds it: a claim and a round
cannot pass each other, and of two sweeps one finds that there is nothing left to do. Quiet hours do not count here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from handlers import duty
from handlers.carry_out import put_card
from handlers.rights import sees
from handlers.tools import Tools
from handlers.views import view_of
from storage.calls import CallStore, Kept
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.case import urgency
from workflows.case.cards import head as head_line
from workflows.case.cards import holder
from workflows.case.model import Case, State
from workflows.case.view import CaseView
from workflows.duty.call_out import Round, due
from workflows.effects import Lane
from workflows.messages import Button, Line, Message, Value, moment, number, text, word
from workflows.notifier.table import CALL

log = structlog.get_logger()

LASTS = timedelta(hours=4)  # a round that could not be said for so long is no news


def call_out(tools: Tools) -> int:
    """Look at every urgent case whose turn it is; for how many something was said. Safe to run anywhere, any number."""
    now = tools.clock.now()
    with tools.store.read() as uow:
        calls = CallStore(uow)
        wanted = [row.id for row in calls.urgent() if _wants(tools, uow, row.case, calls.get(row.id), now)]
    said = 0
    for case_id in wanted:
        try:
            said += _look(tools, case_id)
        except Exception as error:  # its words may repeat what somebody wrote: they stay out of the log
            log.error("call_out.failed", case_id=case_id, kind=type(error).__name__)
    if said:
        tools.bell.ring()
    return said


def _wants(tools: Tools, uow: UnitOfWork, case: Case, kept: Kept, now: datetime) -> bool:
    return _round(tools, uow, case, kept, now) is not None or _is_news(case, kept, now)


def _round(tools: Tools, uow: UnitOfWork, case: Case, kept: Kept, now: datetime) -> Round | None:
    since = urgency.called_since(case)
    if since is None:
        return None
    policy = tools.knowledge.law(uow, case).policy
    every = timedelta(minutes=policy.call_out_minutes)
    return due(kept.call, since, now, every, policy.call_out_rounds)


def _is_news(case: Case, kept: Kept, now: datetime) -> bool:
    """Whether word to the citizen is late, and this has not been told yet."""
    return urgency.runs(case) and urgency.is_late(case, now) and kept.late_for != case.urgent_due


def _look(tools: Tools, case_id: int) -> bool:
    now = tools.clock.now()
    with tools.store.write() as uow:
        row = uow.cases.get(case_id, lock=True)
        if row is None:
            return False
        calls = CallStore(uow)
        kept = before = calls.get(case_id)
        step = _round(tools, uow, row.case, kept, now)
        if step is not None:
            kept = replace(kept, call=step.call)
            _call(tools, uow, row, step, now)
        if _is_news(row.case, kept, now):
            kept = replace(kept, late_for=row.case.urgent_due)
            _tell_late(tools, uow, row, now)
        if kept != before:
            calls.keep(case_id, kept)
        uow.flush(now)
    return kept != before


# --- one round -----------------------------------------------------------------------------------------------------


def _call(tools: Tools, uow: UnitOfWork, row: CaseRow, step: Round, now: datetime) -> None:
    case, view = row.case, view_of(tools, uow, row, now)
    people = duty.to_call(uow, case.agency_id, now)
    button = ((_taken(row.id, case),),)
    for chat in duty.groups_of(uow, case.agency_id):
        if sees(chat, case):
            message = Message((head_line(view), _calling(uow, view, people, step)), button)
            _put(uow, chat, row.id, message, step, now, purpose="card")
    for chat in duty.private_chats(uow, people):
        alone = ((Button(f"u:{row.id}", word("card_button.take_call")),),)
        message = Message((Line("urgent.call_private", _values(view, step)),), alone)
        _put(uow, chat, row.id, message, step, now, purpose=CALL)
    if step.above:
        _tell_above(uow, view, step, now)


def _taken(case_id: int, case: Case) -> Button:
    """One tap answers the call: it claims the case, or says that whoever has it is awake."""
    verb = "claim" if case.state is State.ASSIGNED else "take_call"
    return Button(f"d:{case_id}:{verb}", word("card_button.take_call"))


def _calling(uow: UnitOfWork, view: CaseView, people: tuple[int, ...], step: Round) -> Line:
    """By name, in the unit's own group; where nobody is known, everybody is called."""
    called = duty.names_of(uow, people)
    key = "urgent.call" if called else "urgent.call_all"
    return Line(key, _values(view, step) | {"people": text(called)})


def _tell_above(uow: UnitOfWork, view: CaseView, step: Round, now: datetime) -> None:
    """Nobody answers: the operators, whoever of them is on duty by name, and the unit above."""
    agency = uow.agencies.get(view.case.agency_id) if view.case.agency_id is not None else None
    above = agency.parent_id if agency and not view.case.sensitive else None  # nobody above the line is told (R61)
    parents = uow.chats.of_agency(above) if above is not None else []
    on_duty = duty.to_call(uow, None, now)
    values = _values(view, step) | {"people": text(duty.names_of(uow, on_duty)), "count": number(step.call.rounds - 1)}
    key = "urgent.unanswered_to" if values["people"].value else "urgent.unanswered"
    for chat in uow.chats.of_operators():
        _put(uow, chat, view.id, Message((Line(key, values),)), step, now, purpose="card", what="above")
    for chat in parents:
        message = Message((Line("urgent.unanswered", values),))
        _put(uow, chat, view.id, message, step, now, purpose="notice", what="above")
    for chat in duty.private_chats(uow, on_duty):
        message = Message((Line("urgent.unanswered", values),))
        _put(uow, chat, view.id, message, step, now, purpose=CALL, what="above")


def _values(view: CaseView, step: Round) -> dict[str, Value]:
    return {"code": text(view.case.code), "agency": holder(view), "round": number(step.call.rounds)}


def _put(
    uow: UnitOfWork, chat: ChatRow, case_id: int, message: Message, step: Round, now: datetime, *,
    purpose: str, what: str = "call",
) -> None:  # fmt: skip
    """Under a key of its own, so that one round is said once in one chat whatever happens."""
    began = f"{step.call.since:%Y%m%dT%H%M%S}"
    key = f"{what}:{case_id}:{began}:{step.call.rounds}:{chat.id}"
    _once(uow, chat, case_id, message, key, now, purpose)


def _once(
    uow: UnitOfWork, chat: ChatRow, case_id: int, message: Message, key: str, now: datetime, purpose: str
) -> None:
    uow.outbox.put(
        chat.id,
        Lane.NOTICE,
        "send",
        dump(message),
        now,
        case_id=case_id,
        purpose=purpose,
        key=key,
        expires_at=now + LASTS,
    )


# --- late word -----------------------------------------------------------------------------------------------------


def _tell_late(tools: Tools, uow: UnitOfWork, row: CaseRow, now: datetime) -> None:
    """The citizen has not heard in time: whoever holds the case, its head and the operators see that."""
    case = row.case
    if case.urgent_due is None:
        return
    view = view_of(tools, uow, row, now)
    unit = case.agency_id
    groups = {chat.id: chat for chat in (*duty.groups_of(uow, unit), *uow.chats.of_operators()) if sees(chat, case)}
    values = {"code": text(case.code), "agency": holder(view), "due": moment(case.urgent_due)}
    leads = duty.names_of(uow, duty.heads(uow, unit, now))
    for chat in groups.values():
        own = chat.agency_id is not None and chat.agency_id == unit
        key = "urgent.late_head" if own and leads else "urgent.late"
        message = Message((Line(key, values | {"people": text(leads)}),))
        _put_late(uow, chat, row.id, message, case.urgent_due, now, purpose="card")
    for chat in duty.private_chats(uow, duty.heads(uow, unit, now)) if not case.sensitive else ():
        _put_late(uow, chat, row.id, Message((Line("urgent.late", values),)), case.urgent_due, now, purpose=CALL)
    for chat in uow.chats.get(uow.posts.chats_with_card(row.id)).values():
        if chat.status == "open" and sees(chat, case):
            put_card(tools, uow, row, chat, now, repost=False)


def _put_late(
    uow: UnitOfWork, chat: ChatRow, case_id: int, message: Message, due_at: datetime, now: datetime, *, purpose: str
) -> None:
    key = f"late:{case_id}:{due_at:%Y%m%dT%H%M%S}:{chat.id}"
    _once(uow, chat, case_id, message, key, now, purpose)
