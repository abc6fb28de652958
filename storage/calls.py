"""Calls to urgent cases: which cases are urgent now, and how far the call to each has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql

from storage.cases import CASES, COLUMNS, CaseRow, case_row
from storage.models import OPEN_URGENT, UrgentCall, table_of
from storage.sql import spoken, upsert
from storage.unit_of_work import UnitOfWork
from workflows.duty.call_out import Call
from workflows.frozen import frozen

CALLS = table_of(UrgentCall)
URGENT = {"postgresql": sql(OPEN_URGENT), "sqlite": sql("open = 1 and urgent = 1")}  # as the index says
_GET = select(CALLS).where(CALLS.c.case_id == bindparam("case"))
_KEEP = upsert(CALLS, ["case_id"], ["since", "rounds", "next_at", "late_for"])


@frozen
class Kept:
    """What is known of a case: its call, if there was one, and the due moment that was told to have passed."""

    call: Call | None = None
    late_for: datetime | None = None


class CallStore:
    """Calls inside one transaction; whoever changes one holds its case."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def urgent(self) -> list[CaseRow]:
        """Every open urgent case."""
        found = select(*COLUMNS).where(URGENT[self._connection.dialect.name]).order_by(CASES.c.id)
        return [case_row(row) for row in self._connection.execute(found)]

    def get(self, case_id: int) -> Kept:
        """What is known of a case."""
        row = self._connection.execute(_GET, {"case": case_id}).first()
        if row is None:
            return Kept()
        call = Call(row.since, row.rounds, row.next_at) if row.since and row.next_at else None
        return Kept(call, row.late_for)

    def keep(self, case_id: int, kept: Kept) -> None:
        """Remember what has been done about a case."""
        call = kept.call
        row: dict[str, Any] = {"case_id": case_id, "since": None, "rounds": 0, "next_at": None}
        if call is not None:
            row |= {"since": call.since, "rounds": call.rounds, "next_at": call.next_at}
        self._connection.execute(spoken(self._connection, _KEEP), row | {"late_for": kept.late_for})
