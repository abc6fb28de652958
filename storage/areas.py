"""Areas (communes, wards) with their outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.models import Area, table_of
from storage.sql import spoken, upsert
from storage.writer import Writer

AREAS = table_of(Area)
CHANGED = ["province", "vi", "en", "search", "lat", "lon", "outline", "served", "active"]
_SAVE = upsert(AREAS, ["code"], CHANGED)
_NAMES = select(AREAS.c.code, AREAS.c.vi, AREAS.c.en).where(AREAS.c.code == bindparam("area"))


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area; ``outline`` is WKB in degrees (lon, lat)."""

    code: str
    province: str
    vi: str
    en: str
    search: str
    lat: float
    lon: float
    outline: bytes | None
    served: bool
    active: bool


class AreaStore:
    """Areas inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self._names: dict[str, tuple[str, str] | None] = {}  # cards and notices of one batch name the same few areas

    def all(self) -> list[AreaRow]:
        """Every active area with its outline."""
        found = select(*[AREAS.c[name] for name in AreaRow.__slots__]).where(AREAS.c.active).order_by(AREAS.c.code)
        return [AreaRow(*row) for row in self.connection.look(found)]

    def names(self, code: str) -> tuple[str, str] | None:
        """An area's names (vi, en)."""
        if code not in self._names:
            row = self.connection.look(_NAMES, {"area": code}).first()
            self._names[code] = (row.vi, row.en) if row else None
        return self._names[code]

    def save(self, rows: list[AreaRow]) -> None:
        """Add or change areas."""
        self._names = {}
        if rows:
            values = [{name: getattr(row, name) for name in AreaRow.__slots__} for row in rows]
            self.connection.execute(spoken(self.connection, _SAVE), values)

    def change(self, code: str, **values: Any) -> bool:
        """Set columns of one area. False: there is none."""
        self._names.pop(code, None)
        return bool(self.connection.execute(update(AREAS).where(AREAS.c.code == code).values(**values)).rowcount)

    def count(self) -> int:
        """How many areas there are."""
        return int(self.connection.scalar(select(func.count()).select_from(AREAS)) or 0)
