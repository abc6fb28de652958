"""Polling keeps what it got before it asks for more, and goes on from there."""

from __future__ import annotations

import threading

import pytest
from werkzeug.serving import make_server

from bot import processes
from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from bot.sandbox import world as sandbox
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import create_app
from bot.settings import Settings
from bot.wiring import build
from tests.bot.platforms.fake_zalo import BOT_TOKEN, FakeZalo


def test_polling_keeps_what_it_got_before_it_asks_for_more(tmp_path, ready_sqlite_url, monkeypatch):
    server = make_server("127.0.0.1", 0, create_app(tmp_path / "far"), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    own = Settings(state_dir=tmp_path, sandbox={"enabled": False}, database={"url": ready_sqlite_url})
    world = build(own, platforms={})
    telegram = Telegram(
        TelegramOptions(sandbox.bot_token(tmp_path / "far"), f"{address}/sandbox/telegram"), world.words
    )
    monkeypatch.setattr(processes, "POLL_SECONDS", 0)
    with SandboxClient(address) as people:
        for _ in range(2):
            people.citizen(sandbox.LAN).starts()
            processes._poll_once(world, telegram)
        processes._poll_once(world, telegram)
        assert people.look().bot["pending"] == 0
    with world.store.read() as uow:
        kept = uow.connection.plain.exec_driver_sql("select external_id from inbox order by id").scalars().all()
        assert uow.registers.cursor("poll:telegram") == int(kept[-1]) + 1
    assert len(kept) == 2
    telegram.close()
    world.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def zalo_bot(tmp_path, ready_sqlite_url):
    """The program with Zalo Bot in front of a far end, and what that has delivered so far."""
    far_end = FakeZalo()
    bot = {"token": BOT_TOKEN, "api_url": far_end.url}
    world = build(Settings(state_dir=tmp_path, database={"url": ready_sqlite_url}, zalo_bot=bot))
    yield world, far_end, processes._polled(world, "zalo-bot")
    world.close()
    far_end.stop()


def said(number):
    who = {"id": "lan", "display_name": "Lan", "is_bot": False}
    message = {"message_id": f"{number}", "from": who, "chat": {"id": "lan", "chat_type": "PRIVATE"}, "text": "/start"}
    return {"event_name": "message.text.received", "message": message}


def test_zalo_bot_is_polled_update_by_update_and_an_old_one_that_comes_again_is_known(zalo_bot, monkeypatch):
    world, far_end, platform = zalo_bot
    pauses = []
    monkeypatch.setattr(processes, "POLL_SECONDS", 0)
    monkeypatch.setattr(processes.time, "sleep", pauses.append)
    far_end.updates = [said(7), said(8), said(7)]
    for _ in range(4):
        processes._poll_once(world, platform)
    with world.store.read() as uow:
        kept = uow.connection.plain.exec_driver_sql("select external_id from inbox order by id").scalars().all()
        assert uow.registers.cursor("poll:zalo-bot") == 0  # nothing is confirmed by number there
    assert kept == ["7", "8"]
    assert pauses == [processes.REPEAT_SECONDS]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # each thread ends by SystemExit
def test_every_platform_that_must_be_asked_is_asked(tmp_path, monkeypatch, ready_sqlite_url):
    asked, enough, worlds = [], threading.Event(), []

    def once(world, platform):
        asked.append(platform.name)
        if len(set(asked)) == 2:
            enough.set()
        enough.wait(60)
        raise SystemExit

    def built(settings):
        worlds.append(build(settings))
        return worlds[0]

    monkeypatch.setattr(processes, "build", built)
    monkeypatch.setattr(processes, "_poll_once", once)
    monkeypatch.setattr(processes.signal, "signal", lambda *_: None)
    monkeypatch.setattr(processes.logs, "set_up", lambda *_: None)
    settings = Settings(
        state_dir=tmp_path,
        database={"url": ready_sqlite_url},
        telegram={"token": "123456789:" + "a" * 35},
        zalo_bot={"token": BOT_TOKEN},
    )
    with pytest.raises(SystemExit):
        processes.poll(settings)
    for thread in threading.enumerate():
        if thread.name.startswith("poll-"):
            thread.join()
    worlds[0].close()
    assert set(asked) == {"telegram", "zalo-bot"}
