"""Shifts by themselves: each opens with what it inherits, and one that nobody has is told of ahead, once.

What was told is noted on the shift in the same transaction: of two sweeps at once one finds nothing left to tell, and
a process that dies has told or has not noted. A shift that began while nothing ran opens as soon as something does.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers import duty
from handlers.rights import sees
from handlers.tools import Tools
from handlers.views import agency_names
from storage.cases import next_due
from storage.chats import ChatRow
from storage.codec import dump
from storage.roster import RosterStore
from storage.unit_of_work import UnitOfWork
from workflows.duty.inheritance import Open, inherited
from workflows.duty.shifts import Shift, is_empty
from workflows.effects import Lane
from workflows.messages import Line, Message, Value, moment, names, number, text, word
from workflows.notifier.table import CALL

log = structlog.get_logger()

LOOKED_AT = 500  # open cases of one unit
SHOWN = 10  # codes of one kind
LASTS = timedelta(hours=12)  # what could not be said for so long is no news


def watch_shifts(tools: Tools) -> int:
    """Open what begins, warn of what is empty; how many shifts were told of. Safe to run anywhere, any number."""
    now = tools.clock.now()
    with tools.store.read() as uow:
        roster, ahead = RosterStore(uow), _ahead(tools, uow)
        begins = [one.id for one in roster.to_open(now) if _stands(uow, one, now)]
        empty = [one.id for one in roster.to_come(now, now + ahead) if _stands(uow, one, now) and _is_empty(uow, one)]
    told = sum(_once(tools, shift_id, begins=True) for shift_id in begins)
    told += sum(_once(tools, shift_id, begins=False) for shift_id in empty)
    if told:
        tools.bell.ring()
    return told


def _ahead(tools: Tools, uow: UnitOfWork) -> timedelta:
    return timedelta(hours=tools.knowledge.law(uow).policy.empty_shift_hours)


def _stands(uow: UnitOfWork, shift: Shift, now: datetime) -> bool:
    """Whether the shift's unit is still there: what became of one that was retired has a roster of its own."""
    unit = uow.agencies.get(shift.agency_id) if shift.agency_id is not None else None
    return shift.agency_id is None or (unit is not None and unit.stands(now))


def _is_empty(uow: UnitOfWork, shift: Shift) -> bool:
    return is_empty(shift, duty.serving(uow, shift.agency_id))


def _once(tools: Tools, shift_id: int, *, begins: bool) -> bool:
    """One shift in a transaction of its own; whoever notes it first tells it."""
    now = tools.clock.now()
    try:
        with tools.store.write() as uow:
            roster = RosterStore(uow)
            mine = roster.open_once(shift_id, now) if begins else roster.alert_once(shift_id, now)
            shift = roster.get(shift_id)
            if not mine or shift is None:
                return False
            if begins:
                _open(tools, uow, shift, now)
            if not begins or (_is_empty(uow, shift) and roster.alert_once(shift_id, now)):
                _warn(tools, uow, shift, now)
            uow.flush(now)
    except Exception as error:  # its words may repeat what somebody wrote: they stay out of the log
        log.error("shift.failed", shift_id=shift_id, kind=type(error).__name__)
        return False
    return True


# --- a shift begins ------------------------------------------------------------------------------------------------


def _open(tools: Tools, uow: UnitOfWork, shift: Shift, now: datetime) -> None:
    head = Line("duty.opens_empty" if _is_empty(uow, shift) else "duty.opens", values_of(uow, shift))
    before = RosterStore(uow).last_before(shift.agency_id, shift.starts_at)
    note = (Line("duty.note", {"text": text(before.note)}),) if before is not None and before.note else ()
    for chat in duty.groups_of(uow, shift.agency_id):
        message = Message((head, *_stand_in(uow, shift), *note, *_inherits(tools, uow, shift, chat, now)))
        _put(uow, chat, message, now, key=f"shift:{shift.id}:{chat.id}")
    for chat in duty.private_chats(uow, [shift.has_it] if shift.has_it is not None else []):
        message = Message((Line("duty.yours_begins", values_of(uow, shift)),))
        _put(uow, chat, message, now, key=f"shift:{shift.id}:{chat.id}", purpose=CALL)


def _inherits(tools: Tools, uow: UnitOfWork, shift: Shift, chat: ChatRow, now: datetime) -> tuple[Line, ...]:
    """What is open, as far as this group may see it."""
    rows = [row for row in uow.cases.desk(shift.agency_id, LOOKED_AT) if sees(chat, row.case)]
    cases = [Open(one.case.code, one.case.urgent, next_due(one.case), one.case.thread_due is not None) for one in rows]
    found = inherited(cases, now, tools.knowledge.law(uow).calendar)
    lines = tuple(Line(f"duty.inherits_{kind}", _listed(codes)) for kind, codes in found.items())
    return lines or (Line("duty.inherits_nothing"),)


def _listed(codes: tuple[str, ...]) -> dict[str, Value]:
    more = " …" if len(codes) > SHOWN else ""
    return {"count": number(len(codes)), "codes": text(", ".join(codes[:SHOWN]) + more)}


def _stand_in(uow: UnitOfWork, shift: Shift) -> tuple[Line, ...]:
    name = duty.names_of(uow, [shift.stand_in_id]) if shift.stand_in_id != shift.has_it else ""
    return (Line("duty.stand_in", {"people": text(name)}),) if name else ()


# --- a shift that nobody has ---------------------------------------------------------------------------------------


def _warn(tools: Tools, uow: UnitOfWork, shift: Shift, now: datetime) -> None:
    """The head by name in the unit's group and alone, and the operators."""
    leads = duty.heads(uow, shift.agency_id, now)
    values = values_of(uow, shift) | {"people": text(duty.names_of(uow, leads))}
    own = {chat.id: chat for chat in duty.groups_of(uow, shift.agency_id)}
    for chat in own.values():
        key = "duty.empty_head" if values["people"].value else "duty.empty"
        _put(uow, chat, Message((Line(key, values),)), now, key=f"empty:{shift.id}:{chat.id}")
    for chat in (*uow.chats.of_operators(), *duty.private_chats(uow, leads)):
        if chat.id not in own:
            purpose = CALL if chat.kind == "private" else "notice"
            _put(uow, chat, Message((Line("duty.empty", values),)), now, key=f"empty:{shift.id}:{chat.id}",
                 purpose=purpose)  # fmt: skip


# --- in words ------------------------------------------------------------------------------------------------------


def values_of(uow: UnitOfWork, shift: Shift) -> dict[str, Value]:
    """What is said of a shift: whose unit, from when until when, who."""
    unit = agency_names(uow, shift.agency_id)
    return {
        "agency": names(unit.vi, unit.en) if unit else word("card.team"),
        "since": moment(shift.starts_at),
        "until": moment(shift.ends_at),
        "people": text(duty.names_of(uow, [shift.has_it]) or f"#{shift.has_it}"),
    }


def _put(uow: UnitOfWork, chat: ChatRow, message: Message, now: datetime, *, key: str, purpose: str = "notice") -> None:
    uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), now, purpose=purpose, key=key, expires_at=now + LASTS)
