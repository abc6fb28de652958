"""The inspection line: which units read cases about officials, who has nothing to do with them, and who works where.

What a case about officials becomes by a move is in handlers/officials.py (R61).
"""

from __future__ import annotations

from storage.agencies import AgencyRow
from storage.chats import ChatRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Case
from workflows.case.officials import awaits_operators

LINE = "inspection"  # the kind of an agency that handles cases about officials


def is_line(uow: UnitOfWork, agency_id: int | None) -> bool:
    """Whether an agency is of the inspection line."""
    agency = uow.agencies.get(agency_id) if agency_id is not None else None
    return agency is not None and agency.kind == LINE


def lines(uow: UnitOfWork) -> list[AgencyRow]:
    """The inspection line: every unit of it in use."""
    return [agency for agency in uow.agencies.all() if agency.kind == LINE and agency.active]


def fitting(uow: UnitOfWork, concerned: int | None) -> list[AgencyRow]:
    """Those that are neither the unit a case is about nor below it."""
    return [line for line in lines(uow) if not belongs(uow, line.id, concerned)]


def belongs(uow: UnitOfWork, agency_id: int | None, unit: int | None) -> bool:
    """Whether an agency is that unit or a part of it."""
    if agency_id is None or unit is None:
        return False
    return agency_id == unit or uow.agencies.hangs_below(agency_id, unit)


def works_for(uow: UnitOfWork, person_id: int | None, unit: int | None) -> bool:
    """Whether somebody is on record as confirmed staff of that unit or of one below it."""
    if person_id is None or unit is None:
        return False
    duties = uow.people.duties(person_id)
    return any(duty.status == "confirmed" and belongs(uow, duty.agency_id, unit) for duty in duties)


def in_two_places(uow: UnitOfWork) -> list[tuple[int, str]]:
    """Confirmed people of the inspection line who are confirmed for another agency as well: their number there, and
    that agency's code. A card in a group can be hidden from nobody in it."""
    duties = [duty for duty in uow.people.staff(everyone=True) if duty["status"] == "confirmed"]
    ids = {line.id for line in lines(uow)}
    others = (duty for duty in duties if duty["agency"] and duty["agency_id"] not in ids)
    elsewhere = {duty["person_id"]: duty["agency"] for duty in others}
    return [
        (duty["id"], elsewhere[duty["person_id"]])
        for duty in duties
        if duty["agency_id"] in ids and duty["person_id"] in elsewhere
    ]


def knows(chat: ChatRow, case: Case) -> bool:
    """Whether the operators' group may know that a case is there which only the inspection line reads."""
    return chat.operators and case.sealed and awaits_operators(case)
