"""Heads who are away with nobody delegated: who acts for them, and who is told (every morning, once)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.delegating import Days
from handlers.tools import Tools
from storage.agencies import AgencyRow
from storage.codec import dump
from storage.duties import DutyStore
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.frozen import frozen
from workflows.messages import names, number, say

EVERY = timedelta(minutes=15)
DAILY = timedelta(hours=20)  # from one telling to the next


@frozen
class Vacant:
    """An agency whose head is away and has no delegate; ``falls_to`` is the next above whose head can act."""

    agency: AgencyRow
    falls_to: AgencyRow | None


def vacant(uow: UnitOfWork, now: datetime) -> list[Vacant]:
    """Every agency whose heads are all away now and whose acts nobody was given."""
    duties = DutyStore(uow)
    found = []
    for agency_id in duties.agencies_with_absent_head(now):
        agency = uow.agencies.get(agency_id)
        if agency is None or not agency.active or duties.acting_heads(agency_id, now):
            continue
        above = (one for one in uow.agencies.above(agency_id) if duties.acting_heads(one, now))
        nearest = next(above, None)
        found.append(Vacant(agency, uow.agencies.get(nearest) if nearest is not None else None))
    return found


def without_delegate(uow: UnitOfWork, agency_id: int | None, when: Days) -> bool:
    """Whether at the beginning of these days nobody could act as head."""
    return not DutyStore(uow).acting_heads(agency_id, when.starts_at)


def watch(tools: Tools) -> int:
    """Tell whoever must act for an absent head: the group of the agency above, else the operators. How many were told.

    Cheap to call often: it looks every quarter of an hour, and tells once a day for each agency, in office hours.
    """
    now = tools.clock.now()
    with tools.store.write() as uow:
        office = tools.knowledge.law(uow).calendar
        if not office.working_time_between(now, now + EVERY) or not uow.registers.take_turn(
            "absence", now, now + EVERY
        ):
            return 0
        found = vacant(uow, now)
        told = [one for one in found if uow.registers.take_turn(f"absence:{one.agency.id}", now, now + DAILY)]
        for one in told:
            _tell(uow, one, now)
        uow.flush(now)
    if told:
        tools.bell.ring()
    return len(told)


def _tell(uow: UnitOfWork, one: Vacant, now: datetime) -> None:
    agency = names(one.agency.vi, one.agency.en)
    waiting = number(uow.cases.open_of_agency(one.agency.id))
    message = say("roles.head_away", agency=agency, count=waiting)
    groups = uow.chats.of_operators()
    if one.falls_to is not None:
        groups = uow.chats.of_agency(one.falls_to.id) or groups
        above = names(one.falls_to.vi, one.falls_to.en)
        message = say("roles.head_away_above", agency=agency, above=above, count=waiting)
    for chat in groups:
        uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), now)
