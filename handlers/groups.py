"""A group itself changed: we came or went, somebody joined or left, or it got a new id."""

from __future__ import annotations

from handlers.turn import Turn
from storage.codec import dump
from workflows.effects import Lane
from workflows.events import BotMembership, ChatMoved, Envelope, PersonMembership
from workflows.messages import names, say

GROUP_EVENTS = (BotMembership, PersonMembership, ChatMoved)


def group(turn: Turn, envelope: Envelope) -> None:
    """One change of a group; each can be told twice without harm."""
    match envelope.event:
        case BotMembership(present=True):
            _came(turn)
        case BotMembership():
            _went(turn)
        case PersonMembership(user=user, present=present):
            _person(turn, user, present)
        case ChatMoved(to=to):
            moved(turn, to)


def _came(turn: Turn) -> None:
    turn.uow.chats.change(turn.chat.id, status="open", lost_at=None)
    if not turn.chat.linked:
        turn.uow.outbox.put(turn.chat.id, Lane.REPLY, "send", dump(say("desk.link.hint")), turn.now)


def _went(turn: Turn) -> None:
    """The group threw us out: what waits for it goes nowhere, and the operators are told."""
    turn.uow.chats.change(turn.chat.id, status="lost", lost_at=turn.now)
    turn.uow.registers.record("platform", "chat.lost", str(turn.chat.id), turn.now, agency_id=turn.chat.agency_id)
    if turn.chat.agency_id is None:
        return
    agency = turn.uow.agencies.get(turn.chat.agency_id)
    if agency is None:
        return
    for chat in turn.uow.chats.of_operators():
        message = say("desk.link.group_lost", agency=names(agency.vi, agency.en))
        turn.uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), turn.now)


def _person(turn: Turn, user: str, present: bool) -> None:
    """Whoever joins a linked group is pending until confirmed; whoever leaves has no say from this moment."""
    turn.uow.chats.know_member(turn.chat.id, user, present, turn.now)
    if present and turn.chat.linked:
        person = turn.uow.people.meet(turn.chat.platform, user, turn.chat.language, turn.now)
        turn.uow.people.join_staff(person.id, turn.chat.agency_id, turn.now)


def moved(turn: Turn, to: str) -> None:
    """The group has a new id: its link goes along, its old messages stay behind."""
    if to == turn.chat.external_id:
        return
    uow, old = turn.uow, turn.chat
    uow.chats.ensure([(old.platform, to)])
    new = uow.chats.find(old.platform, to)
    if new is None:
        return
    uow.outbox.redirect(old.id, new.id)
    if not old.linked:
        uow.chats.change(old.id, status="moved")
        return
    uow.chats.change(
        new.id, kind="group", agency_id=old.agency_id, operators=old.operators, language=old.language,
        linked_at=turn.now, status="open",
    )  # fmt: skip
    uow.chats.change(old.id, agency_id=None, operators=False, status="moved")
    uow.posts.forget_messages(old.id)
    uow.registers.record("platform", "chat.moved", str(old.id), turn.now, to=new.id)
    for row in uow.cases.desk(old.agency_id, 50):
        turn.cards[(row.id, new.id)] = True
