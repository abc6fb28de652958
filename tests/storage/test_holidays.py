"""The working calendar out of the holidays library, our list of decrees, and the seed files."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
import yaml

from storage.broken import BadFile
from storage.holidays import SEED, Override, read_list, unconfirmed_years, working_calendar
from workflows.case.calendar import OFFICE_DAY

YEARS = (2025, 2026, 2027)


def weekdays_off(year: int) -> set[str]:
    calendar = working_calendar([year])
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    return {f"{day:%d/%m}" for day in days if day.weekday() < 5 and not calendar.is_working(day)}


def saturdays_worked(year: int) -> set[str]:
    return {f"{day:%d/%m}" for day in working_calendar([year]).swapped}


# The government's notices for state offices.
@pytest.mark.parametrize(
    ("year", "off", "worked"),
    [
        (
            2025,
            "01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09",
            "26/04",
        ),
        (
            2026,
            "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
            "10/01 22/08",
        ),
        (2027, "01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09 24/11", ""),
    ],
)
def test_days_off_year_by_year(year, off, worked):
    assert weekdays_off(year) == set(off.split())
    assert saturdays_worked(year) == set(worked.split())


def test_the_decree_that_the_library_does_not_know():
    known = holidays.country_holidays("VN", years=2026)
    assert date(2026, 1, 2) not in known, "the library has learnt it: drop the override"
    calendar = working_calendar([2026])
    assert calendar.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 5)
    assert calendar.add_working_days(date(2026, 1, 9), 1) == date(2026, 1, 10)


def test_the_list_in_the_seed_is_what_the_library_says():
    data = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    known = holidays.country_holidays("VN", years=YEARS)
    assert [entry["date"] for entry in data["days"]] == sorted(known)
    assert data["swapped"] == sorted(day for day in known.weekend_workdays if day.year in YEARS)
    assert all(entry["name"] for entry in data["days"])


def test_every_override_says_where_and_when_it_was_read():
    overrides = read_list().overrides
    assert {str(one.day): one.works for one in overrides} == {"2026-01-02": False, "2026-01-10": True}
    assert all(one.source and one.seen for one in overrides)


def test_a_year_that_nobody_confirmed_is_told():
    assert unconfirmed_years(YEARS) == (2027,)


def test_a_year_that_was_confirmed_in_the_store_is_known():
    assert unconfirmed_years(YEARS, entered=[2027]) == ()


def test_what_was_entered_wins_over_the_list_and_the_library():
    source = {"name": "Bù", "source": "Quyết định", "seen": date(2026, 12, 1)}
    worked, off = Override(date(2026, 9, 2), True, **source), Override(date(2026, 1, 10), False, **source)
    calendar = working_calendar([2026], entered=[worked, off])
    assert calendar.is_working(worked.day) and not calendar.is_working(off.day)
    assert calendar.title(worked.day) == ("Bù", "Bù")


def test_every_holiday_has_a_name_in_both_languages():
    calendar = working_calendar(range(2019, 2029))
    assert all(all(calendar.title(day)) for day in calendar.holidays), [
        day for day in calendar.holidays if not all(calendar.title(day))
    ]
    assert calendar.title(date(2025, 9, 2)) == ("Quốc khánh", "National Day")
    assert calendar.title(date(2027, 9, 3))[0] == "Quốc khánh", "the day that stands in is called the same"


def test_outside_the_years_only_the_week_counts():
    assert working_calendar([2026]).is_working(date(2025, 1, 1))


def test_an_override_wins_over_the_library(tmp_path):
    path = listed(tmp_path, [("2026-02-20", True), ("2026-08-22", False)])
    calendar = working_calendar([2026], path=path)
    assert calendar.hours(date(2026, 2, 20)) == OFFICE_DAY
    assert not calendar.is_working(date(2026, 8, 22))


def listed(folder: Path, days: list[tuple[str, bool]]) -> Path:
    entries = [
        {
            "date": date.fromisoformat(day),
            "works": works,
            "name": "x",
            "source": "y",
            "seen": date(2026, 1, 1),
        }
        for day, works in days
    ]
    path = folder / "holidays.yaml"
    path.write_text(yaml.safe_dump({"overrides": entries}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("overrides: [1]", r"overrides\[1\]"),
        ("overrides: [{date: 2026-01-02}]", "works"),
        ("overrides: [{date: tomorrow, works: true, name: a, source: b, seen: 2026-01-01}]", "date"),
        ("overrides: [{date: 2026-01-02, works: true, name: a, source: '', seen: 2026-01-01}]", "source"),
        ("overrides: [", "line 2, column 1: not YAML"),
        ("overrides:\n- {date: 2026-02-31}", "line 2, column 10: '2026-02-31' is no real date"),
        ("", "no entries"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path, content, named):
    path = tmp_path / "holidays.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=named):
        read_list(path)


def test_a_day_given_twice_is_refused(tmp_path):
    with pytest.raises(BadFile, match="2026-01-02"):
        read_list(listed(tmp_path, [("2026-01-02", True), ("2026-01-02", False)]))


def test_a_list_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile, match=r"none\.yaml"):
        read_list(tmp_path / "none.yaml")
