"""`queue status` and `queue forecast`: what waits on which channel, when it will go out, and for how much."""

from datetime import timedelta

import pytest

from handlers.opening import Entry, open_case
from storage.channels import ChannelStore
from storage.codec import dump
from storage.models import Outbox, table_of
from workflows.effects import Lane
from workflows.messages import say
from workflows.report import Report

DAY = timedelta(days=1)
ZALO = {"BOT_SANDBOX__ENABLED": "false", "BOT_ZALO_OA__APP_SECRET": "s" * 20, "BOT_ZALO_OA__APP_ID": "123",
        "BOT_ZALO_OA__OA_ID": "456", "BOT_ZALO_OA__OA_SECRET_KEY": "k" * 20, "BOT_ZALO_OA__ACCESS_TOKEN": "a",
        "BOT_ZALO_OA__REFRESH_TOKEN": "r", "BOT_WEB__PUBLIC_URL": "https://bot.example.vn"}  # fmt: skip


OUTBOX = table_of(Outbox)


@pytest.fixture
def now(clock):
    return clock.now()


def chat(world, platform, name, now, **columns):
    with world.store.write() as uow:
        person = uow.people.meet(platform, name, "vi", now)
        uow.chats.ensure([(platform, name)])
        found = uow.chats.find(platform, name)
        uow.chats.change(found.id, kind="private", person_id=person.id, **columns)
    return found.id


def waits(world, chat_id, now, held_for=None):
    with world.store.write() as uow:
        uow.outbox.put(chat_id, Lane.NOTICE, "send", dump(say("misc.contact")), now, purpose="notice")
        uow.flush(now)
        if held_for:
            held = OUTBOX.update().where(OUTBOX.c.chat_id == chat_id).values(status="held", held_for=held_for)
            uow.connection.execute(held)


def test_a_channel_that_is_switched_off_is_seen_with_all_that_waits_for_it(ready, world, now):
    waits(world, chat(world, "telegram", "1001", now), now, "channel")
    with world.store.write() as uow:
        uow.inbox.keep("telegram", "in-9", "1001", "{}", world.clock.now())
    [row] = ready.json("queue", "status", **ZALO)["channels"]
    assert (row["channel"], row["status"], row["rows"], row["inbox"]) == ("telegram", "off", 1, 1)
    assert row["held"] == {"channel": 1}
    shown = ready.run("queue", "status", **ZALO).stdout
    assert "telegram" in shown and "off" in shown and "channel 1" in shown


def test_an_outage_is_seen_even_if_nothing_waits(ready, world):
    with world.store.write() as uow:
        ChannelStore(uow).set("zalo", "down", "timed_out", world.clock.now())
    [row] = ready.json("queue", "status", **ZALO)["channels"]
    assert (row["channel"], row["status"], row["code"]) == ("zalo", "down", "timed_out")


def test_the_forecast_says_when_how_and_for_how_much(ready, world, now):
    late = chat(world, "zalo", "z1", now, heard_at=now - 3 * DAY)
    waits(world, late, now)
    waits(world, late, now)
    waits(world, chat(world, "zalo", "z2", now, heard_at=now - 9 * DAY), now, "window")
    waits(world, chat(world, "telegram", "t1", now), now)
    told = ready.json("queue", "forecast", **ZALO, BOT_TELEGRAM__TOKEN="1:x")
    lines = [(line["channel"], line["waits"], line["messages"], line["cost"]) for line in told["notices"]]
    assert lines == [("telegram", "now", 1, 0), ("zalo", "bundle", 1, 55), ("zalo", "window", 1, 0)]
    assert told["cost"] == 55
    shown = ready.run("queue", "forecast", **ZALO, BOT_TELEGRAM__TOKEN="1:x").stdout
    assert "telegram" in shown and "Tổng chi phí" in shown


def test_nothing_waits(ready):
    assert ready.json("queue", "forecast") == {"notices": [], "asking": [], "cost": 0}
    ready.run("queue", "forecast")


def test_two_reporters_are_one_person(ready, world, now):
    codes = [report(world, platform) for platform in ("telegram", "zalo")]
    tried = ready.run("people", "link", *codes, "--dry-run")
    assert "[dry run, nothing kept]" in tried.stdout and "person.linked" not in tried.stderr
    with world.store.read() as uow:
        assert len({uow.cases.by_code(code).case.reporter_id for code in codes}) == 2
    ready.run("people", "link", *codes)
    with world.store.read() as uow:
        assert len({uow.cases.by_code(code).case.reporter_id for code in codes}) == 1
        assert uow.registers.records("person.linked", 1)[0]["actor"] == "cli"
    assert "cùng một người" in ready.run("people", "link", *codes, code=1).stderr
    ready.run("cases", "verify")
    other = report(world, "zalo", "z-other")
    assert "cùng một kênh" in ready.run("people", "link", codes[0], other, code=1).stderr


def report(world, platform, name="u1"):
    """A case of somebody's, without a conversation."""
    now = world.clock.now()
    chat_id = chat(world, platform, f"{platform}-{name}", now)
    with world.store.write() as uow:
        person = uow.people.find(platform, f"{platform}-{name}")
        sent = Report(text="Đèn hỏng", address="12 Nguyễn Huệ", category="lighting", area="an-cuu")
        opened = open_case(world.tools, uow, Entry(sent, person.id, chat_id), now)
        assert not opened.refusal
        uow.flush(now)
        found = uow.cases.get(opened.case_id)
    return found.case.code
