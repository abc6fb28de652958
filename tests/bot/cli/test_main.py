"""The list of commands is printed without loading them, and says what they say themselves."""

import subprocess
import sys

import click
import pytest

from bot.cli.main import COMMANDS, cli


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_its_own(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.get_short_help_str(limit=200) == COMMANDS[name][1]


def test_help_loads_no_command_and_no_library_but_click():
    code = (
        "import sys; from bot.cli.main import cli; cli(['--help'], standalone_mode=False)\nprint(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sandbox" in done.stdout
    for heavy in ("sqlalchemy", "pydantic", "flask", "telegram", "rich", "bot.cli.cases"):
        assert f"'{heavy}'" not in done.stdout


def test_an_unknown_command_is_named():
    with pytest.raises(click.UsageError, match="servee"):
        cli(["servee"], standalone_mode=False)


def test_a_group_without_a_command_answers_with_its_help(shell):
    told = shell.run("areas", code=2).output
    assert told.startswith("Usage: ") and "retire-sample" in told and "câu lệnh chưa đúng" not in told


@pytest.mark.parametrize("words", [("--nosuch",), ("areas", "--nosuch"), ("areas", "list", "--nosuch"), ("servee",)])
def test_a_wrong_command_line_is_told_in_both_languages(shell, words):
    told = shell.run(*words, code=2).stderr
    assert "câu lệnh chưa đúng, xem --help / not a valid command line, see --help" in told and words[-1] in told
