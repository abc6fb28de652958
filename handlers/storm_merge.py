"""Many reports of one matter made one under a storm, by the table's own move; each person hears of it once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from handlers import cases
from handlers.carry_out import carry_out, show_cards
from handlers.cases import Mover
from handlers.storming import Merged
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.effects import Effect, Lane, MoveCase, Say, ToReporter
from workflows.messages import say, text
from workflows.storm.merging import Group


def merge(
    tools: Tools, found: Sequence[Group], actor: str, mover: Mover, progress: Callable[[int], None] = lambda more: None
) -> list[Merged]:
    """Merge by the table's own move (T7), group by group, each in a transaction of its own: what is done is done."""
    merged = []
    for group in found:
        merged.append(_merge(tools, group, actor, mover))
        progress(len(group.others))
    if merged:
        tools.bell.ring()
    return merged


def _merge(tools: Tools, group: Group, actor: str, mover: Mover) -> Merged:
    now = tools.clock.now()
    gone: dict[int, str] = {}
    refused = []
    with tools.store.write() as uow:
        for case_id in sorted((group.master, *group.others)):  # always in this order (design.md, the road, 7)
            uow.cases.get(case_id, lock=True)
        home = uow.cases.get(group.master)
        if home is None:
            return Merged("", ())
        turn = Turn(tools, uow, Batch(), now, uow.chats.get([home.home_chat_id])[home.home_chat_id])
        turn.touched |= {group.master, *group.others}
        for other in group.others:
            outcome = cases.move(tools, uow, MoveCase(other, Action.MERGE, other_id=group.master), mover, now)
            if outcome.refusal is not None:
                refused.append((outcome.code, outcome.refusal.key))
                continue
            gone[other] = outcome.code
            carry_out(turn, _but_to_reporters(outcome.effects), mover)
        show_cards(turn)
        _tell_once(uow, group.master, gone, now)
        uow.registers.record(actor, "storm.merged", home.case.code, now, count=len(gone))
        uow.flush(now)
    return Merged(home.case.code, tuple(gone.values()), tuple(refused))


def _but_to_reporters(effects: Iterable[Effect]) -> list[Effect]:
    return [one for one in effects if not (isinstance(one, Say) and isinstance(one.to, ToReporter))]


def _tell_once(uow: UnitOfWork, master_id: int, gone: dict[int, str], now: datetime) -> None:
    """One message for each person, with the codes of all their reports that were merged."""
    master = uow.cases.get(master_id)
    if master is None:
        return
    by_chat: dict[int, list[str]] = {}
    for case_id, code in gone.items():
        row = uow.cases.get(case_id)
        if row is not None and row.case.reporter_id is not None:
            by_chat.setdefault(row.home_chat_id, []).append(code)
    for chat, codes in by_chat.items():
        message = say("storm.merged", codes=text(", ".join(codes)), master=text(master.case.code))
        uow.outbox.put(chat, Lane.NOTICE, "send", dump(message), now, case_id=master_id, purpose="notice")
