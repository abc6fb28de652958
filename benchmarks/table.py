"""The table of results: what was measured, against what, and whether that is enough."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from workflows.frozen import frozen


@frozen
class Row:
    """One result. ``passed`` None: printed for information, without a limit."""

    part: str
    what: str
    ours: str
    against: str = ""
    ratio: float | None = None
    limit: str = ""
    passed: bool | None = None


def at_least(part: str, what: str, ours: float, other: float, limit: float, unit: str, against: str) -> Row:
    """A rate of ours over another rate of the same run, to be ``limit`` or more."""
    ratio = ours / other
    return Row(part, what, f"{ours:,.0f} {unit}", f"{other:,.0f} {unit}: {against}", ratio, f"≥ {limit:.2f}",
               ratio >= limit)  # fmt: skip


def at_most(part: str, what: str, ours: float, limit: float, unit: str) -> Row:
    """An amount of ours, to be ``limit`` or less."""
    return Row(part, what, f"{ours:,.1f} {unit}", "", ours / limit, f"≤ {limit:,g} {unit}", ours <= limit)


def told(part: str, what: str, ours: str, against: str = "") -> Row:
    """For information."""
    return Row(part, what, ours, against)


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def show(rows: Sequence[Row], title: str) -> None:
    """Print the table, wide enough for a log file."""
    table = Table(title=title, title_justify="left", show_lines=False)
    for name in ("part", "measured", "ours", "against", "ratio", "limit", ""):
        table.add_column(name, justify="right" if name in {"ours", "ratio"} else "left", overflow="fold")
    marks = {True: "[green]pass[/]", False: "[bold red]FAIL[/]", None: "–"}
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        table.add_row(row.part, row.what, row.ours, row.against, ratio, row.limit, marks[row.passed])
    console = Console()
    if not console.is_terminal:
        console = Console(width=170)
    console.print(table)
