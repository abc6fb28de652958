"""Areas (communes, wards) with their outlines, from when until when they stand, and what they were called before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from storage.driver import Query
from storage.models import Area, AreaAlias, AreaSuccessor, AreaVersion, table_of
from storage.sql import insert_new, spoken, upsert
from storage.validity import holds
from storage.writer import Writer
from workflows.frozen import field_names, frozen

AREAS = table_of(Area)
VERSIONS = table_of(AreaVersion)
SUCCESSORS = table_of(AreaSuccessor)
ALIASES = table_of(AreaAlias)
CHANGED = ["province", "vi", "en", "search", "lat", "lon", "outline", "served", "active", "valid_from", "valid_until"]
_SAVE = upsert(AREAS, ["code"], CHANGED)
_NAMES = Query(select(AREAS.c.vi, AREAS.c.en, AREAS.c.valid_from).where(AREAS.c.code == bindparam("area")))
_NAMES_BEFORE = (
    select(VERSIONS.c.vi, VERSIONS.c.en)
    .where(VERSIONS.c.code == bindparam("area"), VERSIONS.c.valid_until > bindparam("at"))
    .order_by(VERSIONS.c.valid_until)
    .limit(1)
)
_KEEP_VERSION = upsert(VERSIONS, ["code", "valid_until"], ["province", "vi", "en", "served", "valid_from"])
_ADD_SUCCESSOR = insert_new(SUCCESSORS)


@frozen
class AreaRow:
    """One area as it is now, or was last; ``outline`` is WKB in degrees (lon, lat).

    It stands from ``valid_from`` (None: as long as anybody asks) until just before ``valid_until`` (None: no end).
    """

    code: str
    province: str
    vi: str
    en: str
    search: str
    lat: float
    lon: float
    outline: bytes | None
    served: bool
    active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Whether it is in use at this moment."""
        return self.active and holds(self.valid_from, self.valid_until, at)


@frozen
class PastArea:
    """A version of an area that has an end: its names, and the codes of the areas that it became."""

    code: str
    vi: str
    en: str
    served: bool
    valid_from: datetime | None
    valid_until: datetime
    successors: tuple[str, ...] = ()


class AreaStore:
    """Areas inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        # Cards and notices of one batch name the same few areas.
        self._names: dict[tuple[str, datetime | None], tuple[str, str] | None] = {}

    def all(self, at: datetime) -> list[AreaRow]:
        """Every area that stands at a moment, with its outline."""
        begun = or_(AREAS.c.valid_from.is_(None), AREAS.c.valid_from <= at)
        goes_on = or_(AREAS.c.valid_until.is_(None), AREAS.c.valid_until > at)
        return self._rows(AREAS.c.active, begun, goes_on)

    def register(self) -> list[AreaRow]:
        """Every area that there is or was, as it is now or was last."""
        return self._rows()

    def get(self, code: str) -> AreaRow | None:
        """One area as it is now, or was last."""
        return next(iter(self._rows(AREAS.c.code == code)), None)

    def past(self) -> list[PastArea]:
        """Every version of an area that has an end, first of those that ended last."""
        became: dict[tuple[str, datetime], list[str]] = {}
        for row in self.connection.look(select(SUCCESSORS).order_by(SUCCESSORS.c.id)):
            became.setdefault((row.area, row.until), []).append(row.successor)
        names = field_names(PastArea)[:-1]
        ended = select(*[AREAS.c[name] for name in names]).where(AREAS.c.valid_until.is_not(None))
        before = select(*[VERSIONS.c[name] for name in names])
        found = [PastArea(*row) for one in (ended, before) for row in self.connection.look(one)]
        told = [replace(one, successors=tuple(became.get((one.code, one.valid_until), ()))) for one in found]
        return sorted(told, key=lambda one: (-one.valid_until.timestamp(), one.code))

    def names(self, code: str, at: datetime | None = None) -> tuple[str, str] | None:
        """An area's names (vi, en): of the version that stood at a moment, or the last ones."""
        if (code, at) not in self._names:
            self._names[code, at] = self._named(code, at)
        return self._names[code, at]

    def _named(self, code: str, at: datetime | None) -> tuple[str, str] | None:
        found = self.connection.ask(_NAMES, {"area": code})
        if not found:
            return None
        vi, en, valid_from = found[0]
        if at is not None and valid_from is not None and at < valid_from:
            before = self.connection.look(_NAMES_BEFORE, {"area": code, "at": at}).first()
            vi, en = before or (vi, en)
        return vi, en

    def save(self, rows: list[AreaRow]) -> None:
        """Add or change areas."""
        self._names = {}
        if rows:
            values = [{name: getattr(row, name) for name in field_names(AreaRow)} for row in rows]
            self.connection.execute(spoken(self.connection, _SAVE), values)

    def keep_versions(self, rows: Iterable[tuple[AreaRow, datetime]]) -> None:
        """Remember what areas were until a moment; other versions of them stand in their place."""
        self._names = {}
        names = ("code", "province", "vi", "en", "served", "valid_from")
        values = [{name: getattr(row, name) for name in names} | {"valid_until": until} for row, until in rows]
        if values:
            self.connection.execute(spoken(self.connection, _KEEP_VERSION), values)

    def succeed(self, code: str, until: datetime, successors: Iterable[str]) -> None:
        """What became of the version of an area that ended at a moment; instead of what was said of it before."""
        same = (SUCCESSORS.c.area == code, SUCCESSORS.c.until == until)
        self.connection.execute(delete(SUCCESSORS).where(*same))
        values = [{"area": code, "until": until, "successor": one} for one in successors]
        if values:
            self.connection.execute(spoken(self.connection, _ADD_SUCCESSOR), values)

    def aliases(self) -> list[tuple[str, str]]:
        """(name, code) of every other name, by name."""
        found = select(ALIASES.c.name, ALIASES.c.area).order_by(ALIASES.c.name, ALIASES.c.id)
        return [(row.name, row.area) for row in self.connection.look(found)]

    def call(self, name: str, codes: Iterable[str]) -> None:
        """Let a name mean these areas, and no others."""
        self.connection.execute(delete(ALIASES).where(ALIASES.c.name == name))
        self.connection.execute(insert(ALIASES), [{"name": name, "area": code} for code in codes])

    def uncall(self, name: str) -> int:
        """Forget a name; how many areas it meant."""
        return int(self.connection.execute(delete(ALIASES).where(ALIASES.c.name == name)).rowcount)

    def change(self, code: str, **values: Any) -> bool:
        """Set columns of one area. False: there is none."""
        self._names = {}
        return bool(self.connection.execute(update(AREAS).where(AREAS.c.code == code).values(**values)).rowcount)

    def count(self) -> int:
        """How many areas there are."""
        return int(self.connection.scalar(select(func.count()).select_from(AREAS)) or 0)

    def _rows(self, *conditions: Any) -> list[AreaRow]:
        found = select(*[AREAS.c[name] for name in field_names(AreaRow)]).where(*conditions).order_by(AREAS.c.code)
        return [AreaRow(*row) for row in self.connection.look(found)]
