"""Agencies as a tree, who follows those that end, their routes, and the one-time codes that link their groups."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.driver import Query
from storage.models import Agency, AgencySuccessor, LinkCode, Route, Supervision, table_of
from storage.validity import holds
from storage.writer import Writer
from workflows.frozen import frozen

AGENCIES = table_of(Agency)
SUCCESSORS = table_of(AgencySuccessor)
ROUTES = table_of(Route)
SUPERVISIONS = table_of(Supervision)
ENTERPRISE = "enterprise"  # the kind of an agency that does its work under another's supervision
LINK_CODES = table_of(LinkCode)


@frozen
class AgencyRow:
    """One agency. It takes cases from ``valid_from`` (None: ever) until just before ``valid_until`` (None: no end)."""

    id: int
    code: str
    parent_id: int | None
    vi: str
    en: str
    kind: str
    active: bool
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Whether it may be given a case at this moment."""
        return self.active and holds(self.valid_from, self.valid_until, at)


@frozen
class RouteRow:
    """One route; None means any."""

    id: int
    category: str | None
    area: str | None
    agency_id: int


COLUMNS = [
    AGENCIES.c.id,
    AGENCIES.c.code,
    AGENCIES.c.parent_id,
    AGENCIES.c.vi,
    AGENCIES.c.en,
    AGENCIES.c.kind,
    AGENCIES.c.active,
    AGENCIES.c.valid_from,
    AGENCIES.c.valid_until,
]
_GET = Query(select(*COLUMNS).where(AGENCIES.c.id == bindparam("agency")))
_ALL = select(*COLUMNS).order_by(AGENCIES.c.code)
_SUCCESSORS = select(SUCCESSORS).order_by(SUCCESSORS.c.agency_id, SUCCESSORS.c.successor_id)
_ROUTES = select(ROUTES.c.id, ROUTES.c.category, ROUTES.c.area, ROUTES.c.agency_id).order_by(ROUTES.c.id)


def hashed(code: str) -> str:
    """How a link code is kept."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


class AgencyStore:
    """Agencies, routes and link codes inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self._known: dict[int, AgencyRow | None] = {}  # cards and notices of one batch name the same few agencies

    def get(self, agency_id: int) -> AgencyRow | None:
        """One agency."""
        if agency_id not in self._known:
            found = self.connection.ask(_GET, {"agency": agency_id})
            self._known[agency_id] = AgencyRow(*found[0]) if found else None
        return self._known[agency_id]

    def by_code(self, code: str) -> AgencyRow | None:
        """One agency by its code."""
        row = self.connection.look(select(*COLUMNS).where(AGENCIES.c.code == code)).first()
        return AgencyRow(*row) if row else None

    def all(self) -> list[AgencyRow]:
        """Every agency, retired ones included."""
        return [AgencyRow(*row) for row in self.connection.look(_ALL)]

    def hangs_below(self, agency_id: int, above_id: int) -> bool:
        """Whether an agency is a unit, of whatever depth, of another."""
        parents = {row.id: row.parent_id for row in self.all()}
        seen: set[int] = set()
        parent = parents.get(agency_id)
        while parent is not None and parent not in seen:
            if parent == above_id:
                return True
            seen.add(parent)
            parent = parents.get(parent)
        return False

    def below(self, agency_id: int) -> tuple[int, ...]:
        """Whose cases an agency sees beside its own: its units, of whatever depth, and enterprises it supervises."""
        rows, supervised = self.all(), self.supervised()
        found = {agency_id}
        while more := {
            row.id for row in rows if row.id not in found and found & {row.parent_id, supervised.get(row.id)}
        }:
            found |= more
        return tuple(sorted(found - {agency_id}))

    def above(self, agency_id: int) -> tuple[int, ...]:
        """The agencies above this one in the tree, the nearest first."""
        found: list[int] = []
        row = self.get(agency_id)
        while row is not None and row.parent_id is not None and row.parent_id not in (*found, agency_id):
            found.append(row.parent_id)
            row = self.get(row.parent_id)
        return tuple(found)

    def supervisor_of(self, agency_id: int) -> int | None:
        """Who checks the results of an enterprise: who was named, else the agency above it; None for other agencies.

        An agency that has ended checks nothing.
        """
        row = self.get(agency_id)
        if row is None or row.kind != ENTERPRISE:
            return None
        named = (self.supervised().get(agency_id), row.parent_id)
        rows = (self.get(one) for one in named if one is not None)
        return next((one.id for one in rows if one is not None and one.active), None)

    def supervised(self) -> dict[int, int]:
        """Enterprises for which a supervising agency was named, and that agency."""
        return {row.enterprise_id: row.supervisor_id for row in self.connection.look(select(SUPERVISIONS))}

    def supervise(self, enterprise_id: int, supervisor_id: int | None) -> None:
        """Name who checks the results of an enterprise; None: the agency above it does."""
        self.connection.execute(delete(SUPERVISIONS).where(SUPERVISIONS.c.enterprise_id == enterprise_id))
        if supervisor_id is not None:
            row = {"enterprise_id": enterprise_id, "supervisor_id": supervisor_id}
            self.connection.execute(insert(SUPERVISIONS), row)

    def add(self, code: str, vi: str, en: str, kind: str, parent_id: int | None, search: str, now: datetime) -> int:
        """A new agency; its id."""
        row = {"code": code, "vi": vi, "en": en, "kind": kind, "parent_id": parent_id, "search": search,
               "active": True, "created_at": now}  # fmt: skip
        return int(self.connection.scalar(insert(AGENCIES).returning(AGENCIES.c.id), row) or 0)

    def change(self, agency_id: int, **values: Any) -> None:
        """Set columns of one agency."""
        self.connection.execute(update(AGENCIES).where(AGENCIES.c.id == agency_id).values(**values))
        self._known.pop(agency_id, None)

    def successors(self) -> dict[int, tuple[int, ...]]:
        """Who took over from each agency that has ended, or is to."""
        found: dict[int, tuple[int, ...]] = {}
        for row in self.connection.look(_SUCCESSORS):
            found[row.agency_id] = (*found.get(row.agency_id, ()), row.successor_id)
        return found

    def succeed(self, agency_id: int, successors: Iterable[int]) -> None:
        """Who takes over from an agency; instead of what was said of it before."""
        self.connection.execute(delete(SUCCESSORS).where(SUCCESSORS.c.agency_id == agency_id))
        values = [{"agency_id": agency_id, "successor_id": one} for one in successors]
        if values:
            self.connection.execute(insert(SUCCESSORS), values)

    def routes(self) -> list[RouteRow]:
        """Every route."""
        return [RouteRow(*row) for row in self.connection.look(_ROUTES)]

    def add_route(self, category: str | None, area: str | None, agency_id: int) -> bool:
        """A new route. False: it is there already."""
        if any((r.category, r.area, r.agency_id) == (category, area, agency_id) for r in self.routes()):
            return False
        self.connection.execute(insert(ROUTES), {"category": category, "area": area, "agency_id": agency_id})
        return True

    def drop_route(self, route_id: int) -> bool:
        """Delete a route. False: there is none."""
        return bool(self.connection.execute(delete(ROUTES).where(ROUTES.c.id == route_id)).rowcount)

    def make_code(self, code: str, agency_id: int | None, now: datetime, expires_at: datetime) -> None:
        """Keep a one-time code, as a hash."""
        row = {"hash": hashed(code), "agency_id": agency_id, "created_at": now, "expires_at": expires_at}
        self.connection.execute(insert(LINK_CODES), row)

    def use_code(self, code: str, chat_id: int, now: datetime) -> tuple[bool, int | None]:
        """Spend a code: (worked, agency or None for the operators). It works once and before it expires."""
        spent = (
            update(LINK_CODES)
            .where(
                LINK_CODES.c.hash == hashed(code),
                LINK_CODES.c.used_at.is_(None),
                LINK_CODES.c.expires_at > now,
            )
            .values(used_at=now, chat_id=chat_id)
            .returning(LINK_CODES.c.agency_id)
        )
        row = self.connection.execute(spent).first()
        return (True, row.agency_id) if row else (False, None)

    def count(self) -> int:
        """How many agencies there are."""
        return int(self.connection.scalar(select(func.count()).select_from(AGENCIES)) or 0)
