"""Places in the store: which cases lie near a position, and spots whose cases a person has chained (R52)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select

from storage.cases import CASES, COLUMNS, POSITIONS, WORDS, CaseRow, case_row
from storage.driver import Query
from storage.models import Spot, SpotCase, table_of
from storage.sql import among, insert_new, spoken
from storage.writer import Writer
from workflows.frozen import frozen
from workflows.nearby import Found, box, cells_around

SPOTS = table_of(Spot)
SPOT_CASES = table_of(SpotCase)
MOST = 100  # cases of one place that are looked at, the newest

# Alone it is planned in no time, and mostly finds nothing.
_PLACES = Query(
    select(POSITIONS.c.id).where(
        among(POSITIONS.c.cell, "cells"),
        POSITIONS.c.lat.between(bindparam("south"), bindparam("north")),
        POSITIONS.c.lon.between(bindparam("west"), bindparam("east")),
    )
)
_NEAR = (
    select(*COLUMNS, POSITIONS.c.id.label("position"), POSITIONS.c.lat, POSITIONS.c.lon, WORDS.c.text)
    .select_from(POSITIONS)
    .join(CASES, CASES.c.id == POSITIONS.c.case_id)
    .outerjoin(WORDS, and_(WORDS.c.case_id == CASES.c.id, WORDS.c.kind == "report"))
    .where(among(POSITIONS.c.id, "places"), CASES.c.sensitive.is_(False))
    .order_by(CASES.c.id.desc())
    .limit(MOST)
)
_OF_SPOT = (
    select(*COLUMNS)
    .join(SPOT_CASES, SPOT_CASES.c.case_id == CASES.c.id)
    .where(SPOT_CASES.c.spot_id == bindparam("spot"), CASES.c.sensitive.is_(False))
    .order_by(CASES.c.opened_at, CASES.c.id)
)
_NEW_SPOT = insert_new(SPOTS)
_SPOT_OF = select(SPOT_CASES.c.spot_id).where(SPOT_CASES.c.case_id == bindparam("case"))


@frozen
class SpotLine:
    """One spot: how often the same trouble was reported there, since when and until when."""

    id: int
    category: str
    area: str
    times: int
    first_at: datetime
    last_at: datetime


class SpotStore:
    """Places inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def near(self, lat: float, lon: float, metres: int) -> list[Found]:
        """Cases whose place lies in a square of so many metres to each side; none that is about officials (R61).

        Newest first. By an index; what others have sent in the same moment may be missing.
        """
        places = [place for (place,) in self.connection.ask(_PLACES, around(lat, lon, metres))]
        rows = self.connection.look(_NEAR, {"places": places}) if places else ()
        return [found for row in rows if (found := _found(row)) is not None]

    def of_case(self, case_id: int) -> int | None:
        """The spot in whose chain a case is."""
        spot: int | None = self.connection.scalar(_SPOT_OF, {"case": case_id})
        return spot

    def cases(self, spot: int) -> list[CaseRow]:
        """The cases of a spot, oldest first; none that is about officials (R61)."""
        return [case_row(row) for row in self.connection.execute(_OF_SPOT, {"spot": spot})]

    def found(self, spot: int, category: str, area: str, now: datetime) -> None:
        """A spot, unless it is there; its number is the id of its first case."""
        row = {"id": spot, "category": category, "area": area or None, "made_at": now}
        self.connection.execute(spoken(self.connection, _NEW_SPOT), row)

    def size(self, spot: int) -> int:
        """How many cases are in a chain."""
        found = select(func.count()).select_from(SPOT_CASES).where(SPOT_CASES.c.spot_id == spot)
        return int(self.connection.scalar(found) or 0)

    def put(self, spot: int, case_id: int) -> None:
        """A case belongs to the chain of a spot."""
        self.take(case_id)
        self.connection.execute(insert(SPOT_CASES).values(case_id=case_id, spot_id=spot))

    def take(self, case_id: int) -> None:
        """A case belongs to no chain any more."""
        self.connection.execute(delete(SPOT_CASES).where(SPOT_CASES.c.case_id == case_id))

    def clear(self, spot: int) -> None:
        """A chain of one is none."""
        self.connection.execute(delete(SPOT_CASES).where(SPOT_CASES.c.spot_id == spot))
        self.connection.execute(delete(SPOTS).where(SPOTS.c.id == spot))

    def listing(self, category: str = "", area: str = "", at_least: int = 2, how_many: int = 50) -> list[SpotLine]:
        """Spots by how often the same trouble came back; cases about officials are not counted (R61)."""
        times = func.count(CASES.c.id)
        found = (
            select(SPOTS.c.id, SPOTS.c.category, SPOTS.c.area, times.label("times"),
                   func.min(CASES.c.opened_at).label("first_at"), func.max(CASES.c.opened_at).label("last_at"))
            .join(SPOT_CASES, SPOT_CASES.c.spot_id == SPOTS.c.id)
            .join(CASES, CASES.c.id == SPOT_CASES.c.case_id)
            .where(CASES.c.sensitive.is_(False))
            .group_by(SPOTS.c.id, SPOTS.c.category, SPOTS.c.area)
            .having(times >= at_least)
            .order_by(times.desc(), func.max(CASES.c.opened_at).desc())
            .limit(how_many)
        )  # fmt: skip
        if category:
            found = found.where(SPOTS.c.category == category)
        if area:
            found = found.where(SPOTS.c.area == area)
        rows = self.connection.execute(found)
        return [SpotLine(row.id, row.category, row.area or "", row.times, row.first_at, row.last_at) for row in rows]

    def members(self, case_ids: Sequence[int]) -> dict[int, int]:
        """Case to spot, of these cases."""
        found = select(SPOT_CASES.c.case_id, SPOT_CASES.c.spot_id).where(SPOT_CASES.c.case_id.in_(list(case_ids)))
        return {case_id: spot for case_id, spot in self.connection.execute(found)}


def around(lat: float, lon: float, metres: int) -> dict[str, Any]:
    """Where to look: the cells by which the index finds, and the square itself."""
    north, east = box(lat, metres)
    sides = {"south": lat - north, "north": lat + north, "west": lon - east, "east": lon + east}
    return {"cells": list(cells_around(lat, lon)), **sides}


def _found(row: Row[Any]) -> Found | None:
    """A case at its place of now; positions that were corrected or only mentioned are not its place.

    Nor is one that was emptied after its place was found (erasure).
    """
    case = case_row(row).case
    if case.position != row.position or row.lat is None or row.lon is None:
        return None
    return Found(row.id, case, row.lat, row.lon, row.text or "")
