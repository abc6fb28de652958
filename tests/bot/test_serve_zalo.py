"""`serve` with nothing but the settings of both of Zalo's platforms: deliveries come in, answers go out, over HTTP."""

import time

import pytest
import requests

from tests.bot.platforms.fake_zalo import ACCESS, BOT_TOKEN, FakeZalo
from tests.bot.platforms.zalo import payloads as zalo
from tests.faults.cluster import until
from tests.program import Program

pytestmark = pytest.mark.slow


@pytest.fixture
def far_end():
    server = FakeZalo()
    yield server
    server.stop()


@pytest.fixture
def program(server_folder, far_end):
    with Program(
        server_folder,
        BOT_ZALO_OA__APP_ID=zalo.APP,
        BOT_ZALO_OA__OA_ID=zalo.OA,
        BOT_ZALO_OA__APP_SECRET="app-secret-of-the-tests",
        BOT_ZALO_OA__OA_SECRET_KEY=zalo.KEY,
        BOT_ZALO_OA__ACCESS_TOKEN=ACCESS,
        BOT_ZALO_OA__REFRESH_TOKEN="refresh-token-of-the-tests",
        BOT_ZALO_OA__API_URL=far_end.url,
        BOT_ZALO_OA__OAUTH_URL=far_end.url,
        BOT_ZALO_BOT__TOKEN=BOT_TOKEN,
        BOT_ZALO_BOT__API_URL=far_end.url,
        BOT_WEB__PUBLIC_URL="https://bot.example.vn",
    ) as program:
        program.start()
        yield program


def post(program, body, headers):
    return requests.Session().post(f"{program.address}/hooks/zalo", data=body, headers=headers, timeout=10).status_code


def now():
    return int(time.time() * 1000)


def test_both_are_run_by_their_settings_alone(program, far_end):
    body = zalo.raw(zalo.said(message={"msg_id": "m1", "text": "/start"}, at=now()))
    assert post(program, b"{}", {}) == 200
    assert post(program, body, {}) == 403
    assert post(program, body.replace(b"start", b"stare"), zalo.signed(body)) == 403
    assert post(program, body, zalo.signed(body)) == 200
    assert post(program, body, zalo.signed(body)) == 200
    until("Zalo is answered", lambda: far_end.texts(zalo.LAN))
    assert far_end.shown[0].buttons and "1. " in far_end.texts(zalo.LAN)[0]

    who = {"id": "lan1", "display_name": "Lan", "is_bot": False}
    message = {"message_id": "z1", "from": who, "chat": {"id": "lan1", "chat_type": "PRIVATE"}, "text": "/start"}
    far_end.updates.append({"event_name": "message.text.received", "message": message})
    until("Zalo Bot is polled and answered", lambda: far_end.texts("lan1"))
    assert len(far_end.texts(zalo.LAN)) == len(far_end.texts("lan1")) == 1

    assert program.stop() == 0
    secrets = (ACCESS, BOT_TOKEN, zalo.KEY, "app-secret-of-the-tests", "refresh-token-of-the-tests")
    assert not any(secret in program.log for secret in secrets)
    assert "zalo.delivery_refused" in program.log
