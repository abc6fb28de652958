"""What Zalo refuses on the whole road, from a row to a person: nothing lost, nothing twice, nothing secret said."""

import json
from datetime import timedelta

import pytest
import structlog

from bot.platforms.zalo.client import TokenPair
from bot.platforms.zalo.platform import Zalo
from bot.platforms.zalo.tokens import LOST, PURPOSE, StoredTokens
from handlers.alerts import alert
from handlers.upkeep import sweep
from storage.codec import dump
from storage.db import open_engine
from storage.unit_of_work import Store
from storage.vault import Vault
from tests.bot.platforms.zalo import payloads
from tests.bot.platforms.zalo.local import Local, Reply
from tests.bot.platforms.zalo.renewing import SECRET
from tests.world import World
from workflows.effects import Lane
from workflows.messages import say

CITIZEN = "246845883529197922"
CS = "/v3.0/oa/message/cs"
SECRETS = ("access-1", "access-2", "access-8", "refresh-1", "refresh-2", "refresh-8", SECRET)


class Road(World):
    """A world with a citizen on Zalo, whose platform keeps its tokens in the same store."""

    def __init__(self, url, folder):
        super().__init__(url, folder)
        self.far = Local()
        self.far.checks_tokens = True
        self.engine = open_engine(url)
        first = TokenPair("access-1", "refresh-1")
        self.tokens = StoredTokens(
            Store(self.engine), Vault([SECRET], PURPOSE), self.clock.now, first, alert, sleep=lambda _: None
        )
        here = {"api_url": self.far.url, "oauth_url": self.far.url, "app_secret": SECRET}
        self.zalo = Zalo(payloads.options(**here), self.words, self.clock.now, self.tokens)
        self.zalo.client._sleep = lambda _: None
        self.tools.platforms["zalo"] = self.zalo
        self.link("ops", "chief", "Chị Hoa", None)

    def close(self):
        self.zalo.close()
        self.far.stop()
        self.engine.dispose()
        super().close()

    def tell(self, count=1):
        """Messages to the citizen, who has just written."""
        now = self.clock.now()
        with self.store.write() as uow:
            uow.chats.ensure([("zalo", CITIZEN)])
            chat = uow.chats.find("zalo", CITIZEN)
            uow.chats.change(chat.id, kind="private", heard_at=now)
            for _ in range(count):
                uow.outbox.put(chat.id, Lane.REPLY, "send", dump(say("desk.link.operators")), now)
            uow.flush(now)
        self.settle()

    def arrived(self):
        """How many messages the citizen has: calls with the token in force, where nothing else is refused."""
        return sum(one.headers["access_token"] == f"access-{self.far.number}" for one in self.far.calls(CS))

    def forward(self, **delta):
        """Time goes on, and the sweep looks for what is due."""
        self.clock.forward(**delta)
        sweep(self.tools)
        self.settle()

    def waiting(self):
        with self.store.read() as uow:
            rows = uow.connection.plain.exec_driver_sql(
                "select status from outbox where chat_id = (select id from chats where external_id = ?)", (CITIZEN,)
            )
            return [status for (status,) in rows]

    def alerts(self):
        return [said for said in self.said("ops") if "Zalo" in said]


@pytest.fixture
def road(ready_sqlite_url, tmp_path):
    road = Road(ready_sqlite_url, tmp_path)
    yield road
    road.close()


@pytest.fixture
def lines():
    with structlog.testing.capture_logs() as lines:
        yield lines


def named(lines, event):
    return [line for line in lines if line["event"] == event]


def test_an_expired_token_is_nobodys_business(road, lines):
    road.far.answers = [Reply({"error": -216, "message": "Access token has expired"})]
    road.tell(2)
    assert road.waiting() == ["sent", "sent"]
    assert road.arrived() == 2
    assert len(road.far.renewals) == 1
    assert road.alerts() == []
    assert len(named(lines, "zalo.renewed")) == 1


def test_a_lost_grant_is_told_once_and_loses_nothing(road, lines):
    road.far.number = 8  # revoked: neither our access token nor our refresh token is any good
    road.tell(3)
    for _ in range(3):
        road.forward(minutes=6)
    assert set(road.waiting()) <= {"new", "held"} and len(road.waiting()) == 3
    assert len(road.alerts()) == 1 and "zalo authorize" in road.alerts()[0]
    assert len(named(lines, "zalo.renewal_failed")) == 1
    assert [line["alert"] for line in named(lines, "alert")] == [LOST]
    assert len(road.far.renewals) == 1
    road.tokens.adopt(TokenPair("access-8", "refresh-8"))
    road.forward(minutes=10)
    assert road.waiting() == ["sent"] * 3
    assert road.arrived() == 3


@pytest.mark.parametrize(
    ("reply", "tries"),
    [
        (Reply({"error": -32, "message": "limit"}), 3),
        (Reply({"error": -211, "message": "quota"}), 1),
        (Reply({"error": -200, "message": "failed"}), 1),
        (Reply({"error": -320, "message": "billing"}), 1),
        (Reply(b"<html>Bad gateway</html>", 502), 1),
        (Reply(b"<html>Sorry</html>", kind="text/html"), 1),
        (Reply(close=True), 1),
    ],
    ids=["rate", "quota", "not sent", "billing", "502", "html", "broken"],
)
def test_what_passes_is_sent_when_it_has_passed(road, lines, reply, tries):
    road.far.answers = [reply] * tries
    road.tell()
    assert "sent" not in road.waiting()
    assert len(road.far.calls(CS)) == tries
    for _ in range(4):
        road.forward(hours=1)
    assert road.waiting() == ["sent"]
    assert len(road.far.calls(CS)) == tries + 1
    assert road.tokens.status()["renewals"] == 0
    assert len([line for line in lines if line["log_level"] in ("warning", "error")]) <= 2


def test_a_refusal_for_good_ends_one_message_and_no_other(road):
    road.far.answers = [Reply({"error": -210, "message": "too long"})]
    road.tell(2)
    assert sorted(road.waiting()) == ["never", "sent"]


def test_renewal_by_the_clock_needs_no_refusal(road):
    road.tell()
    road.clock.forward(hours=20)
    assert road.tokens.keep_fresh(road.zalo.client.ask_for_pair)
    road.tell()
    assert [one.headers["access_token"] for one in road.far.calls(CS)] == ["access-1", "access-2"]
    assert road.tokens.status()["renewal_due"] - road.clock.now() > timedelta(hours=19)


def test_no_line_and_no_row_holds_a_token(road, lines):
    road.far.answers = [
        Reply({"error": -216, "message": "access-1 is over"}),
        Reply({"error": -201, "message": "access-2 asked for refresh-2"}),
    ]
    road.tell()
    road.far.oauth_answers = [Reply({"error": -14014, "error_description": f"refresh-2 {SECRET}"})]
    road.far.number = 8
    road.tell()
    road.forward(minutes=6)
    with road.store.read() as uow:
        run = uow.connection.plain.exec_driver_sql
        rows = [
            list(map(str, row))
            for table in ("outbox", "deliveries", "tokens", "records")
            for row in run(f"select * from {table}")  # noqa: S608 - our own tables
        ]
    told = json.dumps(lines, default=str) + json.dumps(rows) + "".join(road.said("ops"))
    assert len(lines) > 2
    assert [secret for secret in SECRETS if secret in told] == []
