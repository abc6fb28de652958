"""Banners: what citizens read first while a storm is on over their area."""

from __future__ import annotations

from datetime import datetime

from handlers.tools import Tools
from storage.unit_of_work import UnitOfWork
from workflows.case.view import Names
from workflows.messages import Line, Value, names, word
from workflows.storm.mode import Storm, on, over


def everywhere(tools: Tools, uow: UnitOfWork, now: datetime) -> tuple[Line, ...]:
    """Every storm that is on: whoever only begins to report has not said where yet."""
    return tuple(banner(uow, storm) for storm in on(tools.knowledge.storms(uow), now))


def of_area(tools: Tools, uow: UnitOfWork, area: str, now: datetime) -> tuple[Line, ...]:
    """Those that are on over an area."""
    return tuple(banner(uow, storm) for storm in over(tools.knowledge.storms(uow), area, now))


def banner(uow: UnitOfWork, storm: Storm) -> Line:
    """One storm's words, with its area before them."""
    return Line("storm.banner", {"text": names(storm.vi, storm.en), "area": area_value(uow, storm.area)})


def area_value(uow: UnitOfWork, code: str) -> Value:
    """An area's names, or that it is everywhere."""
    found = names_of_area(uow, code)
    return names(found.vi, found.en) if found else word("storm.everywhere")


def names_of_area(uow: UnitOfWork, code: str) -> Names | None:
    """An area's names of today."""
    found = uow.areas.names(code) if code else None
    return Names(*found) if found else None
