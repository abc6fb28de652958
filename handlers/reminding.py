"""The watch over open cases: who is late is reminded, cards tell how late, and citizens hear before they ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers.addressees import Addressed, addressees
from handlers.carry_out import homes, put_card
from handlers.inspection_line import knows
from handlers.rights import looks
from handlers.tools import Tools
from handlers.views import view_of
from storage.cases import CaseRow
from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.case import clocks
from workflows.case.law import Law
from workflows.case.reminders import reminder, telling
from workflows.case.sealed import sealed
from workflows.case.watch import Refresh, Remind, Tell, Todo, keys, next_look, todo
from workflows.effects import Lane

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
AT_ONCE = 20  # cases in one transaction
PUT_OFF = timedelta(hours=1)  # a case that cannot be read holds up no other
LASTS = timedelta(days=2)  # a reminder that could not be sent for so long is no news


def remind(tools: Tools) -> int:
    """Look at every case whose time has come; how many. Cheap to call often; of several processes one does it."""
    now = tools.clock.now()
    with tools.store.write() as uow:
        if not uow.registers.take_turn("remind", now, now + EVERY):
            return 0
    count = look(tools)
    if count:
        tools.bell.ring()
    return count


def look(tools: Tools) -> int:
    """Look at every case whose time has come, whoever else does the same; how many were looked at.

    What is said is written with the same transaction that notes the next look, under a key that can be written once:
    neither a kill nor a second look says anything twice.
    """
    count = 0
    while True:
        try:
            looked = _some(tools, AT_ONCE)
        except Exception as error:  # its words may repeat what somebody wrote: they stay out of the log
            log.warning("remind.redone_singly", kind=type(error).__name__)
            looked = _singly(tools)
        if not looked:
            return count
        count += looked


def _some(tools: Tools, how_many: int) -> int:
    now = tools.clock.now()
    with tools.store.write() as uow:
        rows = uow.cases.to_look_at(now, how_many)
        laws = {row.id: tools.knowledge.law(uow, row.case) for row in rows}
        wanted = [key for row in rows for key in keys(row.id, row.case, laws[row.id], now)]
        done = uow.outbox.said(wanted)
        for row in rows:
            law = laws[row.id]
            for one in todo(row.id, row.case, law, now, done):
                _do(tools, uow, row, law, one, now)
            uow.cases.look_again(row.id, next_look(row.case, law, now))
        uow.flush(now)
    return len(rows)


def _singly(tools: Tools) -> int:
    """The same, one case after the other; what fails is put off."""
    count = 0
    for _ in range(AT_ONCE):
        try:
            looked = _some(tools, 1)
        except Exception as error:
            log.error("remind.failed", kind=type(error).__name__)
            looked = _put_off(tools)
        if not looked:
            break
        count += looked
    return count


def _put_off(tools: Tools) -> int:
    now = tools.clock.now()
    with tools.store.write() as uow:
        return uow.cases.look_later(now, now + PUT_OFF)


# --- what is done about one case -----------------------------------------------------------------------------------


def _do(tools: Tools, uow: UnitOfWork, row: CaseRow, law: Law, one: Todo, now: datetime) -> None:
    match one:
        case Remind():
            _remind(tools, uow, row, law, one, now)
        case Refresh():
            _refresh(tools, uow, row, one, now)
        case Tell():
            _tell(tools, uow, row, one, now)


def _remind(tools: Tools, uow: UnitOfWork, row: CaseRow, law: Law, one: Remind, now: datetime) -> None:
    view, left = view_of(tools, uow, row, now), clocks.working_days_left(now, one.run.due, law.calendar)
    key: str | None = one.key
    for addressed in addressees(tools, uow, row, one.run, one.rung.to):
        hidden = addressed.chat.kind == "group" and not looks(uow, addressed.chat, row.case)
        shown = sealed(view) if hidden else view  # the operators decide where it goes, and read no more (R61)
        message = reminder(shown, one.run, left, head_of=addressed.unit, to=addressed.to)
        uow.outbox.put(
            addressed.chat.id,
            Lane.NOTICE,
            "send",
            dump(message),
            now,
            case_id=row.id,
            purpose=_purpose(addressed),
            key=key,
            expires_at=now + LASTS,
        )
        key = None  # the first one stands for all: they are written together


def _purpose(addressed: Addressed) -> str:
    """In the group that has the card a reply to a reminder is one to the card."""
    return "notice" if addressed.to == "parent" or addressed.chat.kind != "group" else "card"


def _refresh(tools: Tools, uow: UnitOfWork, row: CaseRow, one: Refresh, now: datetime) -> None:
    """The cards of groups that see the case: what another group keeps of it says nothing about dates."""
    key: str | None = one.key
    for chat in uow.chats.get(uow.posts.chats_with_card(row.id)).values():
        if chat.status != "open" or not (looks(uow, chat, row.case) or knows(chat, row.case)):
            continue
        put_card(tools, uow, row, chat, now, repost=False, key=key)
        key = None


def _tell(tools: Tools, uow: UnitOfWork, row: CaseRow, one: Tell, now: datetime) -> None:
    """What is halfway expires with its date; what is late when it is no news any more."""
    message = telling(view_of(tools, uow, row, now), one.telling)
    expires_at = one.telling.due if one.telling.what == "half" else None
    key: str | None = one.key
    for chat_id in homes(uow, row):
        uow.outbox.put(
            chat_id,
            Lane.NOTICE,
            "send",
            dump(message),
            now,
            case_id=row.id,
            purpose="progress",
            key=key,
            expires_at=expires_at,
        )
        key = None
