"""`check`: every problem of this installation at once."""

from __future__ import annotations

from dataclasses import asdict

import click

from bot.cli.out import dump, json_option, logs_aside, say
from bot.problems import Problem, has_errors


@click.command()
@json_option
def check(as_json: bool) -> None:
    """Nêu mọi vấn đề của cài đặt; có lỗi thì mã thoát 1. / Say every problem at once; exit code 1 on errors."""
    from bot.check import check as find_all  # opens everything that it checks

    with logs_aside():
        problems = find_all()
    tell(problems, as_json=as_json)


def tell(problems: list[Problem], *, as_json: bool) -> None:
    """Say them all; errors end the command with exit code 1."""
    if as_json:
        dump([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            _print(problem)
        _sum_up(problems)
    if has_errors(problems):
        click.get_current_context().exit(1)


def _print(problem: Problem) -> None:
    sign, colour = ("✗", "red") if problem.weight == "error" else ("!", "yellow")
    click.echo(f"{click.style(sign, fg=colour)} {click.style(problem.where, bold=True)}")
    click.echo(f"  {problem.vi}")
    if problem.en != problem.vi:
        click.echo(f"  {problem.en}")


def _sum_up(problems: list[Problem]) -> None:
    errors = sum(problem.weight == "error" for problem in problems)
    warnings = len(problems) - errors
    if problems:
        say(f"{errors} lỗi, {warnings} lưu ý.", f"{errors} errors, {warnings} warnings.")
    else:
        say("Mọi thứ đều ổn.", "Everything is fine.")
