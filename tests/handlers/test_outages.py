"""A channel that dies or is switched off: who hears where meanwhile, and what happens when it is back."""

import threading
import time
from dataclasses import replace

import pytest

from bot.jobs import Runtime
from handlers.deliver import Sender
from handlers.outages import Outages
from handlers.ports import SendUnknown
from handlers.process import Drain
from storage.channels import ChannelStore
from tests.handlers.channels import TwoWorlds
from tests.handlers.test_notifier import greet, later, news, same_person, tell
from tests.journeys.scene import Scene


@pytest.fixture
def world(ready_url, tmp_path):
    world = TwoWorlds(ready_url, tmp_path, window=None)
    yield world
    world.close()


def dies(world, *chats):
    """Nothing gets through any more; enough is tried to be noticed."""
    world.second.far_end.down = "timed_out"
    for number in range(world.tools.road.outage_after):
        tell(world, chats[number % len(chats)], news(9), purpose="question")
        world.forward(minutes=6)


def settings_without(world, *names):
    """As after a restart with other settings."""
    kept = {name: one for name, one in world.all.items() if name not in names}
    world.tools = replace(world.tools, platforms=kept)
    world.drain, world.sender = Drain(world.tools), Sender(world.tools, world.sender.courier.pace)
    world.settle()


@pytest.fixture
def all_platforms(world):
    world.all = dict(world.tools.platforms)


def status(world):
    with world.store.read() as uow:
        return {name: row.status for name, row in ChannelStore(uow).all().items()}


def test_a_single_failure_is_no_outage(world):
    greet(world)
    world.second.far_end.down = "timed_out"
    tell(world, "z-lan", news(1))
    assert status(world)["limited"] == "up"
    world.second.far_end.down = ""
    world.forward(minutes=1)
    assert "PA-0001" in world.said("z-lan")[-1]


def test_failures_of_a_platform_that_answers_are_no_outage(world, monkeypatch):
    greet(world)
    monkeypatch.setattr(world.second, "me", lambda: {})

    def broken(outgoing):
        raise SendUnknown("server_error")

    monkeypatch.setattr(world.second, "send", broken)
    for _ in range(8):
        tell(world, "z-lan", news(1))
        world.forward(minutes=6)
    assert status(world)["limited"] == "up"


def test_an_outage_is_told_once_and_so_is_its_end(world):
    world.link("ops", "u-op", "Minh", None)
    greet(world)
    before = len(world.said("ops"))
    dies(world, "z-lan")
    assert status(world)["limited"] == "down"
    assert [text for text in world.said("ops")[before:] if "không liên lạc được" in text and "timed_out" in text]
    assert len(world.said("ops")) == before + 1
    world.forward(hours=2)
    assert len(world.said("ops")) == before + 1
    world.second.far_end.down = ""
    world.forward(minutes=1)
    assert status(world)["limited"] == "up"
    assert "đã hoạt động lại" in world.said("ops")[-1]


def test_what_waits_goes_out_when_the_channel_is_back_and_nothing_is_lost(world):
    before = greet(world)
    dies(world, "z-lan")
    tell(world, "z-lan", news(1))
    tell(world, "z-lan", news(2))
    world.clock.forward(days=10)
    later(world, hours=3)
    assert len(world.said("z-lan")) == before
    assert {row.status for row in world.rows()[1:]} <= {"held", "sent"}
    world.second.far_end.down = ""
    world.forward(minutes=1)
    heard = world.said("z-lan")[before:]
    assert len([text for text in heard if "PA-0001" in text and "PA-0002" in text]) == 1
    assert {row.status for row in world.rows()} == {"sent"}


def test_a_person_with_another_channel_hears_there_meanwhile(world):
    greet(world)
    greet(world, "lan", "u-lan")
    same_person(world, "lan", "z-lan")
    dies(world, "z-lan")
    assert "PA-0009" in world.said("lan")[-1], "what had failed before is moved as well"
    tell(world, "z-lan", news(1))
    assert "PA-0001" in world.said("lan")[-1]
    world.second.far_end.down = ""
    world.forward(minutes=1)
    tell(world, "z-lan", news(2))
    assert "PA-0002" in world.said("z-lan")[-1] and "PA-0002" not in world.said("lan")[-1]


def test_an_agency_on_a_dead_channel_is_stood_in_for(world):
    scene = Scene(world)
    huong = scene.officer("hương", "nhom-van-hanh", None)
    duc = scene.officer("đức", "z-nhom-an-cuu", "an-cuu")
    lan = scene.citizen("lan")
    lan.agrees()
    dies(world, "z-nhom-an-cuu")
    huong.listens()
    duc.listens()
    code = lan.reports()
    huong.hears("tạm thời hiện tại đây", code)
    assert len([text for text in huong.told if "tạm thời hiện tại đây" in text]) == 1
    duc.hears_nothing()
    waiting = world.rows(status="held")
    assert {row.case_id for row in waiting} == {None, scene.case(code).id}
    world.second.far_end.down = ""
    world.forward(minutes=1)
    duc.hears(code)
    assert world.rows(status="held") == []
    scene.check()


def test_an_agency_with_a_group_on_another_channel_needs_nobody(world):
    scene = Scene(world)
    huong = scene.officer("hương", "nhom-van-hanh", None)
    scene.officer("đức", "z-nhom-an-cuu", "an-cuu")
    hai = scene.officer("hải", "nhom-an-cuu", "an-cuu")
    lan = scene.citizen("lan")
    lan.agrees()
    dies(world, "z-nhom-an-cuu")
    huong.listens()
    hai.listens()
    code = lan.reports()
    hai.hears(code)
    huong.does_not_hear("tạm thời hiện tại đây")


@pytest.mark.usefixtures("all_platforms")
def test_switched_off_by_settings_and_on_again(world):
    scene = Scene(world)
    huong = scene.officer("hương", "nhom-van-hanh", None)
    greet(world, "z-ba", "u-ba")
    greet(world)
    greet(world, "lan", "u-lan")
    same_person(world, "lan", "z-lan")
    huong.listens()
    settings_without(world, "limited")
    huong.hears("limited", "đã tắt trong cài đặt").listens()
    tell(world, "z-lan", news(1))
    assert "PA-0001" in world.said("lan")[-1]
    before = len(world.said("z-ba"))
    tell(world, "z-ba", news(2))
    world.clock.forward(days=20)
    later(world, hours=5)
    assert world.rows()[-1].status == "held", "it does not die while it waits"
    huong.listens()
    settings_without(world)
    huong.hears("limited", "đã hoạt động lại")
    assert len(world.said("z-ba")) == before + 1 and "PA-0002" in world.said("z-ba")[-1]


@pytest.mark.usefixtures("all_platforms")
def test_what_had_come_in_before_a_channel_was_switched_off_is_worked_when_it_is_back(world):
    greet(world)
    before = len(world.said("z-lan"))
    world.line("z-lan", "u-lan", text="/trogiup", settle=False)
    settings_without(world, "limited")
    for _ in range(12):
        world.forward(minutes=10)
    with world.store.read() as uow:
        assert (uow.inbox.counts()["new"], uow.inbox.dead(10)) == (1, [])
    settings_without(world)
    world.forward(minutes=6)
    assert len(world.said("z-lan")) == before + 1


def test_another_process_learns_of_an_outage_by_itself(world):
    greet(world)
    other = Outages(world.tools)
    other.look()
    assert other.works("limited")
    dies(world, "z-lan")
    world.clock.forward(seconds=30)
    other.look()
    assert not other.works("limited")


def test_threads_find_out_and_go_on_by_themselves(world):
    """As in a worker: nobody settles anything."""
    greet(world)
    greet(world, "lan", "u-lan")
    same_person(world, "lan", "z-lan")
    world.second.far_end.down = "timed_out"
    runtime = Runtime(world.tools, world.sender)
    runtime.start()
    try:
        for number in range(world.tools.road.outage_after):
            tell(world, "z-lan", news(number), purpose="question", settle=False)
        until(runtime, world, lambda: status(world)["limited"] == "down")
        until(runtime, world, lambda: len(world.said("lan")) >= 1 + world.tools.road.outage_after)
        world.second.far_end.down = ""
        until(runtime, world, lambda: status(world)["limited"] == "up")
    finally:
        runtime.stop()


def until(runtime, world, condition):
    """Time runs until something holds."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never comes"
        world.clock.forward(seconds=5)
        runtime.wake()
        threading.Event().wait(0.02)
