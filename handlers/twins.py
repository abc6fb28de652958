"""What a card says of other cases: those that may be the same matter, and those of the same spot before."""

from __future__ import annotations

from storage.cases import CaseRow
from storage.unit_of_work import UnitOfWork
from workflows import nearby
from workflows.case.view import Twin


def alike(uow: UnitOfWork, ids: tuple[int, ...]) -> tuple[Twin, ...]:
    """Those of the cases that may be the same matter which still go on, and that everybody who works may know."""
    rows = (uow.cases.get(one) for one in ids)
    going_on = (row for row in rows if row and not row.case.sensitive and row.case.state in nearby.UNFINISHED)
    return tuple(Twin(row.id, row.case.code) for row in going_on)


def earlier(uow: UnitOfWork, ids: tuple[int, ...]) -> tuple[Twin, ...]:
    """Those of the earlier cases of a spot that are not about officials, newest first."""
    rows = (uow.cases.get(one) for one in ids)
    return tuple(Twin(row.id, row.case.code, row.case.finished_at) for row in rows if row and not row.case.sensitive)


def turn(uow: UnitOfWork, row: CaseRow) -> int:
    """Which time it is at its spot; 0 where its chain tells nothing."""
    if row.case.spot is None or row.case.sensitive:
        return 0
    ids = [one.id for one in uow.spots.cases(row.case.spot)]
    return ids.index(row.id) + 1 if row.id in ids else 0
