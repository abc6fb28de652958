"""A webhook that was switched off makes no noise: that is noticed, told, and told no more than needed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.ports import SendLater
from handlers.silence import watch
from storage.codec import dump
from tests.journeys.scene import Scene
from tests.world import World
from workflows.effects import Lane
from workflows.messages import say

HOURS = timedelta(hours=12)
TOLD = "im lặng đã 12 giờ"


@pytest.fixture
def scene(ready_url, tmp_path):
    world = World(ready_url, tmp_path)
    world.tools = replace(world.tools, road=replace(world.tools.road, silence={"plain": HOURS}))
    yield Scene(world)
    world.close()


@pytest.fixture
def lan(scene):
    return scene.citizen()


@pytest.fixture
def huong(scene):
    return scene.officer("hương", "nhom-van-hanh", None)


def send(scene, someone):
    """Something goes out to somebody, by itself, some time after the last word."""

    world = scene.world
    world.clock.forward(minutes=20)
    with world.store.write() as uow:
        chat = uow.chats.find("plain", someone.chat)
        uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(say("misc.lost")), world.clock.now())
        uow.flush(world.clock.now())
    world.settle()


def look(scene, **later):
    scene.world.clock.forward(**later)
    found = watch(scene.world.tools)
    scene.world.settle()
    return found


def test_it_takes_messages_and_delivers_none(scene, lan, huong):
    lan.says("/start")
    huong.listens()
    assert look(scene, hours=11) == []
    send(scene, lan)
    assert look(scene, hours=2) == ["plain"]
    huong.hears(TOLD, "plain", "kiểm tra webhook")


def test_it_is_told_once_for_each_length_of_silence(scene, lan, huong):
    lan.says("/start")
    send(scene, lan)
    huong.listens()
    for _ in range(8):
        look(scene, hours=3, minutes=1)
    assert sum(TOLD in text for text in huong.told) == 2


def test_where_nothing_but_answers_was_sent_silence_is_no_wonder(scene, lan, huong):
    lan.says("/start")
    scene.world.clock.forward(hours=1)
    lan.says("/trogiup")
    assert look(scene, hours=0) == []
    assert look(scene, hours=30) == []


def test_a_message_that_has_just_gone_out_may_still_be_answered(scene, lan, huong):
    lan.says("/start")
    scene.world.clock.forward(hours=13)
    send(scene, lan)
    assert look(scene, minutes=1) == []
    assert look(scene, minutes=20) == ["plain"]


def test_a_message_that_did_not_go_out_proves_nothing(scene, lan, huong, monkeypatch):
    lan.says("/start")

    def fails(outgoing):
        raise SendLater(86400, "down")

    monkeypatch.setattr(scene.world.plain, "send", fails)
    send(scene, lan)
    assert look(scene, hours=14) == []


def test_a_delivery_ends_the_silence(scene, lan, huong):
    lan.says("/start")
    send(scene, lan)
    assert look(scene, hours=13) == ["plain"]
    lan.says("/trogiup")
    assert look(scene, hours=11) == []


def test_a_platform_that_never_delivered_is_noticed_too(scene, lan, huong):
    lan.says("/start")
    with scene.world.store.write() as uow:
        uow.connection.plain.exec_driver_sql("update inbox set platform = 'other'")
    assert look(scene, minutes=20) == ["plain"]


def test_nobody_looks_more_often_than_it_is_worth(scene, lan, huong):
    lan.says("/start")
    send(scene, lan)
    assert look(scene, hours=13) == ["plain"]
    assert look(scene, minutes=5) == []
    assert look(scene, minutes=11) == ["plain"]
