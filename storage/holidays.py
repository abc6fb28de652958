"""The working calendar of a span of years: public holidays from the library, corrected by our own list of decrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

import yaml

from storage.broken import BadFile, in_yaml, not_utf8
from storage.yaml_text import read_yaml
from workflows.case.calendar import OFFICE_DAY, OFFICE_WEEK, VIETNAM, Span, Title, WorkingCalendar
from workflows.frozen import frozen

OBSERVED = " (observed)"  # the library's mark of a day off that stands in for one that fell on a weekend
SWAPPED = "Day off"  # and its name of a day off that is worked on another day
SEED = Path(__file__).parent / "seed" / "holidays.yaml"


@frozen
class Override:
    """One decree that the library does not know: ``day`` is worked, or it is off."""

    day: date
    works: bool
    name: str
    source: str  # where it was read
    seen: date  # when it was read
    swapped_with: date | None = None  # the other day, where one was swapped for another


@frozen
class HolidayList:
    """What the file of holidays says. ``confirmed``: years that somebody compared with the government's notice."""

    overrides: tuple[Override, ...]
    confirmed: frozenset[int]
    titles: Mapping[str, Title]  # the library's name of a holiday (in English) to ours


def read_list(path: Path = SEED) -> HolidayList:
    """The overrides and confirmed years in ``path``. Raises BadFile."""
    data = _read(path)
    if not isinstance(data, dict):
        raise BadFile(f"{path.name}: không có nội dung", f"{path.name}: has no entries")
    entries = data.get("overrides") or []
    overrides = tuple(_override(number, entry) for number, entry in enumerate(entries, start=1))
    days = [override.day for override in overrides]
    twice = sorted({str(day) for day in days if days.count(day) > 1})
    if twice:
        named = ", ".join(twice)
        raise BadFile(f"{path.name}, overrides: ngày lặp lại: {named}", f"{path.name}, overrides: given twice: {named}")
    titles = {name: (title["vi"], title["en"]) for name, title in (data.get("titles") or {}).items()}
    return HolidayList(overrides, frozenset(data.get("confirmed_years") or ()), titles)


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise BadFile(f"không đọc được {path.name}", f"cannot read {path.name}") from None
    except UnicodeDecodeError:
        raise not_utf8(path.name) from None
    try:
        return read_yaml(text)
    except yaml.YAMLError as error:
        raise in_yaml(error, text).of(path.name) from None


def working_calendar(
    years: Iterable[int],
    *,
    week: tuple[tuple[Span, ...], ...] = OFFICE_WEEK,
    swapped_hours: tuple[Span, ...] = OFFICE_DAY,
    zone: tzinfo = VIETNAM,
    path: Path = SEED,
    entered: Iterable[Override] = (),
) -> WorkingCalendar:
    """The calendar of ``years``; outside them only the week counts. Raises BadFile.

    What was ``entered`` in the store wins over our list, and our list over the library.
    """
    import holidays  # the days of the whole world: only for a process that reckons with Vietnam's

    wanted = frozenset(years)
    known = holidays.country_holidays("VN", years=wanted, language="en_US")
    ours = read_list(path)
    off = set(known)
    worked = {day for day in known.weekend_workdays if day.year in wanted}
    titles = {day: _title(name, ours.titles) for day, name in known.items()}
    for override in (*ours.overrides, *entered):
        if override.day.year in wanted:
            (worked if override.works else off).add(override.day)
            (off if override.works else worked).discard(override.day)
            titles[override.day] = (override.name, override.name)
    return WorkingCalendar(
        week=week,
        holidays=frozenset(off),
        swapped=frozenset(worked),
        swapped_hours=swapped_hours,
        zone=zone,
        titles=titles,
    )


def _title(name: str, titles: Mapping[str, Title]) -> Title:
    """Our name of a holiday; of a day that stands in for it, the same; nothing where we have none."""
    if name.startswith(SWAPPED):
        return titles.get(SWAPPED, ("", ""))
    return titles.get(name.removesuffix(OBSERVED), ("", ""))


def unconfirmed_years(years: Iterable[int], path: Path = SEED, entered: Iterable[int] = ()) -> tuple[int, ...]:
    """Those of ``years`` whose holidays are still a guess (Tết is decided late in the year before).

    ``entered``: years that were confirmed in the store.
    """
    return tuple(sorted(set(years) - read_list(path).confirmed - set(entered)))


def _override(number: int, entry: Any) -> Override:
    where = f"overrides[{number}]"
    if not isinstance(entry, Mapping):
        names = "date, works, name, source, seen"
        raise BadFile(f"{where}: cần {names}", f"{where}: needs {names}")
    return Override(
        day=_value(where, entry, "date", date),
        works=_value(where, entry, "works", bool),
        name=_value(where, entry, "name", str),
        source=_value(where, entry, "source", str),
        seen=_value(where, entry, "seen", date),
    )


def _value(where: str, entry: Mapping[str, Any], key: str, kind: type[Any]) -> Any:
    value = entry.get(key)
    if type(value) is not kind or value == "":
        named = f"{key} ({kind.__name__})"
        raise BadFile(f"{where}: thiếu hoặc sai: {named}", f"{where}: missing or wrong: {named}")
    return value
