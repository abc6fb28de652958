"""What the rules know that hardly ever changes: categories, areas, routes, policy, words to look out for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from storage.seeding import Lookout
from storage.unit_of_work import UnitOfWork
from workflows.case.law import Law
from workflows.case.routing import Rule
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.facts import Area, Located

T = TypeVar("T")
FRESH = timedelta(seconds=15)  # how late a change by command line may reach a running worker


class Knowledge:
    """Read from the store now and then, kept in this process for a few seconds in between."""

    def __init__(self, now: Callable[[], datetime], law: Callable[[datetime], Law], lookout: Lookout) -> None:
        self._now = now
        self._law = law
        self.lookout = lookout
        self._kept: dict[str, tuple[datetime, Any]] = {}

    def categories(self, uow: UnitOfWork) -> CategoryTree:
        """The tree of categories in use."""
        return self._known("categories", lambda: _tree(uow))

    def routes(self, uow: UnitOfWork) -> tuple[Rule, ...]:
        """Which agency answers for what."""
        return self._known(
            "routes",
            lambda: tuple(Rule(route.category, route.area, route.agency_id) for route in uow.agencies.routes()),
        )

    def law(self, uow: UnitOfWork) -> Law:
        """The policy in force and its calendar."""
        return self._known("law", lambda: self._law(self._now()))

    def locate(self, uow: UnitOfWork, lat: float, lon: float) -> Located:
        """Where a position falls."""
        return self._areas(uow).locate(lat, lon)

    def named_areas(self, uow: UnitOfWork, address: str) -> tuple[Area, ...]:
        """Areas whose names occur in a typed address, with or without diacritics."""
        return self._areas(uow).named(address)

    def search_areas(self, uow: UnitOfWork, words: str) -> tuple[Area, ...]:
        """Areas whose names contain these words; all for no words."""
        return self._areas(uow).search(words)

    def _areas(self, uow: UnitOfWork) -> _Areas:
        return self._known("areas", lambda: _Areas.read(uow))

    def forget(self) -> None:
        """Read everything anew next time."""
        self._kept = {}

    def _known(self, name: str, read: Callable[[], T]) -> T:
        kept = self._kept.get(name)
        now = self._now()
        if kept is None or not kept[0] <= now < kept[0] + FRESH:
            kept = (now, read())
            self._kept[name] = kept
        value: T = kept[1]
        return value


def _tree(uow: UnitOfWork) -> CategoryTree:
    return CategoryTree(
        tuple(
            Category(
                row.code,
                row.vi,
                row.en,
                parent=row.parent or "",
                emoji=row.emoji,
                examples=row.examples,
                words=row.words,
                danger=row.danger,
                sensitive=row.sensitive,
                photo_required=row.photo_required,
            )
            for row in uow.categories.all()
            if row.active
        )
    )
