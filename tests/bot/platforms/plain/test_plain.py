"""The text-only platform: what its lines mean, and the file in which another process reads its texts."""

import json
from datetime import UTC, datetime

import pytest

from bot.platforms.plain.platform import Plain, PlainOptions
from handlers.ports import Outgoing
from workflows.events import BotMembership, PersonMembership, TextSent
from workflows.messages import Line, Message, choice

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def plain(words):
    return Plain(PlainOptions(), words)


def line(**said):
    return json.dumps({"id": "1", "chat": "an-cuu", "group": True, "user": "duc", "name": "Đức", **said})


@pytest.mark.parametrize(
    ("happened", "event"),
    [
        ("joined", PersonMembership("duc", True)),
        ("left", PersonMembership("duc", False)),
        ("added", BotMembership(True)),
        ("removed", BotMembership(False)),
    ],
)
def test_people_and_bots_come_and_go(plain, happened, event):
    assert plain.parse(line(happened=happened), AT).event == event


def test_a_line_in_a_group(plain):
    envelope = plain.parse(line(text="Đã nhận\0"), AT)
    assert (envelope.group, envelope.sender.name, envelope.event) == (True, "Đức", TextSent("Đã nhận"))


def test_a_line_that_says_nothing_is_ignored(plain):
    assert plain.parse(line(text="  "), AT) is None


def test_choices_are_numbered_over_all_rows_in_the_readers_language(plain):
    rows = ((choice("a", "yes"),), (choice("b", "no"), choice("c", "yes")))
    plain.send(Outgoing("lan", False, Message((Line("ask"),), rows), "en"))
    assert plain.far_end.texts("lan") == ["📷 Please send a photo\nPlease answer with a number:\n1. Yes\n2. No\n3. Yes"]


def test_texts_can_be_read_by_another_process(words, tmp_path):
    outbox = tmp_path / "outbox.jsonl"
    platform = Plain(PlainOptions(outbox), words)
    sent = [platform.send(Outgoing("lan", False, Message((Line("ask"),)), "vi")) for _ in range(2)]
    told = [json.loads(text) for text in outbox.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in told] == [one.ids[0] for one in sent]
    assert told[0]["text"] == "📷 Mời gửi ảnh" and told[0]["id"] != told[1]["id"]
