"""A day as people write it: 15/12, 15-12-2026, 5.1."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"\s*(?:ngày\s+)?(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}))?\s*", re.IGNORECASE)


def read(words: str, today: date) -> date | None:
    """The day that ``words`` name; without a year the next such day from ``today`` on; None when they name none."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[2]), found[3]
    if year is not None:
        return _day(int(year), month, day)
    this = _day(today.year, month, day)
    return this if this is not None and this >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
