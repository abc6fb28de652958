"""Days off and days worked by decree, entered by an administrator, and the years that somebody confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select

from storage.holidays import Override
from storage.models import ConfirmedYear, DayOverride, table_of
from storage.sql import spoken, upsert
from storage.writer import Writer

DAYS = table_of(DayOverride)
YEARS = table_of(ConfirmedYear)
_SAVE_DAY = upsert(DAYS, ["day"], ["works", "name", "source", "seen", "swapped_with"])
_SAVE_YEAR = upsert(YEARS, ["year"], ["source", "seen"])


class DayStore:
    """The calendar's own entries inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def all(self) -> tuple[Override, ...]:
        """Every entry, by day."""
        rows = self.connection.look(select(DAYS).order_by(DAYS.c.day))
        return tuple(
            Override(
                date.fromisoformat(row.day),
                row.works,
                row.name,
                row.source,
                date.fromisoformat(row.seen),
                date.fromisoformat(row.swapped_with) if row.swapped_with else None,
            )
            for row in rows
        )

    def save(self, entries: Sequence[Override]) -> None:
        """Add entries; one that is there for the same day is replaced."""
        for entry in entries:
            row = {
                "day": entry.day.isoformat(),
                "works": entry.works,
                "name": entry.name,
                "source": entry.source,
                "seen": entry.seen.isoformat(),
                "swapped_with": entry.swapped_with.isoformat() if entry.swapped_with else None,
            }
            self.connection.execute(spoken(self.connection, _SAVE_DAY), row)

    def withdraw(self, day: date) -> bool:
        """Take an entry back, with the other half of a swap. False: there is none."""
        known = next((entry for entry in self.all() if entry.day == day), None)
        if known is None:
            return False
        days = [one.isoformat() for one in (day, known.swapped_with) if one]
        self.connection.execute(delete(DAYS).where(DAYS.c.day.in_(days)))
        return True

    def confirmed(self) -> dict[int, str]:
        """Years that somebody compared with the notice, and where they read it."""
        return {row.year: row.source for row in self.connection.look(select(YEARS))}

    def confirm(self, year: int, source: str, seen: date) -> None:
        """Somebody compared this year."""
        row = {"year": year, "source": source, "seen": seen.isoformat()}
        self.connection.execute(spoken(self.connection, _SAVE_YEAR), row)
