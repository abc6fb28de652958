"""What the rules know that hardly ever changes: categories, areas, routes, policy, words to look out for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from handlers.inspection_line import lines
from handlers.places import BORDER_M, Places
from handlers.stance import Stance
from handlers.standing import rules
from storage.areas import AreaRow
from storage.categories import CategoryRow
from storage.law import Laws
from storage.seeding import Lookout
from storage.storms import StormStore
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.decide import open_actions
from workflows.case.law import Law
from workflows.case.model import Case
from workflows.case.policy import Policy, elapsed
from workflows.case.routing import Rule
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.evidence import Lesson
from workflows.conversation.facts import Area, Located
from workflows.conversation.limits import Limits
from workflows.storm.mode import Storm

T = TypeVar("T")
FRESH = timedelta(seconds=15)  # how late a change by command line may reach a running worker
LESSONS_FRESH = timedelta(minutes=5)
CORRECTIONS = 1000  # the latest teach what people report now; more would cost a step too much
AREAS_FRESH = timedelta(minutes=5)  # outlines are large, and change once in years


class Knowledge:
    """Read from the store now and then, kept in this process for a few seconds in between."""

    def __init__(self, now: Callable[[], datetime], laws: Laws, lookout: Lookout, border_m: float = BORDER_M) -> None:
        self._now = now
        self._border_m = border_m
        self._laws = laws
        self.lookout = lookout
        self._kept: dict[str, tuple[datetime, Any]] = {}
        self._searched = CategoryTree()

    def categories(self, uow: UnitOfWork) -> CategoryTree:
        """The tree of categories in use, with what has been learned of them."""
        return self._known("categories", lambda: self._tree(uow))

    def forget_words(self) -> None:
        """Learn anew what words mean: somebody's have been erased."""
        for name in ("categories", "lessons"):
            self._kept.pop(name, None)

    def _tree(self, uow: UnitOfWork) -> CategoryTree:
        """The same tree as before where nothing has changed: what it is searched by is costly to make."""
        lessons = self._known("lessons", lambda: lessons_of(uow), LESSONS_FRESH)
        tree = tree_of(uow.categories.all(), lessons)
        if tree != self._searched:
            self._searched = tree
        return self._searched

    def routes(self, uow: UnitOfWork) -> tuple[Rule, ...]:
        """Which agency answers for what."""
        return self._known("routes", lambda: rules(uow, self._now()))

    def law(self, uow: UnitOfWork, case: Case | None = None) -> Law:
        """The law that a case was opened under; without a case, the one for what is opened now."""
        now = self._now()
        if case is None:
            return self._known("law", lambda: self._laws.in_force(uow, now))
        version = case.policy or f"{case.opened_at:%Y-%m-%d}"
        name = f"law {version} {case.opened_at.year}"
        return self._known(name, lambda: self._laws.of_case(uow, case, now))

    def required(self, uow: UnitOfWork) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Parts that the policy wants of a report, by category."""
        return tuple((one.category, one.parts) for one in self.law(uow).policy.required)

    def storms(self, uow: UnitOfWork) -> tuple[Storm, ...]:
        """Storms that nobody has switched off."""
        return self._known("storms", lambda: StormStore(uow).standing())

    def forget_storms(self) -> None:
        """One was switched on or off here."""
        self._kept.pop("storms", None)

    def limits(self, uow: UnitOfWork, limits: Limits) -> Limits:
        """The conversation's limits with the policy's own: how long a draft may be silent (T2)."""
        return self._known("limits", lambda: _with_silence(limits, self.law(uow).policy))

    def open_here(self, uow: UnitOfWork, case: Case, stands: Stance) -> tuple[Action, ...]:
        """The moves open to who stands there; none that would lead to an empty list of units below."""
        found = open_actions(
            case,
            stands.roles,
            self.law(uow, case),
            stands.agency_id,
            above=stands.above,
            in_stead=stands.in_stead,
        )
        if case.sensitive:
            return self._open_to_line(uow, case, found)
        if Action.DELEGATE not in found or stands.above or case.agency_id in self._with_branches(uow):
            return found
        return tuple(action for action in found if action is not Action.DELEGATE)

    def has_line(self, uow: UnitOfWork) -> bool:
        """Whether there is an inspection line for cases about officials (R61)."""
        return bool(self._lines(uow))

    def _lines(self, uow: UnitOfWork) -> frozenset[int]:
        return self._known("lines", lambda: frozenset(line.id for line in lines(uow)))

    def _open_to_line(self, uow: UnitOfWork, case: Case, found: tuple[Action, ...]) -> tuple[Action, ...]:
        """A case about officials goes from one unit of the inspection line to another, where there is another."""
        others = bool(self._lines(uow) - {case.agency_id})
        below = case.agency_id is None or case.agency_id in self._with_branches(uow)
        closed = {Action.DELEGATE: not (others and below), Action.REQUEST_TRANSFER: not others}
        return tuple(action for action in found if not closed.get(action, False))

    def _with_branches(self, uow: UnitOfWork) -> frozenset[int | None]:
        """Agencies that have units below them."""
        return self._known(
            "branches", lambda: frozenset(agency.parent_id for agency in uow.agencies.all() if agency.active)
        )

    def locate(self, uow: UnitOfWork, lat: float, lon: float) -> Located:
        """Where a position falls."""
        return self._areas(uow).locate(lat, lon)

    def named_areas(self, uow: UnitOfWork, address: str) -> tuple[Area, ...]:
        """Areas whose names, present or old, occur in a typed address, with or without diacritics."""
        return self._areas(uow).named(address)

    def search_areas(self, uow: UnitOfWork, words: str) -> tuple[Area, ...]:
        """Areas whose names, present or old, contain these words; all for no words."""
        return self._areas(uow).search(words)

    def outlines(self, uow: UnitOfWork) -> str:
        """The outlines of the areas we serve, as GeoJSON for a map."""
        return self._known("outlines", lambda: _outlines(uow.areas.all(self._now())), AREAS_FRESH)

    def present_areas(self, uow: UnitOfWork, code: str) -> tuple[str, ...]:
        """The codes of what there is now in place of an area: itself, or what it became."""
        return self._areas(uow).present(code)

    def _areas(self, uow: UnitOfWork) -> Places:
        return self._known("areas", lambda: Places.of(uow, self._now(), self._border_m), AREAS_FRESH)

    def forget(self) -> None:
        """Read everything anew next time."""
        self._kept = {}

    def _known(self, name: str, read: Callable[[], T], fresh: timedelta = FRESH) -> T:
        kept = self._kept.get(name)
        now = self._now()
        if kept is None or not kept[0] <= now < kept[0] + fresh:
            kept = (now, read())
            self._kept[name] = kept
        value: T = kept[1]
        return value


def _with_silence(limits: Limits, policy: Policy) -> Limits:
    return replace(limits, reminder_after=elapsed(policy.draft_reminder), drop_after=elapsed(policy.draft_dropped))


def lessons_of(uow: UnitOfWork) -> tuple[Lesson, ...]:
    """What suggestions are learned from: our own sentences, and what officers corrected last."""
    return (*uow.categories.sentences(), *uow.categories.corrected(CORRECTIONS).values())


def tree_of(rows: Iterable[CategoryRow], lessons: tuple[Lesson, ...] = ()) -> CategoryTree:
    """The categories in use as the rules know them."""
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
            for row in rows
            if row.active
        ),
        lessons,
    )


def _outlines(rows: list[AreaRow]) -> str:
    from storage.outlines import outlines  # shapely: only for a process that shows a map

    return outlines(rows)
