"""Reporters without a chat: their notices are shown to the operators, and kept open until somebody has called."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import Words
from handlers.rights import sees
from handlers.tools import Tools
from handlers.turn import Turn
from storage.callbacks import CallbackRow, CallbackStore
from storage.chats import ChatRow
from storage.codec import dump, load
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Role
from workflows.desk import calls
from workflows.desk.facts import CallLine
from workflows.effects import CalledBack, Lane
from workflows.messages import Line, Message, say, text

MOST = 100  # call-backs of one case


def announce(tools: Tools, uow: UnitOfWork, row: OutboxRow, now: datetime) -> None:
    """Show the operators what a reporter without a chat is to be told. Safe to repeat: once for each notice."""
    case = uow.cases.get(row.case_id) if row.case_id is not None else None
    if case is None:
        return
    for group in uow.chats.of_operators():
        platform = tools.platforms.get(group.platform)
        replies = platform is None or platform.capabilities.replies
        message = calls.call(case.id, case.case.code, _told_to(uow, group, case.id, row.body), replies=replies)
        key = f"call:{row.id}:{group.id}"
        uow.outbox.put(group.id, Lane.NOTICE, "send", dump(message), now, case_id=case.id, purpose="call", key=key)


def lines(uow: UnitOfWork, group: ChatRow, how_many: int, case_id: int | None = None) -> tuple[CallLine, ...]:
    """What is still to be told, of one case or of all, oldest first, as this group may read it."""
    found = CallbackStore(uow).waiting(how_many, case_id)
    return tuple(
        CallLine(one.case_id, one.code, _told_to(uow, group, one.case_id, one.body), one.since) for one in found
    )


def _told_to(uow: UnitOfWork, group: ChatRow, case_id: int, body: str) -> tuple[Line, ...]:
    """The notice's own words; of a case that the group may not see, only that there is something (R61)."""
    row = uow.cases.get(case_id)
    if row is None or not sees(group, row.case):
        return (Line("call.hidden"),)
    return load(body, Message).lines


def called(turn: Turn, effect: CalledBack, actor: str, roles: frozenset[Role]) -> Message | None:
    """An operator called. What to answer in the group; None where only operators may say so."""
    row = turn.uow.cases.get(effect.case_id)
    if row is None or Role.OPERATOR not in roles:
        return None
    waiting = CallbackStore(turn.uow).waiting(MOST, effect.case_id)
    if not waiting:
        return say("call.nothing", code=text(row.case.code))
    done(turn.uow, turn.tools.words, waiting, actor, turn.now, told=effect.told)
    return say("call.done" if effect.told else "call.missed", code=text(row.case.code))


def done(uow: UnitOfWork, words: Words, waiting: list[CallbackRow], actor: str, now: datetime, *, told: bool) -> int:
    """Write down that the reporter was told, in these words, or could not be reached. Returns how many notices."""
    store, count = CallbackStore(uow), 0
    for one in waiting:
        if not told:
            store.not_answered(one.id, actor, now)
            count += 1
            continue
        said = (words.text("vi", line.key, line.values) for line in load(one.body, Message).lines)
        count += store.told(one.id, actor, "\n".join(said), now)
    what = "callback.told" if told else "callback.missed"
    if waiting:
        uow.registers.record(actor, what, waiting[0].code, now, notices=count)
    return count
