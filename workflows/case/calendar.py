"""The working calendar: which days and hours count, with holidays and swapped working days as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise

from workflows.frozen import frozen

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975

Span = tuple[time, time]  # from, until: local times of one day
Title = tuple[str, str]  # in Vietnamese, in English

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE_DAY: tuple[Span, ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
OFFICE_WEEK: tuple[tuple[Span, ...], ...] = (OFFICE_DAY,) * 5 + ((), ())

_DAY = timedelta(days=1)


@frozen
class WorkingCalendar:
    """When offices work. Days and hours are local to ``zone``; instants going in are aware, coming out UTC.

    ``week``: for Monday to Sunday the spans worked, in order; none for a day off. ``holidays``: days off
    although their weekday works. ``swapped``: days worked although their weekday is off, with the hours
    ``swapped_hours``; they win over ``holidays``. ``titles``: why a day is off or worked, in Vietnamese and English.
    Raises ValueError for a week that is not seven days of
    ordered spans, or that has no working day.
    """

    week: tuple[tuple[Span, ...], ...] = OFFICE_WEEK
    holidays: frozenset[date] = frozenset()
    swapped: frozenset[date] = frozenset()
    swapped_hours: tuple[Span, ...] = OFFICE_DAY
    zone: tzinfo = VIETNAM
    titles: Mapping[date, Title] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS) or not any(self.week):
            raise ValueError("a working week has seven days and works on at least one")
        if not self.swapped_hours:
            raise ValueError("a swapped working day has working hours")
        for spans in (*self.week, self.swapped_hours):
            moments = [moment for span in spans for moment in span]
            if any(later <= earlier for earlier, later in pairwise(moments)):
                raise ValueError("working hours of a day are in order and do not overlap")

    def is_working(self, day: date) -> bool:
        """Whether ``day`` counts as a working day."""
        return bool(self.hours(day))

    def hours(self, day: date) -> tuple[Span, ...]:
        """The spans worked on ``day``; empty for a day off."""
        if day in self.swapped:
            return self.week[day.weekday()] or self.swapped_hours
        return () if day in self.holidays else self.week[day.weekday()]

    def local_day(self, at: datetime) -> date:
        """The day on which ``at`` falls here. Raises ValueError for an instant without a time zone."""
        return self._local(at).date()

    def local_time(self, at: datetime) -> time:
        """What the clock on the wall says at ``at``. Raises ValueError for an instant without a time zone."""
        return self._local(at).time()

    def title(self, day: date) -> Title:
        """Why ``day`` is off or worked, as far as it is known."""
        return self.titles.get(day, ("", ""))

    def opens(self, day: date) -> datetime:
        """When work begins on ``day``. Raises ValueError for a day off."""
        hours = self.hours(day)
        if not hours:
            raise ValueError(f"{day} is no working day")
        return self._at(day, hours[0][0])

    def closes(self, day: date) -> datetime:
        """When work ends on ``day``. Raises ValueError for a day off."""
        hours = self.hours(day)
        if not hours:
            raise ValueError(f"{day} is no working day")
        return self._at(day, hours[-1][1])

    def end_of(self, day: date) -> datetime:
        """The last moment of ``day``."""
        return self._at(day, time.max)

    def is_after_closing(self, at: datetime) -> bool:
        """Whether work was over for its day at ``at``; never so on a day off, which has no closing."""
        day = self.local_day(at)
        return self.is_working(day) and at > self.closes(day)

    def next_working(self, day: date) -> date:
        """The first working day after ``day``."""
        return self._walk(day, _DAY)

    def working_on_or_after(self, day: date) -> date:
        """``day`` itself when it is worked, else the next working day."""
        return day if self.is_working(day) else self.next_working(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it, when negative).

        Zero gives ``day`` itself, or the next working day when ``day`` is off: the answer is always a
        working day.
        """
        if count == 0:
            return self.working_on_or_after(day)
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day = self._walk(day, step)
        return day

    def days_passed(self, start: date, count: int) -> tuple[date, ...]:
        """The ``count`` working days after ``start``, in order: what ``add_working_days`` counted."""
        days: list[date] = []
        for _ in range(count):
            days.append(self.next_working(days[-1] if days else start))
        return tuple(days)

    def days_off_between(self, start: date, end: date) -> tuple[date, ...]:
        """The days off after ``start`` and before ``end``."""
        between = (start + timedelta(days=number) for number in range(1, (end - start).days))
        return tuple(day for day in between if not self.is_working(day))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def add_working_time(self, at: datetime, length: timedelta) -> datetime:
        """The moment by which ``length`` of working time has passed since ``at``.

        A length of zero gives ``at`` itself. Raises ValueError for a negative length.
        """
        if length < timedelta():
            raise ValueError("working time is added, not taken away")
        if not length:
            return at.astimezone(UTC)
        spans = self._spans_from(at)
        opens, closes = next(spans)
        while length > closes - opens:
            length -= closes - opens
            opens, closes = next(spans)
        return opens + length

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; nothing when ``end`` is not later."""
        total = timedelta()
        spans = self._spans_from(start)
        opens, closes = next(spans)
        while opens < end:
            total += min(closes, end) - opens
            opens, closes = next(spans)
        return total

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the working spans from ``at`` on, without end."""
        day = self.local_day(at)
        while True:
            for opens, closes in self.hours(day):
                start, end = max(self._at(day, opens), at.astimezone(UTC)), self._at(day, closes)
                if start < end:
                    yield start, end
            day = self.next_working(day)

    def _walk(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working(day):
            day += step
        return day

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return at.astimezone(self.zone)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)
