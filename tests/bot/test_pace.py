"""The pace: limits per chat, group and bot, shared by all processes, alone when Redis is away."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.pace import SharedPace
from handlers.ports import Capabilities
from tests.bot.far_end import Silence


@dataclass
class Fast:
    """A platform with few limits."""

    name: str = "fast"
    capabilities: Capabilities = field(default_factory=lambda: limits())


def limits(chat=0.0, group=0, bot=0):
    return Capabilities(
        buttons=True, edits=True, locations=True, replies=True, per_chat_per_second=chat,
        per_group_per_minute=group, per_bot_per_second=bot,
    )  # fmt: skip


@dataclass
class Chat:
    id: int = 1
    kind: str = "private"


@pytest.fixture(params=["alone", "shared"])
def pace(request):
    return SharedPace(request.getfixturevalue("valkey_url") if request.param == "shared" else None)


def count(pace, platform, chat, tries=40):
    return sum(pace.wait(platform, chat) == 0 for _ in range(tries))


def test_without_limits_everything_goes(pace):
    assert count(pace, Fast(), Chat()) == 40


def test_a_group_gets_so_many_a_minute_and_another_its_own(pace):
    platform = Fast(capabilities=limits(group=20))
    assert count(pace, platform, Chat(1, "group")) == 20
    assert count(pace, platform, Chat(2, "group")) == 20
    assert 0 < pace.wait(platform, Chat(1, "group")) <= 60


def test_a_chat_gets_a_short_burst(pace):
    assert count(pace, Fast(capabilities=limits(chat=1)), Chat(), tries=4) == 3


def test_what_one_process_sent_counts_for_all(valkey_url):
    platform, group = Fast(capabilities=limits(group=20)), Chat(1, "group")
    assert count(SharedPace(valkey_url), platform, group, tries=15) == 15
    assert count(SharedPace(valkey_url), platform, group) == 5


def test_a_hung_redis_is_asked_once_and_then_each_counts_for_itself():
    hung = Silence()
    pace = SharedPace(hung.url)
    assert count(pace, Fast(capabilities=limits(group=20)), Chat(1, "group")) == 20
    assert len(hung.calls) <= 1
    hung.close()


def test_the_platform_can_ask_for_silence(pace):
    pace.hold("fast", 30)
    assert 0 < pace.wait(Fast(), Chat()) <= 30
    assert pace.wait(Fast("other"), Chat()) == 0
