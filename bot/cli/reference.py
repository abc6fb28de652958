"""The reference of all commands as Markdown, made from the commands themselves: `python -m bot.cli.reference`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.main import cli

FILE = Path(__file__).parent.parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Made from the commands themselves by `python -m bot.cli.reference`; a test compares the two. Every command has `--help`.
Run them as `.venv/bin/python run_bot.py COMMAND` after `make env`. Exit codes: 0 done, 1 a problem (said in both
languages on standard error), 2 used wrongly. `--json` prints for machines, with instants in ISO 8601 and UTC.
`--dry-run` shows what would change and keeps nothing.

Everything that a command changes is on record in the table `records`, with the time and the word `cli`.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_lines(cli, "run_bot.py", 1)])


def _lines(command: click.Command, path: str, depth: int) -> Iterator[str]:
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1])
    if depth > 1:
        yield f"{'#' * min(depth, 4)} `{' '.join([path.removeprefix('run_bot.py '), *_arguments(command)])}`"
        yield ""
        yield " ".join((command.help or "").split())
        yield ""
        options = [option for option in command.params if isinstance(option, click.Option)]
        for option in options:
            record = option.get_help_record(context)
            if record:
                yield f"- `{record[0]}`: {' '.join(record[1].split())}"
        if options:
            yield ""
    if isinstance(command, click.Group):
        for name in command.commands or command.list_commands(context):  # as written, not by the alphabet
            part = command.get_command(context, name)
            if part is not None:
                yield from _lines(part, f"{path} {name}", depth + 1)


def _arguments(command: click.Command) -> Iterator[str]:
    for argument in command.params:
        if isinstance(argument, click.Argument):
            name = argument.human_readable_name.upper()
            yield name if argument.required else f"[{name}]"


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
