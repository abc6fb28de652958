"""Polling keeps what it got before it asks for more, and goes on from there."""

from __future__ import annotations

import threading

from werkzeug.serving import make_server

from bot import processes
from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from bot.sandbox import world as sandbox
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import create_app
from bot.settings import Settings
from bot.wiring import build
from tests.world import World


def test_polling_keeps_what_it_got_before_it_asks_for_more(tmp_path, sqlite_url, monkeypatch):
    server = make_server("127.0.0.1", 0, create_app(tmp_path / "far"), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    World(sqlite_url, tmp_path).close()
    own = Settings(state_dir=tmp_path, sandbox={"enabled": False}, database={"url": sqlite_url})
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
