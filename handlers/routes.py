"""Which agency is responsible by routes: for a category or the one above it, in an area or what it has become."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.tools import Tools
from storage.unit_of_work import UnitOfWork
from workflows.case.routing import Rule, route


def responsible(tools: Tools, uow: UnitOfWork, rules: Sequence[Rule], category: str, area: str) -> int | None:
    """Who the rules say is responsible; None where that is open."""
    found = tools.knowledge.categories(uow).find(category)
    path = (category, found.parent) if found and found.parent else (category,)
    return route(rules, path, _areas(tools, uow, area)).agency_id


def _areas(tools: Tools, uow: UnitOfWork, code: str) -> tuple[str, ...]:
    """A case's area as routes may name it: its own, and the one that it has become, if it is no more."""
    if not code:
        return ()
    now = tools.knowledge.present_areas(uow, code)
    return (code, now[0]) if len(now) == 1 and now[0] != code else (code,)
