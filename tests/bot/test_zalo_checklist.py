"""`docs/zalo-checklist.md` speaks of settings and commands that there are, and of every open point."""

import re
from pathlib import Path

import pytest

from bot.cli.main import cli
from bot.settings import known_settings
from bot.sources import variable

TEXT = (Path(__file__).parents[2] / "docs" / "zalo-checklist.md").read_text("utf-8")
POINTS = re.split(
    r"^(?=\d+\. \*\*)", TEXT.partition("## Points to settle")[2].partition("\nBesides these")[0], flags=re.M
)


def test_every_setting_it_names_is_one():
    known = {variable(key) for key in known_settings().keys}
    named = set(re.findall(r"BOT_ZALO_[A-Z_]+?__[A-Z_]+", TEXT))
    section = "BOT_ZALO_OA__"
    named |= {
        section + short
        for short in re.findall(r"`(?:__)?([A-Z][A-Z_]{4,})(?:=\w+)?`", TEXT)
        if not short.startswith("BOT_")
    }
    assert len(named) > 15
    assert named - known == set()


def test_every_point_says_what_holds_until_then_and_how_to_find_out():
    numbers = [int(point.split(".")[0]) for point in POINTS if point.strip()]
    assert numbers == list(range(1, 14))
    for point in filter(str.strip, POINTS):
        assert "Until then:" in point and "Find out:" in point, point[:60]


@pytest.mark.parametrize(
    "command",
    sorted(set(re.findall(r"`((?:zalo|agencies|staff|check)\b[a-z ]*)", TEXT))),
)
def test_every_command_it_names_is_one(command):
    found = cli
    for word in command.split():
        inner = getattr(found, "commands", None) or {
            name: found.get_command(None, name) for name in found.list_commands(None)
        }
        assert word in inner
        found = inner[word]
