"""Storms as they were switched on and off, and the open cases under one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.cases import CASES, COLUMNS, CaseRow, case_row
from storage.models import Storm as StormModel
from storage.models import table_of
from storage.unit_of_work import UnitOfWork
from workflows.storm.mode import Storm

STORMS = table_of(StormModel)
SHOWN = [
    STORMS.c.id,
    func.coalesce(STORMS.c.area, "").label("area"),
    STORMS.c.vi,
    STORMS.c.en,
    STORMS.c.starts_at,
    STORMS.c.until,
    STORMS.c.ended_at,
]


class StormStore:
    """Storms inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def add(self, storm: Storm) -> int:
        """A storm that is switched on; its number."""
        row = {
            "area": storm.area or None,
            "vi": storm.vi,
            "en": storm.en,
            "starts_at": storm.starts_at,
            "until": storm.until,
            "ended_at": None,
        }
        return int(self._connection.scalar(insert(STORMS).returning(STORMS.c.id), row) or 0)

    def standing(self) -> tuple[Storm, ...]:
        """Those that nobody has switched off; their time may be over."""
        return self._list(STORMS.c.ended_at.is_(None))

    def latest(self, how_many: int) -> tuple[Storm, ...]:
        """The newest ones, whether on or not."""
        found = select(*SHOWN).order_by(STORMS.c.id.desc()).limit(how_many)
        return tuple(Storm(*row) for row in self._connection.execute(found))

    def end(self, storm_id: int, now: datetime) -> bool:
        """Switch one off; False when somebody was quicker."""
        ours = update(STORMS).where(STORMS.c.id == storm_id, STORMS.c.ended_at.is_(None)).values(ended_at=now)
        return bool(self._connection.execute(ours).rowcount)

    def cases(self, area: str, since: datetime | None = None) -> list[CaseRow]:
        """Open cases of an area ("": of every area) that are not about officials, oldest first."""
        found = select(*COLUMNS).where(CASES.c.open, CASES.c.sensitive.is_(False)).order_by(CASES.c.id)
        if area:
            found = found.where(CASES.c.area == area)
        if since is not None:
            found = found.where(CASES.c.opened_at >= since)
        return [case_row(row) for row in self._connection.execute(found)]

    def _list(self, *conditions: Any) -> tuple[Storm, ...]:
        found = select(*SHOWN).where(*conditions).order_by(STORMS.c.id)
        return tuple(Storm(*row) for row in self._connection.execute(found))
