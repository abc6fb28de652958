"""A day as people write it: 15/12, 15-12-2026, hôm nay, ngày mai, thứ Sáu, thứ Hai tuần sau."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from workflows.text import fold, has_diacritics, spelling, words

LONGEST = 60  # characters that can be a day
HALF_A_YEAR = timedelta(days=183)
_FIGURES = re.compile(r"(?:(.*?)[, ]+)??(?:ngay )?(\d{1,2}) ?(?:[/.-]|thang) ?(\d{1,2})(?: ?(?:[/.-]|nam) ?(\d{4}))?")
# Folded words that say nothing more.
_BEFORE = frozenset({"ngay", "den", "toi", "het", "vao", "until", "to", "by", "on"})
_FROM = frozenset({"tu", "from"})  # before the first of several days
_CUT = re.compile(r"[ –-]+")  # where the first may end

Day = Callable[[date, date], date]  # from today, or the next such day from the second on

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
    return _read(said, today, today)


def is_impossible(said: str, today: date) -> bool:
    """Whether this is a day in figures that no calendar has, like 31/02."""
    found = _FIGURES.fullmatch(fold(_bare(said)))
    return found is not None and _dated(found, today) is None


def span(said: str, today: date) -> tuple[date, date] | None:
    """One day, or the first and the last of several; None when the words name anything else.

    "Từ" and no more than one day behind it is no answer.
    """
    whole = read(said, today)
    if whole is not None:
        return whole, whole
    said = " ".join(said.split())
    if len(said) > 2 * LONGEST:
        return None
    leading, _, rest = said.partition(" ")
    said = rest if fold(leading) in _FROM else said
    for cut in _CUT.finditer(said):
        first = read(said[: cut.start()], today)
        last = first and _last(said[cut.end() :], today, first)
        if first is not None and last is not None:
            return first, last
    return None


def _last(said: str, today: date, first: date) -> date | None:
    """The next such day from the first on; two that lie so far apart then were rather named the wrong way round."""
    last = _read(said, today, first)
    return last if last is None or last - first <= HALF_A_YEAR else read(said, today)


def _read(said: str, today: date, since: date) -> date | None:
    """A day of which the next one is meant is looked for from ``since`` on; of a weekday after it."""
    said = _bare(said)
    figures = _FIGURES.fullmatch(fold(said))
    return _in_figures(figures, today, since) if figures else _in_words(said, today, since)


def _bare(said: str) -> str:
    """Without the words that only lead to a day; what is too long to be one is left out."""
    parts = said.split() if len(said) <= LONGEST else []
    while parts and fold(parts[0]) in _BEFORE:
        parts = parts[1:]
    return " ".join(parts)


# --- in figures ---


def _in_figures(found: re.Match[str], today: date, since: date) -> date | None:
    """A weekday in front, as in "thứ Sáu, 27/11", must be that day's."""
    named = _dated(found, since)
    if named is None or not found[1]:
        return named
    led = _in_words(_bare(found[1]), today, since)
    return named if led is not None and led.weekday() == named.weekday() else None


def _dated(found: re.Match[str], since: date) -> date | None:
    day, month, year = int(found[2]), int(found[3]), found[4]
    if year is not None:
        return _day(int(year), month, day)
    this = _day(since.year, month, day)
    return this if this is not None and this >= since else _day(since.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    """Of the last year that there is no day is taken: others are counted from it."""
    try:
        return date(year, month, day) if year < date.max.year else None
    except ValueError:
        return None


# --- in words ---


def _in_words(said: str, today: date, since: date) -> date | None:
    """Marks that were typed count; a phrase of several words may lack some of them."""
    bare = words(said)
    found = _PHRASES.get(" ".join(spelling(said))) if has_diacritics(said) else _PHRASES.get(" ".join(bare))
    if found is None and len(bare) > 1:
        found = _PHRASES.get(" ".join(bare))
    return found(today, since) if found else None


def _ahead(days: int, today: date, _since: date) -> date:
    return today + timedelta(days=days)


def _next(weekday: int, _today: date, since: date) -> date:
    return since + timedelta(days=(weekday - since.weekday() - 1) % 7 + 1)


def _in_week(weekday: int, weeks: int, today: date, _since: date) -> date:
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _phrases() -> Iterator[tuple[str, Day]]:
    for said, days in _NEAR.items():
        yield said, partial(_ahead, days)
    for weekday, called in enumerate(_WEEKDAYS):
        for name in called:
            for week, weeks in _WEEKS.items():
                yield f"{name} {week}", partial(_next, weekday) if weeks is None else partial(_in_week, weekday, weeks)


def _as_typed() -> dict[str, Day]:
    """Each phrase with its marks, and without them unless that means an earlier one."""
    phrases = dict(_phrases())
    marked = {" ".join(spelling(said)): day for said, day in phrases.items()}
    bare: dict[str, Day] = {}
    for said, day in phrases.items():
        bare.setdefault(" ".join(words(said)), day)
    return bare | marked


_PHRASES = _as_typed()
