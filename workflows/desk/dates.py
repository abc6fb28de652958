"""A day as people write it: 15/12, 15-12-2026, hôm nay, ngày mai, thứ Sáu, thứ Hai tuần sau."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from workflows.text import fold, has_diacritics, spelling, words

LONGEST = 60  # characters that can be a day
_FIGURES = re.compile(r"(?:(.*?)[, ]+)??(?:ngay )?(\d{1,2}) ?(?:[/.-]|thang) ?(\d{1,2})(?: ?(?:[/.-]|nam) ?(\d{4}))?")
_BEFORE = frozenset({"ngay", "den", "het", "vao", "until", "by", "on"})  # folded words that say nothing more
_BETWEEN = frozenset({"-", "–", "den", "to"})

# Days from today.
_NEAR: Mapping[str, int] = {
    "hôm nay": 0, "bữa nay": 0, "nay": 0, "today": 0,
    "mai": 1, "tomorrow": 1,
    "kia": 2, "mốt": 2, "the day after tomorrow": 2,
    "kìa": 3,
}  # fmt: skip
_WEEKDAYS = (
    ("thứ hai", "thứ 2", "t2", "monday"),
    ("thứ ba", "thứ 3", "t3", "tuesday"),
    ("thứ tư", "thứ 4", "t4", "wednesday"),
    ("thứ năm", "thứ 5", "t5", "thursday"),
    ("thứ sáu", "thứ 6", "t6", "friday"),
    ("thứ bảy", "thứ 7", "t7", "saturday"),
    ("chủ nhật", "cn", "sunday"),
)
# Said after a weekday: weeks from this one, which began on Monday; None: the next such day, whichever week that is in.
_WEEKS: Mapping[str, int | None] = {
    "": None, "này": None, "tới": None,
    "tuần này": 0, "this week": 0,
    "tuần sau": 1, "tuần tới": 1, "next week": 1,
}  # fmt: skip


def read(said: str, today: date) -> date | None:
    """The day that ``said`` names, or None when it names none that there is.

    Without a year the next such day from ``today`` on; of a weekday the next one after ``today``.
    """
    said = _bare(said)
    figures = _FIGURES.fullmatch(fold(said))
    return _in_figures(figures, today) if figures else _in_words(said, today)


def is_impossible(said: str, today: date) -> bool:
    """Whether this is a day in figures that no calendar has, like 31/02."""
    found = _FIGURES.fullmatch(fold(_bare(said)))
    return found is not None and _dated(found, today) is None


def span(said: str, today: date) -> tuple[date, date] | None:
    """One day, or the first and the last of several; None when the words name anything else."""
    whole = read(said, today)
    if whole is not None:
        return whole, whole
    parts = [part for part in said[:LONGEST].split() if fold(part) not in _BETWEEN]
    for at in range(1, len(parts)):
        first, last = read(" ".join(parts[:at]), today), read(" ".join(parts[at:]), today)
        if first is not None and last is not None:
            return first, last
    return None


def _bare(said: str) -> str:
    """Without the words that only lead to a day; what is too long to be one is left out."""
    parts = said.split() if len(said) <= LONGEST else []
    while parts and fold(parts[0]) in _BEFORE:
        parts = parts[1:]
    return " ".join(parts)


# --- in figures ---


def _in_figures(found: re.Match[str], today: date) -> date | None:
    """A weekday in front, as in "thứ Sáu, 27/11", must be that day's."""
    named = _dated(found, today)
    if named is None or not found[1]:
        return named
    led = _in_words(_bare(found[1]), today)
    return named if led is not None and led.weekday() == named.weekday() else None


def _dated(found: re.Match[str], today: date) -> date | None:
    day, month, year = int(found[2]), int(found[3]), found[4]
    if year is not None:
        return _day(int(year), month, day)
    this = _day(today.year, month, day)
    return this if this is not None and this >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- in words ---


def _in_words(said: str, today: date) -> date | None:
    """Marks that were typed count; a phrase of several words may lack some of them."""
    bare = words(said)
    found = _PHRASES.get(" ".join(spelling(said))) if has_diacritics(said) else _PHRASES.get(" ".join(bare))
    if found is None and len(bare) > 1:
        found = _PHRASES.get(" ".join(bare))
    return found(today) if found else None


def _ahead(days: int, today: date) -> date:
    return today + timedelta(days=days)


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _in_week(weekday: int, weeks: int, today: date) -> date:
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _phrases() -> Iterator[tuple[str, Callable[[date], date]]]:
    for said, days in _NEAR.items():
        yield said, partial(_ahead, days)
    for weekday, called in enumerate(_WEEKDAYS):
        for name in called:
            for week, weeks in _WEEKS.items():
                yield f"{name} {week}", partial(_next, weekday) if weeks is None else partial(_in_week, weekday, weeks)


def _as_typed() -> dict[str, Callable[[date], date]]:
    """Each phrase with its marks, and without them unless that means an earlier one."""
    phrases = dict(_phrases())
    marked = {" ".join(spelling(said)): day for said, day in phrases.items()}
    bare: dict[str, Callable[[date], date]] = {}
    for said, day in phrases.items():
        bare.setdefault(" ".join(words(said)), day)
    return bare | marked


_PHRASES = _as_typed()
