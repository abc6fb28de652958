"""The sandbox's groups, linked and staffed at the first start, so that a newcomer can play at once."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.sandbox import world
from bot.sandbox.zalo import world as zalo
from handlers.administration import NewAgency, add_agency
from storage.unit_of_work import Store, UnitOfWork


class Group(NamedTuple):
    """A group of the sandbox and whom it belongs to; None is the operations team."""

    platform: str
    chat: str
    agency: str | None  # a code of storage/seed/sample.yaml
    members: tuple[tuple[str, str], ...]  # id and name; the first is the head: of the operations team, the leader


# Beside the sample's agencies: who alone reads what is about officials (R61).
LINE = NewAgency("thanh-tra", "Thanh tra thành phố", "City Inspectorate", kind="inspection")


def _groups() -> tuple[Group, ...]:
    names = {number: f"{first} {last}" for number, first, last, _ in world.PEOPLE}
    on_telegram = {chat: [(str(one), names[one]) for one in members] for chat, _, _, members in world.GROUPS}
    names_on_zalo = {number: name for number, name, _, _ in zalo.PEOPLE}
    on_zalo = {chat: [(one, names_on_zalo[one]) for one in members] for chat, _, members in zalo.GROUPS}
    return (
        *(
            Group("telegram", str(chat), agency, tuple(on_telegram[chat]))
            for chat, agency in (
                (world.OPERATORS, None),
                (world.AN_CUU, "an-cuu"),
                (world.CONSTRUCTION, "so-xay-dung"),
                (world.INSPECTION, LINE.code),
            )
        ),
        Group("zalo", zalo.THUAN_HOA, "thuan-hoa", tuple(on_zalo[zalo.THUAN_HOA])),
        Group("zalo", zalo.INSPECTION, LINE.code, tuple(on_zalo[zalo.INSPECTION])),
    )


GROUPS = _groups()


def prepare(store: Store, now: datetime) -> None:
    """Link each group and confirm its members, the first as head, unless it was linked before.

    Safe to repeat.
    """
    with store.write() as uow:
        if uow.agencies.count() and uow.agencies.by_code(LINE.code) is None:
            add_agency(uow, LINE, now)
        for group in GROUPS:
            _link(uow, group, now)
        uow.flush(now)


def _link(uow: UnitOfWork, group: Group, now: datetime) -> None:
    agency = uow.agencies.by_code(group.agency) if group.agency else None
    if group.agency and agency is None:
        return
    uow.chats.ensure([(group.platform, group.chat)])
    chat = uow.chats.find(group.platform, group.chat)
    if chat is None or chat.linked or chat.status == "moved":
        return
    agency_id = agency.id if agency else None
    uow.chats.change(chat.id, kind="group", agency_id=agency_id, operators=agency is None, linked_at=now)
    for place, (member, name) in enumerate(group.members):
        role = "member" if place else "head"
        person = uow.people.meet(group.platform, member, "vi", now)
        uow.people.change(person.id, name=name)
        duty = uow.people.join_staff(person.id, agency_id, now)
        uow.people.change_staff(duty.id, status="confirmed", role=role, confirmed_at=now, confirmed_by="sandbox")
