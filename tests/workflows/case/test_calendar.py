"""The working calendar: days off, swapped Saturdays, lunch breaks, and counting forth and back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.case.calendar import OFFICE_DAY, OFFICE_WEEK, VIETNAM, WorkingCalendar

NEW_YEAR = date(2026, 1, 1)  # Thursday
BRIDGE = date(2026, 1, 2)  # Friday, off
SWAPPED = date(2026, 1, 10)  # Saturday, worked for it
CALENDAR = WorkingCalendar(holidays=frozenset({NEW_YEAR, BRIDGE}), swapped=frozenset({SWAPPED}))

DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))
SETS_OF_DAYS = st.frozensets(st.dates(date(2025, 6, 1), date(2027, 6, 1)), max_size=40)
CALENDARS = st.builds(WorkingCalendar, holidays=SETS_OF_DAYS, swapped=SETS_OF_DAYS)
INSTANTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
COUNTS = st.integers(0, 40)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 12, 31), True),
        (NEW_YEAR, False),
        (BRIDGE, False),
        (date(2026, 1, 3), False),
        (SWAPPED, True),
        (date(2026, 1, 11), False),
    ],
)
def test_which_days_count(day, works):
    assert CALENDAR.is_working(day) is works


def test_a_swapped_saturday_has_office_hours():
    assert CALENDAR.hours(SWAPPED) == OFFICE_DAY
    assert CALENDAR.closes(SWAPPED) == at("2026-01-10 17:00")


def test_a_day_off_has_no_closing():
    with pytest.raises(ValueError, match="no working day"):
        CALENDAR.closes(NEW_YEAR)
    assert not CALENDAR.is_after_closing(at("2026-01-01 23:00"))


def test_a_week_may_work_on_saturday_morning():
    week = (*OFFICE_WEEK[:5], ((time(7, 30), time(11, 30)),), ())
    calendar = WorkingCalendar(week=week)
    assert calendar.closes(date(2026, 1, 10)) == at("2026-01-10 11:30")
    assert calendar.is_after_closing(at("2026-01-10 11:31"))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-12-31", 1, "2026-01-05"),
        ("2026-01-05", -1, "2025-12-31"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-01-09", 2, "2026-01-12"),
        ("2026-01-11", 1, "2026-01-12"),
        ("2026-01-11", 0, "2026-01-12"),
        ("2026-01-12", 0, "2026-01-12"),
        ("2026-01-11", -1, "2026-01-10"),
    ],
)
def test_adding_working_days(start, count, end):
    assert CALENDAR.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(CALENDARS, DAYS, COUNTS)
def test_the_end_is_a_working_day(calendar, day, count):
    assert calendar.is_working(calendar.add_working_days(day, count))


@given(CALENDARS, DAYS, DAYS, COUNTS)
def test_a_later_day_never_ends_earlier(calendar, one, other, count):
    early, late = sorted((one, other))
    assert calendar.add_working_days(early, count) <= calendar.add_working_days(late, count)


@given(CALENDARS, DAYS, COUNTS)
def test_one_more_day_ends_later(calendar, day, count):
    start = calendar.working_on_or_after(day)
    assert calendar.add_working_days(start, count) < calendar.add_working_days(start, count + 1)


@given(CALENDARS, DAYS, st.integers(-40, 40))
def test_there_and_back_from_a_working_day(calendar, day, count):
    start = calendar.working_on_or_after(day)
    end = calendar.add_working_days(start, count)
    assert calendar.add_working_days(end, -count) == start
    assert calendar.working_days_between(start, end) == count


@given(CALENDARS, DAYS, COUNTS)
def test_the_days_counted_are_all_the_working_days_on_the_way(calendar, day, count):
    end = calendar.add_working_days(calendar.working_on_or_after(day), count)
    passed = calendar.days_passed(calendar.working_on_or_after(day), count)
    assert len(passed) == count
    assert all(calendar.is_working(one) for one in passed)
    assert not passed or passed[-1] == end


@given(DAYS)
def test_a_swapped_saturday_brings_the_end_forward(day):
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    friday = saturday - timedelta(days=1)
    plain, swapped = WorkingCalendar(), WorkingCalendar(swapped=frozenset({saturday}))
    assert swapped.add_working_days(friday, 1) == saturday
    assert swapped.add_working_days(friday, 5) < plain.add_working_days(friday, 5)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-01-05 08:00", 2, "2026-01-05 10:00"),
        ("2026-01-05 10:30", 2, "2026-01-05 14:30"),
        ("2026-01-05 12:00", 1, "2026-01-05 14:30"),
        ("2026-01-05 16:00", 4, "2026-01-06 10:30"),
        ("2026-01-09 16:00", 4, "2026-01-10 10:30"),
        ("2026-01-10 16:00", 4, "2026-01-12 10:30"),
        ("2025-12-31 16:00", 4, "2026-01-05 10:30"),
        ("2026-01-05 03:00", 4, "2026-01-05 11:30"),
        ("2026-01-04 12:00", 0, "2026-01-04 12:00"),
    ],
)
def test_working_hours_stop_at_lunch_and_at_night(start, hours, end):
    assert CALENDAR.add_working_time(at(start), timedelta(hours=hours)) == at(end)


@given(CALENDARS, INSTANTS, st.integers(1, 60 * 60))
def test_working_time_added_is_working_time_passed(calendar, start, minutes):
    length = timedelta(minutes=minutes)
    end = calendar.add_working_time(start, length)
    assert calendar.working_time_between(start, end) == length
    assert calendar.is_working(calendar.local_day(end))


@given(CALENDARS, INSTANTS, INSTANTS, st.integers(0, 60))
def test_working_time_never_runs_backwards(calendar, one, other, hours):
    early, late = sorted((one, other))
    length = timedelta(hours=hours)
    assert calendar.add_working_time(early, length) <= calendar.add_working_time(late, length)
    assert calendar.working_time_between(late, early) == timedelta()


def test_working_time_is_never_taken_away():
    with pytest.raises(ValueError, match="added"):
        CALENDAR.add_working_time(at("2026-01-05 08:00"), timedelta(hours=-1))


def test_days_are_local_days():
    assert CALENDAR.local_day(datetime(2026, 1, 4, 17, 30, tzinfo=UTC)) == date(2026, 1, 5)
    assert CALENDAR.end_of(date(2026, 1, 5)) == at("2026-01-05 23:59:59.999999")


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.local_day(datetime(2026, 1, 5, 8, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "options",
    [
        {"week": OFFICE_WEEK[:6]},
        {"week": ((),) * 7},
        {"swapped_hours": ()},
        {"swapped_hours": ((time(11), time(7)),)},
        {"week": (((time(7), time(12)), (time(11), time(17))),) * 7},
    ],
)
def test_a_week_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match="work"):
        WorkingCalendar(**options)
