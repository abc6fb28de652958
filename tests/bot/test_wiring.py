"""Wiring: from settings to a world, connecting to nothing yet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.options import local_url, polled
from bot.platforms.zalo.platform import Zalo
from bot.queue import SilentBell
from bot.sandbox.zalo.account import account as zalo_account
from bot.settings import Settings
from bot.wiring import NoRedis, build
from storage import migrate

TOKEN = "123456789:" + "a" * 35


def settings(folder: Path, **more):
    return Settings(state_dir=folder / "state", **more)


def test_without_a_token_the_sandbox_is_the_platform(tmp_path):
    one, other = (build(settings(tmp_path)) for _ in range(2))
    assert list(one.platforms) == list(one.doors) == ["telegram", "zalo"]
    secret = (tmp_path / "state" / "sandbox-webhook-secret").read_text()
    header = {"X-Telegram-Bot-Api-Secret-Token": secret}
    assert one.doors["telegram"].verify(header, b"{}")
    assert other.doors["telegram"].verify(header, b"{}")
    for world in (one, other):
        world.close()


@pytest.mark.parametrize(("off", "left"), [("telegram", ["zalo"]), ("zalo_oa", ["telegram"])])
def test_in_the_sandbox_a_platform_can_be_switched_off_too(tmp_path, off, left):
    world = build(settings(tmp_path, **{off: {"enabled": False}}))
    assert list(world.platforms) == left
    world.close()


def test_in_the_sandbox_zalo_is_its_own_account_at_our_own_address(tmp_path):
    world = build(settings(tmp_path, web={"port": 9001}, zalo_oa={"free_window": "1h", "last_window": "2h"}))
    account = zalo_account(tmp_path / "state")
    zalo = world.platforms["zalo"]
    assert isinstance(zalo, Zalo)
    assert zalo.client.endpoint_prefix == "http://127.0.0.1:9001/sandbox/zalo/api"
    assert zalo._options.access_token == account.access_token
    assert zalo.capabilities.window and zalo.capabilities.window.last == timedelta(hours=2)
    assert world.tools.road.silence == {}
    world.close()


ZALO = {"app_id": "1", "oa_id": "2", "app_secret": "s", "oa_secret_key": "k"}
BOT = {"token": "1:a", "mode": "webhook", "webhook_secret": "8letters"}


@pytest.mark.parametrize("only_doors", [False, True])
@pytest.mark.parametrize(
    ("sections", "names"),
    [
        ({"zalo_oa": ZALO}, ["zalo"]),
        ({"zalo_bot": BOT}, ["zalo-bot"]),
        ({"telegram": {"token": TOKEN}, "zalo_oa": ZALO, "zalo_bot": BOT}, ["telegram", "zalo", "zalo-bot"]),
        ({"telegram": {"token": TOKEN, "enabled": False}, "zalo_oa": ZALO}, ["zalo"]),
        ({"zalo_oa": ZALO | {"enabled": False}, "zalo_bot": BOT}, ["zalo-bot"]),
    ],
)
def test_platforms_are_on_by_their_settings_alone(tmp_path, sections, names, only_doors):
    world = build(settings(tmp_path, **sections), only_doors=only_doors)
    assert list(world.doors) == names
    assert list(world.platforms) == ([] if only_doors else names)
    world.close()


def test_messages_are_fetched_where_they_are_not_delivered(tmp_path):
    bot, telegram = {"token": "1:a"}, {"token": TOKEN}
    assert polled(settings(tmp_path, telegram=telegram, zalo_bot=bot, zalo_oa=ZALO)) == ("telegram", "zalo-bot")
    assert polled(settings(tmp_path, zalo_bot=BOT, zalo_oa=ZALO)) == ()
    assert polled(settings(tmp_path, zalo_bot=bot | {"enabled": False})) == ()
    assert polled(settings(tmp_path)) == ()


def test_silence_is_watched_where_deliveries_are_expected(tmp_path):
    world = build(settings(tmp_path, zalo_oa=ZALO | {"silence_after": "3h"}, zalo_bot=BOT, telegram={"token": TOKEN}))
    assert world.tools.road.silence == {"zalo": timedelta(hours=3), "zalo-bot": timedelta(hours=12)}
    world.close()


def test_without_platforms_there_are_none(tmp_path):
    world = build(settings(tmp_path, sandbox={"enabled": False}))
    assert list(world.platforms) == []
    world.close()


def test_a_process_with_doors_only_sends_nothing(tmp_path):
    telegram = {"token": TOKEN, "mode": "webhook", "webhook_secret": "s"}
    world = build(settings(tmp_path, telegram=telegram), only_doors=True)
    assert (list(world.doors), list(world.platforms)) == (["telegram"], [])
    world.close()


def test_who_needs_redis_is_told_what_to_do(tmp_path):
    with pytest.raises(NoRedis) as caught:
        build(settings(tmp_path), need_redis=True)
    vietnamese, english = str(caught.value).splitlines()
    assert "BOT_REDIS__URL" in vietnamese
    assert "serve" in english
    world = build(settings(tmp_path))
    assert isinstance(world.tools.bell, SilentBell)
    world.close()


def test_the_numbers_of_the_road_are_those_that_were_set(tmp_path):
    road = {"lease": "8s", "sweep": "1s", "batch": 3, "attempts": 2, "payload_retention": "10d"}
    world = build(settings(tmp_path, road=road, limits={"max_file_mb": 1, "reports_per_day": 2}))
    tools = world.tools
    assert (tools.road.lease, tools.road.sweep) == (timedelta(seconds=8), timedelta(seconds=1))
    assert (tools.road.batch, tools.road.attempts, tools.road.payload_days) == (3, 2, 10)
    assert (tools.road.file_limit, tools.limits.reports_per_day) == (1024 * 1024, 2)
    assert not (tmp_path / "state" / "bot.sqlite3").exists()
    world.close()


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080"), ("10.0.0.7", "http://10.0.0.7:8080")],  # noqa: S104
)
def test_where_this_machine_reaches_its_own_web(tmp_path, host, url):
    assert local_url(settings(tmp_path, web={"host": host})) == url


def test_pages_have_addresses_where_there_is_a_public_one(tmp_path):
    public = build(settings(tmp_path, telegram={"token": TOKEN}, web={"public_url": "https://phananh.example"}))
    hidden = build(settings(tmp_path, telegram={"token": TOKEN}))
    sandbox = build(settings(tmp_path))
    for world in (public, hidden, sandbox):
        migrate.upgrade(world.engine)
    assert hidden.tools.pages is None
    assert public.pages is not None
    assert sandbox.pages is not None
    token = public.pages.token("case", 1, 2)
    assert sandbox.pages.read("case", token).case_id == 2  # every process has the same secret
    assert (sandbox.pages.address("map", 1, None) or "").startswith("http://127.0.0.1:8080/m/")
    for world in (public, hidden, sandbox):
        world.close()
