"""Fault switches strike as told, and the same way for the same seed."""

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.sandbox import faults, world
from bot.sandbox.client import SandboxError
from bot.sandbox.server import open_store


@pytest.fixture
def lan(people):
    person = people.citizen(world.LAN)
    person.starts()
    return person


def said(people) -> list[str]:
    return [message["text"] for message in people.look().from_bot(world.LAN)]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_429_and_500_before_the_work(bot, call, lan, people):
    people.fault("429", method="sendMessage", count=1, value=7)
    with pytest.raises(RetryAfter) as refused:
        call(bot.send_message(lan.chat, "x"))
    assert refused.value._retry_after.total_seconds() == 7
    people.fault("500", count=1)
    with pytest.raises(NetworkError, match="Internal Server Error"):
        call(bot.send_message(lan.chat, "x"))
    assert said(people) == []
    call(bot.send_message(lan.chat, "x"))
    assert said(people) == ["x"]


@pytest.mark.parametrize("kind", ["500", "drop"])
def test_after_the_work_the_outcome_is_unknown(bot, call, lan, people, kind):
    people.fault(kind, method="sendMessage", count=1, after=True)
    with pytest.raises(NetworkError):
        call(bot.send_message(lan.chat, "đã gửi"))
    assert said(people) == ["đã gửi"]


def test_a_dropped_connection(bot, call, lan, people):
    people.fault("drop", method="sendMessage", count=1)
    with pytest.raises(NetworkError):
        call(bot.send_message(lan.chat, "x"))
    assert said(people) == []


def test_slow_only_for_the_named_method(bot, call, lan, people):
    people.fault("slow", method="getMe", value=5000)
    call(bot.send_message(lan.chat, "x"))
    assert people._get("faults", {})["faults"][0]["drawn"] == 0
    people.no_faults()
    call(bot.get_me())


def test_duplicates_and_overtaking(bot, call, lan, people):
    call(bot.get_updates(offset=-1))
    people.fault("duplicate", count=1, value=3)
    lan.says("ba lần")
    got = call(bot.get_updates())
    assert [u.message.text for u in got if u.message.text == "ba lần"] == ["ba lần"] * 3
    call(bot.get_updates(offset=got[-1].update_id + 1))
    people.fault("reorder", count=1, value=300)
    lan.says("trước")
    lan.says("sau")
    assert [u.message.text for u in call(bot.get_updates(timeout=10))] == ["sau", "trước"]


def test_the_same_seed_gives_the_same_sequence(people, state_dir):
    def draw(seed: str) -> list[bool]:
        people.no_faults()
        people.fault("500", probability=0.4, seed=seed)
        with open_store(state_dir).write() as tx:
            return [bool(faults.strike(tx, faults.ON_CALLS, "sendMessage")) for _ in range(40)]

    first = draw("a")
    assert first == draw("a") and first != draw("b")
    assert 5 < sum(first) < 30


@pytest.mark.parametrize("wish", [{"kind": "fire"}, {"kind": "500", "probability": 2}, {"kind": "500", "count": 0}])
def test_nonsense_is_refused(people, wish):
    with pytest.raises(SandboxError):
        people._post("faults", wish)
