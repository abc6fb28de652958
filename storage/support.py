"""Which unit helps with which case, so that its list shows it; kept in step with the cases themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from storage.models import SupportTask, table_of
from storage.writer import Writer
from workflows.case.model import Case
from workflows.case.support import open_tasks

TASKS = table_of(SupportTask)
_DROP = delete(TASKS).where(TASKS.c.case_id == bindparam("case"))


def keep_tasks(connection: Writer, case_id: int, case: Case) -> None:
    """What units are asked for in this case now."""
    connection.execute(_DROP, {"case": case_id})
    for task in open_tasks(case):
        connection.execute(insert(TASKS), {"case_id": case_id, "agency_id": task.agency_id, "due_at": task.due})


def cases_that_differ(connection: Writer, cases: Mapping[int, Case]) -> frozenset[int]:
    """Those of which the list of helpers says something else than the case."""
    found = select(TASKS.c.case_id, TASKS.c.agency_id, TASKS.c.due_at).where(TASKS.c.case_id.in_(list(cases)))
    kept = {(row.case_id, row.agency_id, row.due_at) for row in connection.execute(found)}
    wanted = {(case_id, task.agency_id, task.due) for case_id, case in cases.items() for task in open_tasks(case)}
    return frozenset(case_id for case_id, _, _ in kept ^ wanted)
