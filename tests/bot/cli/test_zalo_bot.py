"""`zalo bot` and `check`: the light surface set up by an administrator, before a far end over HTTP."""

import pytest

from tests.bot.platforms.fake_zalo import BOT_TOKEN, FakeZalo

SECRET = "secret-of-tests"


@pytest.fixture
def far_end():
    server = FakeZalo()
    yield server
    server.stop()


@pytest.fixture
def bot(far_end):
    return {
        "BOT_ZALO_BOT__TOKEN": BOT_TOKEN,
        "BOT_ZALO_BOT__API_URL": far_end.url,
        "BOT_ZALO_BOT__MODE": "webhook",
        "BOT_ZALO_BOT__WEBHOOK_SECRET": SECRET,
        "BOT_WEB__PUBLIC_URL": "https://bot.example.vn/",
    }


def test_the_webhook_is_set_shown_and_deleted(ready, bot, far_end):
    assert "hooks/zalo-bot" in ready.run("zalo", "bot", "set-webhook", **bot).stdout
    assert far_end.hook == {"url": "https://bot.example.vn/hooks/zalo-bot", "secret_token": SECRET}
    info = ready.json("zalo", "bot", "info", **bot)
    assert (info["account_name"], info["mode"], info["url"]) == (
        "bot.phananh",
        "webhook",
        "https://bot.example.vn/hooks/zalo-bot",
    )
    assert "bot.phananh" in ready.run("zalo", "bot", "info", **bot).stdout
    ready.run("zalo", "bot", "delete-webhook", **bot)
    assert far_end.hook is None


def test_polling_has_no_webhook_to_set(ready, bot):
    refused = ready.run("zalo", "bot", "set-webhook", code=1, **bot | {"BOT_ZALO_BOT__MODE": "polling"})
    assert "BOT_ZALO_BOT__MODE=webhook" in refused.stderr


def test_a_wrong_token_is_said_and_not_shown(ready, bot):
    wrong = bot | {"BOT_ZALO_BOT__TOKEN": "1:a-wrong-token"}
    told = ready.run("zalo", "bot", "info", code=1, **wrong)
    assert "token_refused" in told.stderr and "a-wrong-token" not in told.output + told.stderr
    found = {problem["where"] for problem in ready.json("check", code=1, **wrong)}
    assert "zalo_bot.token" in found


def test_check_says_that_no_webhook_is_set(ready, bot, far_end):
    def places():
        return {problem["where"] for problem in ready.json("check", code=1, **bot)}

    assert "zalo_bot.mode" in places()
    ready.run("zalo", "bot", "set-webhook", **bot)
    assert not {"zalo_bot.mode", "zalo_bot.token"} & places()


def test_without_a_token_there_is_nothing_to_set(ready):
    assert "BOT_ZALO_BOT__TOKEN" in ready.run("zalo", "bot", "info", code=1).stderr
