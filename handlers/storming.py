"""Storm mode: on and off, the word to those who wait, and which reports of one matter may become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.banners import area_value, banner, names_of_area
from handlers.cases import Mover
from handlers.turn import Turn
from storage.codec import dump
from storage.storms import StormStore
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Role
from workflows.effects import Lane, SwitchStorm
from workflows.frozen import frozen
from workflows.messages import Line, Message, number, say
from workflows.storm.merging import Group, groups
from workflows.storm.mode import Storm, on
from workflows.storm.shown import OnNow

PURPOSE = "storm"


@frozen
class Begun:
    """A storm that was switched on, and how many people who wait were written to."""

    storm: Storm
    told: int


# --- on and off ----------------------------------------------------------------------------------------------------


def begin(uow: UnitOfWork, storm: Storm, actor: str, now: datetime, *, tell: bool = True) -> Begun:
    """Switch a storm on, and tell those who wait in its area. Whoever reports from now on reads its words."""
    store = StormStore(uow)
    begun = replace(storm, id=store.add(storm))
    told = _tell_waiting(uow, begun, now) if tell else 0
    uow.registers.record(actor, "storm.on", str(begun.id), now, area=storm.area, told=told)
    return Begun(begun, told)


def end(uow: UnitOfWork, storm_id: int, actor: str, now: datetime) -> bool:
    """Switch one off; False when it was off already."""
    done = StormStore(uow).end(storm_id, now)
    if done:
        uow.registers.record(actor, "storm.off", str(storm_id), now)
    return done


def waiting(uow: UnitOfWork, area: str) -> list[int]:
    """The chats of everybody who waits for something in an area ("": anywhere), each once; by id."""
    rows = StormStore(uow).cases(area)
    reported = [row.home_chat_id for row in rows if row.case.reporter_id is not None]
    homes = uow.chats.get(list(dict.fromkeys(reported)))
    return sorted(chat.id for chat in homes.values() if chat.kind == "private" and chat.person_id is not None)


def _tell_waiting(uow: UnitOfWork, storm: Storm, now: datetime) -> int:
    """Behind everything else, bundled, never paid for, and worth it only while the storm lasts."""
    chats = waiting(uow, storm.area)
    message = dump(Message((banner(uow, storm), Line("storm.to_waiting"))))
    for chat in chats:
        uow.outbox.put(
            chat,
            Lane.BROADCAST,
            "send",
            message,
            now,
            purpose=PURPOSE,
            key=f"storm:{storm.id}:{chat}",
            expires_at=storm.until,
        )
    return len(chats)


# --- from the operators' group -------------------------------------------------------------------------------------


def shown(turn: Turn) -> tuple[OnNow, ...]:
    """Those that are on now."""
    storms = on(StormStore(turn.uow).standing(), turn.now)
    return tuple(OnNow(one.id, one.area, names_of_area(turn.uow, one.area), one.vi, one.until) for one in storms)


def switch(turn: Turn, effect: SwitchStorm, mover: Mover) -> None:
    """What an operator confirmed; nobody else's press does anything."""
    if not turn.chat.operators or Role.OPERATOR not in mover.roles:
        turn.answer(say("refused.not_allowed"))
        return
    actor = f"person:{mover.person_id}"
    if effect.storm_id:
        ended = end(turn.uow, effect.storm_id, actor, turn.now)
        turn.answer(say("storm.is_off" if ended else "storm.was_off"))
    else:
        storm = Storm(0, effect.area, effect.text, effect.text, turn.now)
        begun = begin(turn.uow, storm, actor, turn.now)
        turn.answer(say("storm.is_on", area=area_value(turn.uow, effect.area), count=number(begun.told)))
    turn.tools.knowledge.forget_storms()


# --- many reports, one matter --------------------------------------------------------------------------------------


@frozen
class Merged:
    """One group of a plan, by codes; ``why`` is the refusal's key where the table refused one of them."""

    master: str
    others: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()


def plan(uow: UnitOfWork, storm: Storm, category: str = "") -> tuple[Group, ...]:
    """What may be merged under a storm: reports since it began, in its area, of one category (or of each)."""
    rows = StormStore(uow).cases(storm.area, storm.starts_at)
    return groups((row.id, row.case) for row in rows if category in ("", row.case.category))


def named(uow: UnitOfWork, found: Iterable[Group]) -> list[Merged]:
    """A plan by codes."""
    return [Merged(_code(uow, one.master), tuple(_code(uow, other) for other in one.others)) for one in found]


def _code(uow: UnitOfWork, case_id: int) -> str:
    row = uow.cases.get(case_id)
    return row.case.code if row else ""
