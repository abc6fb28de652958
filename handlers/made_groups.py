"""Groups that we make ourselves, on platforms where none can be taken over: linked at birth, their people pending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.administration import ACTOR, Refused, agency
from handlers.carry_out import show_cards
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from storage.chats import ChatRow
from storage.codec import dump
from storage.people import StaffRow
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.messages import names, say

WAITING_CARDS = 20  # of an agency's open cases that a new group is shown at once


def may_have_group(uow: UnitOfWork, code: str | None, platform: str) -> tuple[str, str]:
    """The Vietnamese and English name of the agency (None: the operations team) that is to have a group.

    Raises Refused before anything is made: an agency that is unknown or retired, or has such a group already.
    """
    row = agency(uow, code) if code is not None else None
    if row is not None and not row.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    there = [chat for chat in uow.chats.linked_to(row.id if row else None) if chat.platform == platform]
    if any(chat.status == "open" for chat in there):
        raise Refused(
            f"{code or 'operators'} đã có nhóm trên {platform}; gỡ bằng agencies unlink nếu muốn tạo nhóm khác",
            f"{code or 'operators'} has a group on {platform}; agencies unlink it first to make another",
        )
    return (row.vi, row.en) if row else ("Tổ vận hành", "Operations team")


def link_made(tools: Tools, platform: str, group: str, code: str | None, members: Sequence[str], now: datetime) -> int:
    """Link a group that was just made, note its people, greet it and show what waits for it; the chat's id.

    Its people are *pending*: that an administrator typed their ids does not make them officers. Safe to repeat.
    """
    with tools.store.write() as uow:
        row = agency(uow, code) if code is not None else None
        agency_id = row.id if row else None
        uow.chats.ensure([(platform, group)])
        chat = uow.chats.find(platform, group)
        if chat is None:
            raise RuntimeError("a chat was neither found nor made")
        uow.chats.change(
            chat.id, kind="group", agency_id=agency_id, operators=row is None, linked_at=now, status="open"
        )
        for user in members:
            expect(uow, uow.chats.get([chat.id])[chat.id], user, now)
        said = say("desk.link.agency", agency=names(row.vi, row.en)) if row else say("desk.link.operators")
        uow.outbox.put(chat.id, Lane.REPLY, "send", dump(said), now)
        turn = Turn(tools, uow, Batch(), now, uow.chats.get([chat.id])[chat.id])
        turn.cards |= {(case.id, chat.id): True for case in uow.cases.desk(agency_id, WAITING_CARDS)}
        show_cards(turn)
        uow.registers.record(ACTOR, "chat.linked", str(chat.id), now, agency_id=agency_id)
        uow.flush(now)
    tools.bell.ring()
    return chat.id


def expect(uow: UnitOfWork, chat: ChatRow, user: str, now: datetime) -> None:
    """Somebody was brought into a linked group: pending until a head or an administrator confirms."""
    person = uow.people.meet(chat.platform, user, chat.language, now)
    uow.people.join_staff(person.id, chat.agency_id, now)
    uow.chats.know_member(chat.id, user, True, now)


def duties(uow: UnitOfWork, chat: ChatRow, users: Iterable[str]) -> list[StaffRow | None]:
    """For whom each of these people may act in a group's name, in order; None for whoever is not on record."""
    people = [uow.people.find(chat.platform, user) for user in users]
    return [
        next((duty for duty in uow.people.duties(person.id) if duty.agency_id == chat.agency_id), None)
        if person is not None
        else None
        for person in people
    ]


def owners(uow: UnitOfWork, platform: str) -> dict[str, str]:
    """The platform's id of every linked group, and whose it is: an agency's code, or ``operators``."""
    found = {chat.external_id: "operators" for chat in uow.chats.linked_to(None) if chat.platform == platform}
    for row in uow.agencies.all():
        found |= {chat.external_id: row.code for chat in uow.chats.linked_to(row.id) if chat.platform == platform}
    return found


def group_of(uow: UnitOfWork, code: str | None, platform: str) -> ChatRow:
    """The one group of an agency (None: of the operations team) on a platform. Raises Refused when there is none."""
    row = agency(uow, code) if code is not None else None
    groups = [
        chat
        for chat in uow.chats.linked_to(row.id if row else None)
        if chat.platform == platform and chat.status == "open"
    ]
    if not groups:
        raise Refused(
            f"{code or 'operators'} chưa có nhóm trên {platform}; tạo bằng: agencies group create",
            f"{code or 'operators'} has no group on {platform}; make one: agencies group create",
        )
    return groups[0]
