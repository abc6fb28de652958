"""From category and place to the agency that answers for it, by a table whose most specific rule wins (R48)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workflows.frozen import frozen


@frozen
class Rule:
    """One agency answers for a category (leaf or group) in an area; empty or None means any."""

    category: str | None
    area: str | None
    agency_id: int


@frozen
class RouteResult:
    """Who answers. ``agency_id`` is None when no rule fits or when equally specific rules name several agencies.

    ``rules`` are the rules that decided, or that contradict each other.
    """

    agency_id: int | None = None
    rules: tuple[Rule, ...] = ()


@frozen
class Field:
    """A category that a report may have: its codes from the leaf up to the group."""

    path: tuple[str, ...]
    sensitive: bool = False


@frozen
class Coverage:
    """What the table leaves open: (category, area) without an agency, and with several at once.

    An area of "" stands for reports whose area is not known.
    """

    gaps: tuple[tuple[str, str], ...]
    overlaps: tuple[tuple[str, str, tuple[Rule, ...]], ...]


def route(rules: Iterable[Rule], category_path: Sequence[str], area_path: Sequence[str]) -> RouteResult:
    """The agency for a category (leaf first, then its groups) in an area (smallest first, then what contains it).

    A rule for the leaf goes before one for the group, and that before one for any category; among these a rule
    for the area goes before one for any area.
    """
    return _find(_by_place(rules), category_path, area_path)


def gaps_and_overlaps(rules: Iterable[Rule], categories: Iterable[Field], areas: Iterable[Sequence[str]]) -> Coverage:
    """Every category in every area that nobody or several agencies answer for (R48).

    Sensitive categories are left out: they go to the inspection line, or stay with the operators. Each area is its
    path, smallest first. Without areas the table is judged for reports whose area is not known.
    """
    table = _by_place(rules)
    paths = [tuple(path) for path in areas] or [()]
    gaps: list[tuple[str, str]] = []
    overlaps: list[tuple[str, str, tuple[Rule, ...]]] = []
    for field in categories:
        for path in () if field.sensitive else paths:
            found = _find(table, field.path, path)
            where = (field.path[0], path[0] if path else "")
            if not found.rules:
                gaps.append(where)
            elif found.agency_id is None:
                overlaps.append((*where, found.rules))
    return Coverage(tuple(gaps), tuple(overlaps))


def check_routes(
    rules: Iterable[Rule], categories: Iterable[Field], lines: frozenset[int] = frozenset()
) -> tuple[Rule, ...]:
    """The rules that would send reports about officials to anybody but the inspection line (R61).

    A rule breaks this when it names a sensitive category, or a group of which all are sensitive. A rule for any
    category need not be refused: the move itself (T9) never gives a sensitive case away. ``lines`` are the units of
    the inspection line.
    """
    fields = tuple(categories)
    ordinary = {code for field in fields if not field.sensitive for code in field.path}
    sensitive = {code for field in fields if field.sensitive for code in field.path} - ordinary
    return tuple(rule for rule in rules if rule.category in sensitive and rule.agency_id not in lines)


_Table = dict[tuple[str, str], tuple[Rule, ...]]


def _by_place(rules: Iterable[Rule]) -> _Table:
    table: _Table = {}
    for rule in rules:
        key = (rule.category or "", rule.area or "")
        table[key] = (*table.get(key, ()), rule)
    return table


def _find(table: _Table, category_path: Sequence[str], area_path: Sequence[str]) -> RouteResult:
    for key in _from_special_to_general(category_path, area_path):
        if rules := table.get(key):
            agencies = {rule.agency_id for rule in rules}
            return RouteResult(agencies.pop() if len(agencies) == 1 else None, rules)
    return RouteResult()


def _from_special_to_general(category_path: Sequence[str], area_path: Sequence[str]) -> Iterator[tuple[str, str]]:
    for category in (*category_path, ""):
        for area in (*area_path, ""):
            yield category, area
