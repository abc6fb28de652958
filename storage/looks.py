"""The log of looks: who was shown which reporter's name and phone number, when and why; only ever added to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.models import Case, IdentityLook, table_of
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen

LOOKS, CASES = table_of(IdentityLook), table_of(Case)


@frozen
class LookRow:
    """One look. ``actor``: "cli", or "person:<id>"; ``role`` in which they looked; ``reason`` None once erased."""

    id: int
    at: datetime
    case_id: int
    code: str
    actor: str
    role: str
    reason: str | None


_FOUND = (
    select(LOOKS.c.id, LOOKS.c.at, LOOKS.c.case_id, CASES.c.code, LOOKS.c.actor, LOOKS.c.role, LOOKS.c.reason)
    .join(CASES, CASES.c.id == LOOKS.c.case_id)
    .order_by(LOOKS.c.id.desc())
)


class LookStore:
    """Looks inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def add(self, case_id: int, actor: str, role: str, reason: str, now: datetime) -> None:
        """Somebody is shown who reported a case."""
        row = {"at": now, "case_id": case_id, "actor": actor, "role": role, "reason": reason}
        self._connection.execute(insert(LOOKS), row)

    def latest(self, how_many: int, case_id: int | None = None) -> list[LookRow]:
        """The newest looks, at one case or at any."""
        found = _FOUND.limit(how_many)
        if case_id is not None:
            found = found.where(LOOKS.c.case_id == case_id)
        return [LookRow(*row) for row in self._connection.execute(found)]

    def at_reporter(self, person_id: int) -> list[LookRow]:
        """Every look at one person's data, newest first: for the person alone."""
        return [LookRow(*row) for row in self._connection.execute(_FOUND.where(CASES.c.reporter_id == person_id))]

    def forget(self, case_ids: Iterable[int]) -> None:
        """Reasons may repeat who it was: they are emptied on erasure. That somebody looked stays."""
        self._connection.execute(update(LOOKS).where(LOOKS.c.case_id.in_(list(case_ids))).values(reason=None))
