"""The same whole report in both modes: only the token and the Bot API server's address are set, by environment."""

import logging
import threading

import pytest
import requests
from werkzeug.serving import make_server

from bot.sandbox import world
from bot.sandbox.client import SandboxClient
from bot.sandbox.play import PATIENCE, play
from bot.sandbox.server import create_app, start_delivery
from tests.program import Program

pytestmark = pytest.mark.slow

SECRET = "secret-of-the-webhook"
WEBHOOK = {
    "BOT_TELEGRAM__MODE": "webhook",
    "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
    "BOT_WEB__PUBLIC_URL": "https://bot.example",
}


class FarEnd:
    """A server that speaks the Bot API, apart from the program and knowing nothing of it."""

    def __init__(self, folder):
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.token = world.bot_token(folder)
        self.server = make_server("127.0.0.1", 0, create_app(folder), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        self.delivery = start_delivery(folder)

    def hook(self, address):
        """What `telegram set-webhook` asks for; there the public address leads to the program, here its own does."""
        wish = {"url": f"{address}/hooks/telegram", "secret_token": SECRET}
        with requests.Session() as session:
            session.trust_env = False
            url = f"{self.address}/sandbox/telegram/bot{self.token}/setWebhook"
            session.post(url, json=wish, timeout=30).raise_for_status()

    def close(self):
        self.delivery.stop()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def far_end(tmp_path):
    far_end = FarEnd(tmp_path / "far")
    yield far_end
    far_end.close()


@pytest.mark.parametrize("mode", [{}, WEBHOOK], ids=["polling", "webhook"])
def test_a_whole_report(tmp_path, far_end, mode):
    settings = {
        "BOT_TELEGRAM__TOKEN": far_end.token,
        "BOT_TELEGRAM__API_URL": f"{far_end.address}/sandbox/telegram",
        **mode,
    }
    with Program(tmp_path, **settings) as program:
        program.run("db", "init", "--sample")
        program.start()
        if mode:
            far_end.hook(program.address)
        link(program, far_end)
        lines: list[str] = []
        code = play(far_end.address, lines.append)
        assert '"state": "closed"' in program.run("cases", "show", code, "--json")
        assert any("Cảm ơn anh/chị đã đánh giá" in line for line in lines)
        for secret in (far_end.token, "Nguyễn Thị", "16.4575", "Đèn đường trước"):
            assert secret not in program.log
        assert program.stop() == 0


def link(program, far_end):
    """As an administrator makes a code, and an officer types it in the group."""
    code = program.run("agencies", "link", "an-cuu").split("/lienket ")[1].split()[0]
    with SandboxClient(far_end.address) as client:
        duc = client.as_person(world.AN_CUU, world.DUC)
        duc.says(f"/lienket {code}")
        duc.hears("đã được gắn với UBND phường An Cựu", PATIENCE)
