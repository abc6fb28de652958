"""Who is on duty in a unit, who leads it, who serves in it, and in which chats they are reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from storage.chats import ChatRow
from storage.duties import DutyStore
from storage.roster import RosterStore
from storage.unit_of_work import UnitOfWork
from workflows.duty import shifts
from workflows.duty.shifts import Shift

AHEAD = timedelta(days=31)  # how far ahead the next shift is looked for


def serving(uow: UnitOfWork, agency_id: int | None) -> frozenset[int]:
    """Everybody who is confirmed in a unit (None: the operators), by person id."""
    return frozenset(int(duty["person_id"]) for duty in _confirmed(uow, agency_id))


def heads(uow: UnitOfWork, agency_id: int | None, now: datetime) -> tuple[int, ...]:
    """Who acts as head of a unit now, by person id: heads who are not away, and whom a head delegated to.

    Where all of them are away without a delegate, the heads on record: somebody must hear.
    """
    acting = DutyStore(uow).acting_heads(agency_id, now)
    on_record = (int(duty["person_id"]) for duty in _confirmed(uow, agency_id) if duty["role"] == "head")
    return tuple(acting) or tuple(on_record)


def _confirmed(uow: UnitOfWork, agency_id: int | None) -> list[dict[str, Any]]:
    return [duty for duty in uow.people.staff(agency_id) if duty["status"] == "confirmed"]


def current(uow: UnitOfWork, agency_id: int | None, now: datetime) -> Shift | None:
    """The unit's shift that runs now."""
    return shifts.at(RosterStore(uow).between(agency_id, now, now + timedelta(microseconds=1)), now)


def following(uow: UnitOfWork, agency_id: int | None, now: datetime) -> Shift | None:
    """The unit's next shift."""
    return shifts.after(RosterStore(uow).between(agency_id, now, now + AHEAD), now)


def to_call(uow: UnitOfWork, agency_id: int | None, now: datetime) -> tuple[int, ...]:
    """Whom an urgent case calls: whoever has the shift, and the heads; only people who still serve there."""
    shift, here = current(uow, agency_id, now), serving(uow, agency_id)
    on_duty = [shift.has_it] if shift is not None and shift.has_it in here else []
    found = dict.fromkeys(person for person in (*on_duty, *heads(uow, agency_id, now)) if person is not None)
    return tuple(found)


def names_of(uow: UnitOfWork, people: Iterable[int | None]) -> str:
    """Names of colleagues, for their own group; those without a name are left out."""
    wanted = [person for person in people if person is not None]
    known = uow.people.get(wanted)
    return ", ".join(known[one].name or "" for one in wanted if one in known and known[one].name)


def private_chats(uow: UnitOfWork, people: Iterable[int]) -> list[ChatRow]:
    """One private chat of each of these people that can be written to: the one heard from last."""
    chats = uow.chats.of_people(sorted(set(people))) if people else {}
    reached = ([chat for chat in own if chat.status == "open"] for own in chats.values())
    return [max(own, key=_heard) for own in reached if own]


def _heard(chat: ChatRow) -> tuple[bool, float, int]:
    return chat.heard_at is not None, chat.heard_at.timestamp() if chat.heard_at else 0.0, chat.id


def groups_of(uow: UnitOfWork, agency_id: int | None) -> list[ChatRow]:
    """A unit's groups; the operators' where it has none."""
    return (uow.chats.of_agency(agency_id) if agency_id is not None else []) or uow.chats.of_operators()
