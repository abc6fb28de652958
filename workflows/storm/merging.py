"""Which reports of a storm are one: by area and category, each group with the case that goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.case.guards import MASTERS
from workflows.case.model import Case, State
from workflows.frozen import frozen

MERGED = (State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS)  # what T7 can merge


@frozen
class Group:
    """One matter: the case that goes on and those that are merged into it, by id."""

    master: int
    others: tuple[int, ...]


def groups(cases: Iterable[tuple[int, Case]]) -> tuple[Group, ...]:
    """Groups of cases of one area, category and holder, by the id of the case that goes on.

    Left alone: what is sensitive (R61) or without an area, what is urgent (it has a clock of its own), and a case
    into which others were merged already, unless it is the one that goes on.
    """
    alike: dict[tuple[str, str, int | None], list[tuple[int, Case]]] = {}
    for case_id, case in cases:
        if case.area and not case.sensitive and case.state in MASTERS:
            alike.setdefault((case.area, case.category, case.agency_id), []).append((case_id, case))
    found = (_group(members) for members in alike.values())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.master))


def _group(members: list[tuple[int, Case]]) -> Group | None:
    master, _ = min(members, key=_order)
    others = sorted(case_id for case_id, case in members if case_id != master and _may_go(case))
    return Group(master, tuple(others)) if others else None


def _order(member: tuple[int, Case]) -> tuple[bool, bool, datetime, int]:
    """What others were merged into goes on, else what is urgent, else what came first."""
    case_id, case = member
    return (not case.merged_in, not case.urgent, case.opened_at, case_id)


def _may_go(case: Case) -> bool:
    return case.state in MERGED and not case.urgent and not case.merged_in
