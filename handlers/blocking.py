"""Blocks: a reporter is kept from sending for a while, by a case of theirs, with a reason that is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.administration import ACTOR, Refused, case_by_code
from handlers.views import has_no_chat
from storage.cases import CaseRow
from storage.codec import dump
from storage.people import PersonRow
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.messages import moment, say, text

LONGEST_DAYS = 365


def block(uow: UnitOfWork, code: str, days: int, reason: str, now: datetime) -> datetime:
    """An administrator blocks the reporter of a case. Raises Refused where that cannot be."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"số ngày phải từ 1 đến {LONGEST_DAYS}", f"days must be 1 to {LONGEST_DAYS}")
    row = case_by_code(uow, code)
    if has_no_chat(uow, row):
        raise Refused(f"{code} được ghi hộ nên không chặn được người gửi", f"{code} was taken down for a caller")
    return impose(uow, row, _reporter(row), days, reason, ACTOR, now)


def impose(
    uow: UnitOfWork, row: CaseRow, person_id: int, days: int, reason: str, actor: str, now: datetime
) -> datetime:
    """Block somebody, and tell them where they sent the case why and until when; messages of danger always pass.

    The reason's words are kept on the person, not in the log.
    """
    until = now + timedelta(days=days)
    uow.people.change(person_id, blocked_until=until, block_reason=reason)
    uow.registers.record(actor, "person.blocked", str(person_id), now, case=row.case.code, until=until.isoformat())
    notice = say("limits.blocked", until=moment(until), reason=text(reason))
    uow.outbox.put(row.home_chat_id, Lane.NOTICE, "send", dump(notice), now)
    return until


def unblock(uow: UnitOfWork, code: str, now: datetime) -> None:
    """Let the reporter of a case send again."""
    person_id = _reporter(case_by_code(uow, code))
    uow.people.change(person_id, blocked_until=None, block_reason=None)
    uow.registers.record(ACTOR, "person.unblocked", str(person_id), now, case=code)


def blocked(uow: UnitOfWork, now: datetime) -> list[PersonRow]:
    """Who is blocked now."""
    return uow.people.blocked(now)


def reporter_of(uow: UnitOfWork, code: str) -> int:
    """Who sent a report. Raises Refused when there is no such case, or its reporter has erased their data."""
    return _reporter(case_by_code(uow, code))


def _reporter(row: CaseRow) -> int:
    if row.case.reporter_id is None:
        raise Refused("người phản ánh đã xóa dữ liệu", "the reporter has erased their data")
    return row.case.reporter_id
