"""The law of a case: the version of the policy that it goes by, and the working calendar, as one pure value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache

from storage.holidays import Override, working_calendar
from storage.policies import PolicyRow
from storage.policy_file import DEFAULT, SHIPPED, read_text, shipped
from storage.unit_of_work import UnitOfWork
from workflows.case.calendar import VIETNAM, Span, WorkingCalendar
from workflows.case.law import Law
from workflows.case.model import Case
from workflows.case.policy_data import PolicyData
from workflows.frozen import frozen

__all__ = ["Laws", "law_of"]

YEARS_BEFORE, YEARS_AFTER = 1, 2  # around a case and today, that its calendar must know


@frozen
class Laws:
    """By which policy new cases go (``name``), and where its days begin and end."""

    name: str = DEFAULT
    zone: tzinfo = VIETNAM

    def in_force(self, uow: UnitOfWork, at: datetime) -> Law:
        """The law for a case that opens at ``at``. Raises BadFile."""
        return self._law(uow, uow.policies.in_force(self.name, at), at, at)

    def of_case(self, uow: UnitOfWork, case: Case, now: datetime) -> Law:
        """The law that a case was opened under, with the calendar as it is known now. Raises as ``in_force``."""
        return self.of_version(uow, case.policy, case.opened_at, now)

    def of_version(self, uow: UnitOfWork, key: str, opened_at: datetime, now: datetime) -> Law:
        """The law of a version (``hue/2``); where none was written down, of the one in force at that time."""
        name, _, version = key.partition("/")
        row = uow.policies.find(name, int(version)) if version.isdigit() else None
        row = row or uow.policies.in_force(self.name, opened_at)
        return self._law(uow, row, min(opened_at, now), max(opened_at, now))

    def _law(self, uow: UnitOfWork, row: PolicyRow | None, first: datetime, last: datetime) -> Law:
        groups = {one.code: one.parent for one in uow.categories.all() if one.parent}
        data = read_version(row.text, row.key) if row else shipped_data(self.name)
        key = row.key if row else ""
        return law_of(data, key, first, last, zone=self.zone, entered=uow.days.all(), groups=groups)


def law_of(
    data: PolicyData,
    version: str,
    first: datetime,
    last: datetime,
    *,
    zone: tzinfo = VIETNAM,
    entered: Iterable[Override] = (),
    groups: Mapping[str, str] | None = None,
) -> Law:
    """The law of one policy for what happens between two instants. Raises BadFile."""
    years = (first.astimezone(zone).year - YEARS_BEFORE, last.astimezone(zone).year + YEARS_AFTER)
    calendar = _calendar(years, data.week, data.swapped_hours, zone, tuple(entered))
    return Law(data.policy, calendar, version, data.regulation.number, groups or {})


@lru_cache(maxsize=64)
def _calendar(
    years: tuple[int, int],
    week: tuple[tuple[Span, ...], ...],
    swapped_hours: tuple[Span, ...],
    zone: tzinfo,
    entered: tuple[Override, ...],
) -> WorkingCalendar:
    """The holidays of several years take a while to work out, and are asked for at every case."""
    first, last = years
    return working_calendar(range(first, last + 1), week=week, swapped_hours=swapped_hours, zone=zone, entered=entered)


@lru_cache(maxsize=64)
def read_version(text: str, key: str) -> PolicyData:
    """A stored version as values; it never changes, so it is read once. Raises BadFile."""
    return read_text(text, key, whole=False)


def shipped_data(name: str) -> PolicyData:
    """A policy that came with the program; the default one for a name that did not. Raises BadFile."""
    name = name if name in SHIPPED else DEFAULT
    return read_version(shipped(name), f"{name}.yaml")
