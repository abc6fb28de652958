"""The sandbox's groups, linked and staffed at the first start, so that a newcomer can play at once."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox import world
from storage.unit_of_work import Store, UnitOfWork

PLATFORM = "telegram"
# Which group belongs to whom; None is the operations team. Codes are those of storage/seed/sample.yaml.
GROUPS = ((world.OPERATORS, None), (world.AN_CUU, "an-cuu"), (world.CONSTRUCTION, "so-xay-dung"))
NAMES = {number: f"{first} {last}" for number, first, last, _ in world.PEOPLE}
MEMBERS = {chat: members for chat, _, _, members in world.GROUPS}


def prepare(store: Store, now: datetime) -> None:
    """Link each group and confirm its members, an agency's first as its head, unless it was linked before.

    Safe to repeat.
    """
    with store.write() as uow:
        for group, agency in GROUPS:
            _link(uow, group, agency, now)
        uow.flush(now)


def _link(uow: UnitOfWork, group: int, agency_code: str | None, now: datetime) -> None:
    agency = uow.agencies.by_code(agency_code) if agency_code else None
    if agency_code and agency is None:
        return
    uow.chats.ensure([(PLATFORM, str(group))])
    chat = uow.chats.find(PLATFORM, str(group))
    if chat is None or chat.linked or chat.status == "moved":
        return
    agency_id = agency.id if agency else None
    uow.chats.change(chat.id, kind="group", agency_id=agency_id, operators=agency is None, linked_at=now)
    for member in MEMBERS[group]:
        role = "head" if agency and member == MEMBERS[group][0] else "member"
        person = uow.people.meet(PLATFORM, str(member), "vi", now)
        uow.people.change(person.id, name=NAMES[member])
        duty = uow.people.join_staff(person.id, agency_id, now)
        uow.people.change_staff(duty.id, status="confirmed", role=role, confirmed_at=now, confirmed_by="sandbox")
