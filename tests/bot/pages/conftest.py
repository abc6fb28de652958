"""The program's pages over one world: by a test client, and on loopback for a browser."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from bot import web, wiring
from bot.pages.signing import LIVES, SignedPages
from bot.settings import Settings
from tests.journeys.scene import Scene, Someone
from tests.world import StillClock, World

OA_ID = "388613280878808645"
LINK = re.compile(r"(https?://\S+/m/\S+)")


@dataclass
class Site:
    """The web application, the world behind it, and its people."""

    world: World
    scene: Scene
    client: FlaskClient
    address: str  # on loopback

    def asked(self, key: str = "lan") -> Someone:
        """A citizen at the question for the place."""
        someone = self.scene.citizen(key).agrees()
        return someone.sends_photo(text="Đèn đường trước số 12 hỏng ba tối nay").hears("Sự việc xảy ra ở đâu")

    def link(self, someone: Someone) -> str:
        """The path of the newest link that was offered."""
        found = LINK.findall("\n".join(someone.told))
        assert found, "no link was offered"
        return found[-1].removeprefix(self.address)

    def settle(self) -> None:
        self.world.clock.forward(seconds=1)
        self.world.settle()


@pytest.fixture
def web_settings():
    """Settings of the section ``web``; a test may ask for others."""
    return {}


@pytest.fixture
def site(ready_sqlite_url, tmp_path, web_settings):
    secret = "k" * 32
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    clock = StillClock()
    pages = SignedPages(lambda: secret, address, clock.now, LIVES)
    made = World(ready_sqlite_url, tmp_path, pages=pages, clock=clock)
    made.clock = clock
    built = wiring.World(
        settings=Settings(state_dir=tmp_path, sandbox={"enabled": False}, web=web_settings, zalo_oa={"oa_id": OA_ID}),
        engine=made.store.engine, store=made.store, clock=made.clock, words=made.words,
        platforms=made.tools.platforms, doors=made.tools.platforms, tools=made.tools, redis_url=None, pages=pages,
    )  # fmt: skip
    app = web.create_app(built)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Site(made, Scene(made), app.test_client(), address)
    server.shutdown()
    thread.join()
    server.server_close()
    made.close()
