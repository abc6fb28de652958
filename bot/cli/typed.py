"""What is typed on the command line, beyond the library's own types: words, days of our time, degrees, whom."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import click

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of working days: before and after nobody has a report


class Words(click.ParamType[str]):
    """Text that is more than spaces."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without spaces around it."""
        said = str(value).strip()
        if not said:
            self.fail(f"{value!r}: cần có chữ / words are wanted", param, ctx)
        return said


class Day(click.ParamType[date]):
    """A day of ISO 8601, of years in which there are working days."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            span = f"{FIRST_YEAR}–{LAST_YEAR}"
            self.fail(f"{value!r}: năm phải trong khoảng {span} / the year must be within {span}", param, ctx)
        return day


class Degrees(click.FloatRange):
    """A latitude or longitude: a number, which the library does not ask for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The degrees."""
        degrees: float = super().convert(value, param, ctx)
        if math.isnan(degrees):
            self.fail(f"{value!r}: cần một số, như 16.4637 / a number is wanted, like 16.4637", param, ctx)
        return degrees


def one_of(named: str | None, operators: bool, name: str = "CODE") -> None:
    """An agency or the operators are named, and not both."""
    if bool(named) == operators:
        raise click.UsageError(f"cần {name} hoặc --operators / {name} or --operators is needed, and only one of them")
