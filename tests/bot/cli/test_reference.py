"""docs/commands.md says what the commands themselves say; written anew by `python -m bot.cli.reference`."""

from bot.cli.main import cli
from bot.cli.reference import FILE, reference
from tests.test_house_rules import commands


def test_the_page_is_what_the_commands_say():
    assert FILE.read_text(encoding="utf-8") == reference(), "run: .venv/bin/python -m bot.cli.reference"


def test_every_command_is_on_the_page():
    page = reference()
    for name, _ in commands(cli, "run_bot.py"):
        assert name == "run_bot.py" or f" `{name.removeprefix('run_bot.py ')}" in page


def test_every_command_that_lists_or_reports_speaks_json():
    silent = [
        name
        for name, command in commands(cli, "run_bot.py")
        if name.rsplit(" ", 1)[-1] in ("list", "show", "status", "gaps", "dead", "info", "check", "verify", "pending")
        and "--json" not in [word for option in command.params for word in option.opts]
    ]
    assert silent == []


def test_every_command_that_changes_many_rows_can_be_tried_first():
    many = {"init", "import", "retire", "unlink", "upgrade", "downgrade", "restore", "retry", "reset", "move"}
    bold = [
        name
        for name, command in commands(cli, "run_bot.py")
        if name.rsplit(" ", 1)[-1] in many
        and "--dry-run" not in [word for option in command.params for word in option.opts]
    ]
    assert bold == []
