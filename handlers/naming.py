"""A head names focal officers and delegates in the group's own chat: who is there, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from handlers import delegating, staffing
from handlers.administration import Refused
from handlers.cases import Mover
from handlers.turn import Turn
from storage.duties import DutyStore, Span
from storage.validity import holds
from workflows.case.model import Role
from workflows.desk.facts import Colleague, Term
from workflows.effects import NameDuty
from workflows.messages import Value, day, number, say, text, word

OWN = frozenset({"delegate", "end", "leave", "back"})  # what a head alone decides, and no delegate


def colleagues(turn: Turn) -> tuple[Colleague, ...]:
    """Everybody on record for the group's unit, with what holds for them today."""
    uow, now = turn.uow, turn.now
    rows = [row for row in uow.people.staff(_agency(turn)) if row["status"] != "removed"]
    ids = [row["id"] for row in rows]
    duties = DutyStore(uow)
    zone = turn.tools.knowledge.law(uow).calendar.zone
    # Of several the first that has not ended: it holds now if any does.
    acts = {one.delegate_id: _term(one, zone, now) for one in reversed(duties.delegations(now, ids))}
    away = {one.head_id: _term(one, zone, now) for one in reversed(duties.absences(now, ids))}
    me = turn.person.id if turn.person else None
    return tuple(
        Colleague(
            number=row["id"],
            name=row["name"] or "",
            role="pending" if row["status"] != "confirmed" else row["role"],
            me=row["person_id"] == me,
            acts=acts.get(row["id"]),
            away=away.get(row["id"]),
        )
        for row in rows
    )


def _term(one: Span, zone: tzinfo, now: datetime) -> Term:
    last = delegating.last_moment(one.ends_at).astimezone(zone).date()
    holds_now = holds(one.starts_at, one.ends_at, now)
    return Term(last, None if holds_now else one.starts_at.astimezone(zone).date())


def name_duty(turn: Turn, effect: NameDuty, mover: Mover) -> None:
    """Do what the head asked for; rights are looked at anew, and everything is on record by person."""
    me, target = _staff_of(turn, mover.person_id), _number(turn, effect.number)
    leads = bool(mover.roles & {Role.HEAD, Role.LEADER})
    own = effect.what in OWN
    if me is None or not leads or (own and me["role"] != "head"):
        turn.answer(say("roles.head_only"))
        return
    if target is None or (effect.what in ("leave", "back") and target["id"] != me["id"]):
        turn.answer(say("roles.no_number"))
        return
    by = f"person:{mover.person_id}"
    try:
        done = _done(turn, effect, me["id"], by)
    except Refused as refused:
        turn.answer(say("roles.refused", why=text(refused.vi if turn.chat.language == "vi" else refused.en)))
        return
    named: Value = text(target["name"]) if target["name"] else word("desk.officer")
    days: dict[str, Value] = {}
    if effect.first is not None and effect.last is not None:
        days = {"first": day(effect.first), "last": day(effect.last)}
    turn.answer(say(f"roles.done.{done}", name=named, number=number(effect.number), **days))


def _done(turn: Turn, effect: NameDuty, me: int, by: str) -> str:
    """Carry it out. Returns the key of what to say. Raises Refused."""
    uow, now = turn.uow, turn.now
    match effect.what:
        case "confirm":
            staffing.confirm(uow, effect.number, now, by)
        case "focal" | "not_focal":
            delegating.set_focal(uow, effect.number, now, by, focal=effect.what == "focal")
        case "back":
            delegating.come_back(uow, me, now, by)
        case "end":
            mine = [one for one in DutyStore(uow).delegations(now, [me]) if one.delegate_id == effect.number]
            if not mine:
                raise Refused("không có ủy quyền nào còn hiệu lực", "no delegation is in force")
            for one in mine:
                delegating.end_delegation(uow, one.id, now, by)
        case "delegate" | "leave":
            return _with_days(turn, effect, me, by)
    return effect.what


def _with_days(turn: Turn, effect: NameDuty, me: int, by: str) -> str:
    uow, now = turn.uow, turn.now
    if effect.first is None or effect.last is None:
        raise Refused("chưa có ngày", "there are no days")
    zone = turn.tools.knowledge.law(uow).calendar.zone
    when = delegating.days(effect.first, effect.last, zone, now)
    if effect.what == "delegate":
        delegating.delegate(uow, me, effect.number, when, now, by)
        return "delegate"
    delegating.leave(uow, me, when, now, by)
    alone = not DutyStore(uow).acting_heads(_agency(turn), when.starts_at)
    return "leave_alone" if alone else "leave"


def _agency(turn: Turn) -> int | None:
    return None if turn.chat.operators else turn.chat.agency_id


def _staff_of(turn: Turn, person_id: int | None) -> dict[str, Any] | None:
    rows = turn.uow.people.staff(_agency(turn))
    return next((row for row in rows if row["person_id"] == person_id and row["status"] == "confirmed"), None)


def _number(turn: Turn, number: int) -> dict[str, Any] | None:
    """Somebody of this unit and of no other."""
    rows = turn.uow.people.staff(_agency(turn))
    return next((row for row in rows if row["id"] == number and row["status"] != "removed"), None)
