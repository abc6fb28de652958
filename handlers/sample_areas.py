"""The drawn sample of areas beside imported ones: what of it still stands, and how it makes room for them."""

from __future__ import annotations

from datetime import datetime

from handlers.administration import Refused
from handlers.areas import retire_area
from handlers.places import Places
from storage.areas import AreaRow
from storage.seeding import sample_areas
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen


@frozen
class Gone:
    """The codes of the sample that went, and the routes that still name one of them."""

    codes: list[str]
    routes: list[int]


def left(uow: UnitOfWork, now: datetime) -> list[AreaRow]:
    """Areas of the sample that stand beside imported ones, and may lie over them; none while it stands alone."""
    standing = uow.areas.all(now)
    drawn = _drawn(standing)
    return drawn if len(drawn) < len(standing) else []


def retire_sample(uow: UnitOfWork, now: datetime) -> Gone:
    """End the sample's areas; their names lead to the imported ones in their place. Raises Refused where it stands
    alone.

    Cases keep the area of their day. What the sample invents about older wards is forgotten.
    """
    rows = left(uow, now)
    if not rows:
        raise Refused(
            "không có địa bàn mẫu nào bên cạnh địa bàn đã nhập; xem areas list, nhập bằng areas import",
            "no area of the sample stands beside imported ones; see areas list, import with areas import",
        )
    imported = [row for row in uow.areas.all(now) if row not in rows]
    places, routes = Places(imported), set[int]()
    for row in rows:
        found = places.named(row.vi) or places.locate(row.lat, row.lon).areas
        routes |= set(retire_area(uow, row.code, now, [area.code for area in found], now))
        uow.areas.change(row.code, served=bool(found))
    invented = {(unit.row.code, unit.row.valid_until) for unit in sample_areas()}
    for row in _drawn(uow.areas.register()):
        if row.valid_until is not None and (row.code, row.valid_until) in invented:  # not ended by anybody here
            uow.areas.succeed(row.code, row.valid_until, ())
            uow.areas.change(row.code, served=False)
    return Gone([row.code for row in rows], sorted(routes))


def _drawn(rows: list[AreaRow]) -> list[AreaRow]:
    """Those that are as the sample has them: a code alone may be anybody's."""
    sample = {(unit.row.code, unit.row.lat, unit.row.lon) for unit in sample_areas()}
    return [row for row in rows if (row.code, row.lat, row.lon) in sample]
