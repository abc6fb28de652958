"""How commands answer: tables for people, JSON for machines, errors in both languages, bars on long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

if TYPE_CHECKING:
    from handlers.importing import Imported

json_option = click.option("--json", "as_json", is_flag=True, help="In ra JSON cho máy. / Print JSON for machines.")
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Chỉ cho biết sẽ làm gì, không ghi. / Say what would change, change nothing."
)

Columns = Mapping[str, str]  # key of a row -> heading


class Trouble(click.ClickException):
    """What went wrong and what to do, in both languages; exit code 1."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi if vi == en else f"{vi}\n{en}")

    def show(self, file: Any = None) -> None:
        """On standard error."""
        click.echo(click.style("Lỗi / Error: ", fg="red") + self.message, err=True)


def say(vi: str, en: str) -> None:
    """One line in each language."""
    click.echo(vi)
    click.echo(en)


def show(rows: Sequence[Mapping[str, Any]], columns: Columns, *, as_json: bool, zone: tzinfo | None = None) -> None:
    """A table with these columns, or every value of the rows as JSON."""
    if as_json:
        dump([dict(row) for row in rows])
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(key), zone) for key in columns))
    console().print(table)
    if not rows:
        say("(không có gì)", "(nothing)")


def facts(row: Mapping[str, Any], columns: Columns, *, as_json: bool, zone: tzinfo | None = None) -> None:
    """One thing: a line for each of its facts, or JSON."""
    if as_json:
        dump(dict(row))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for key, heading in columns.items():
        table.add_row(heading, _cell(row.get(key), zone))
    console().print(table)


def done(result: Mapping[str, Any], vi: str, en: str, *, as_json: bool = False, dry_run: bool = False) -> None:
    """What a command did, or would do."""
    if as_json:
        dump(dict(result) | {"dry_run": dry_run})
        return
    say(f"[thử, chưa ghi gì] {vi}" if dry_run else vi, f"[dry run, nothing kept] {en}" if dry_run else en)


def imported(result: Imported, vi: str, en: str, *, as_json: bool, dry_run: bool) -> None:
    """What an import did; ``vi`` and ``en`` say to what."""
    counts = {"added": result.added, "changed": result.changed}
    said = (f"Thêm {result.added}, sửa {result.changed} {vi}.", f"{result.added} {en} added, {result.changed} changed.")
    done(counts, *said, as_json=as_json, dry_run=dry_run)


def dump(value: Any) -> None:
    """JSON on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


@contextmanager
def logs_aside() -> Iterator[None]:
    """What is logged meanwhile goes to standard error: standard output belongs to the answer."""
    import structlog

    before = structlog.get_config() if structlog.is_configured() else None
    structlog.reset_defaults()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        yield
    finally:
        structlog.reset_defaults()
        if before is not None:
            structlog.configure(**before)


def console() -> Console:
    """Where tables go; a pipe gets as much width as it wants."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)


@contextmanager
def bar(words: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; call it with how much more is done. Silent where nobody watches."""
    watched = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=watched,
        disable=not watched.is_terminal,
        transient=True,
    ) as progress:
        task = progress.add_task(words, total=total)
        yield lambda more: progress.advance(task, more)


def _cell(value: Any, zone: tzinfo | None) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(_cell(part, zone) for part in value)
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)
