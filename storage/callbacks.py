"""Call-backs: notices to reporters who have no chat, until somebody has told them by telephone or in person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from storage.models import Case, Outbox, table_of
from storage.outbox import DELIVERIES, IS_HELD
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen
from workflows.notifier.channels import CALL

OUTBOX, CASES = table_of(Outbox), table_of(Case)
WAITS = (IS_HELD, OUTBOX.c.held_for == CALL)


@frozen
class CallbackRow:
    """One notice that is still to be told; ``body`` is its message (JSON)."""

    id: int
    case_id: int
    code: str
    purpose: str
    body: str
    since: datetime


class CallbackStore:
    """Call-backs inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def waiting(self, how_many: int, case_id: int | None = None) -> list[CallbackRow]:
        """What is still to be told, oldest first: of one case, or of all."""
        found = (
            select(OUTBOX.c.id, OUTBOX.c.case_id, CASES.c.code, OUTBOX.c.purpose, OUTBOX.c.body, OUTBOX.c.created_at)
            .join(CASES, CASES.c.id == OUTBOX.c.case_id)
            .where(*WAITS, OUTBOX.c.body.is_not(None))
            .order_by(OUTBOX.c.id)
            .limit(how_many)
        )
        if case_id is not None:
            found = found.where(OUTBOX.c.case_id == case_id)
        return [CallbackRow(*row) for row in self._connection.execute(found)]

    def told(self, row_id: int, actor: str, words: str, now: datetime) -> bool:
        """Somebody has told the reporter. False: it was told already, or the person has a chat now."""
        done = {"status": "sent", "sent_at": now, "outcome": f"told by {actor}", "rendered": words}
        changed = self._connection.execute(update(OUTBOX).where(OUTBOX.c.id == row_id, *WAITS).values(**done))
        if not changed.rowcount:
            return False
        self._note(row_id, "told", actor, now)
        return True

    def not_answered(self, row_id: int, actor: str, now: datetime) -> None:
        """Somebody called and nobody answered: it stays to be told, and the attempt is in the ledger."""
        self._note(row_id, "not_answered", actor, now)

    def _note(self, row_id: int, outcome: str, actor: str, now: datetime) -> None:
        row = {"outbox_id": row_id, "at": now, "outcome": outcome, "detail": actor}
        self._connection.execute(DELIVERIES.insert(), row)
