"""The morning digest: each group hears once a working day what presses, and nothing when nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.inspection_line import knows
from handlers.rights import must_act, sees
from handlers.tools import Tools
from handlers.views import agency_names
from storage.chats import ChatRow
from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.case.digest import digest, message
from workflows.case.law import Law
from workflows.case.model import Case
from workflows.case.quiet import quiet_until
from workflows.effects import Lane

TURN = "digests"
LEASE = timedelta(minutes=5)  # who was killed over it is followed by somebody else
AT_ONCE = 200  # cases read together


def send_digests(tools: Tools) -> int:
    """Tell every group its morning, if it is time; how many were told. Cheap to call often, safe to repeat.

    It is time on a working day from the policy's hour on until offices close: later it would be no morning.
    """
    now = tools.clock.now()
    with tools.store.write() as uow:
        law = tools.knowledge.law(uow)
        hours = _hours(law, now)
        if hours is None or not hours[0] <= now < hours[1]:
            return 0
        if not uow.registers.take_turn(TURN, now, now + LEASE):
            return 0
        groups = uow.chats.linked_groups()
    told = sum(_tell(tools, group, law, now) for group in groups)
    with tools.store.write() as uow:
        uow.registers.put_off(TURN, hours[1])
    if told:
        tools.bell.ring()
    return told


def _hours(law: Law, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when the digest of this day may be said; None on a day off."""
    day = law.calendar.local_day(now)
    if not law.calendar.is_working(day):
        return None
    at = law.policy.digest_at
    start = now.astimezone(law.calendar.zone).replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return quiet_until(start, law) or start, law.calendar.closes(day)


def _tell(tools: Tools, group: ChatRow, law: Law, now: datetime) -> bool:
    """One group in a transaction of its own; what was told already is not told again."""
    key = f"digest:{group.id}:{law.calendar.local_day(now):%Y-%m-%d}"
    with tools.store.write() as uow:
        if uow.outbox.said([key]):
            return False
        found = digest(_work_of(tools, uow, group), now, operators=group.operators)
        if found.empty:
            return False
        said = message(found, agency_names(uow, group.agency_id))
        closes = law.calendar.closes(law.calendar.local_day(now))
        uow.outbox.put(group.id, Lane.NOTICE, "send", dump(said), now, purpose="digest", key=key, expires_at=closes)
        uow.flush(now)
    return True


def _work_of(tools: Tools, uow: UnitOfWork, group: ChatRow) -> Iterator[tuple[Case, Law]]:
    """What the group has to act on, as far as it sees it or must decide where it goes (R61): codes and counts only."""
    skip = 0
    while rows := uow.cases.desk(None if group.operators else group.agency_id, AT_ONCE, skip):
        for row in rows:
            if must_act(group, row.case) and (sees(group, row.case) or knows(group, row.case)):
                yield row.case, tools.knowledge.law(uow, row.case)
        skip += len(rows)
