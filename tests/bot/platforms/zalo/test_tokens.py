"""The pair of tokens: taken once, renewed by one for all, kept before it is used, told about when it is lost."""

import io
import json
import logging
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot import logs
from bot.platforms.zalo.client import RenewalFailed, TokenPair, ZaloOAAuthTokenExpiredException, oa
from bot.platforms.zalo.client.errors import ZaloException, ZaloHTTPException, ZaloOAuthException
from bot.platforms.zalo.client.transport import NotSent
from bot.platforms.zalo.tokens import LATE, LOST, NAME, PURPOSE, WORK, StoredTokens
from storage.db import open_engine
from storage.unit_of_work import Store
from storage.vault import Vault
from tests.bot.platforms.zalo.local import Reply
from tests.bot.platforms.zalo.renewing import SECRET, keeper

ROOT = Path(__file__).parents[4]
FIRST = TokenPair("access-1", "refresh-1")
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def url(tables_url):
    """The URL of an empty, migrated database of either kind."""
    return tables_url


class Desk:
    """The stored tokens with a clock and an alarm to look at."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.at = AT
        self.alarms: list[tuple[str, str]] = []

    def open(self, first: TokenPair | None = None, secrets=(SECRET,), **options) -> StoredTokens:
        options = {"sleep": lambda _: None, **options}
        return StoredTokens(self.store, Vault(secrets, PURPOSE), lambda: self.at, first, self._alarm, **options)

    def _alarm(self, _uow, key, values, _now):
        self.alarms.append((key, values["code"]))

    def row(self, name):
        with self.store.read() as uow:
            return uow.tokens.find(name)

    def let_pause_pass(self):
        """The pause after a failure is by the database's clock, which tests do not turn: take it away."""
        with self.store.write() as uow:
            tokens = uow.tokens
            kept = tokens.find(WORK)
            tokens.replace(WORK, kept.version, json.dumps(json.loads(kept.value) | {"next_try": 0, "until": 0}), AT)


@pytest.fixture
def desk(sqlite_copy):
    engine = open_engine(sqlite_copy("tables"))
    yield Desk(Store(engine))
    engine.dispose()


def fresh(spent: TokenPair) -> TokenPair:
    """The pair after this one."""
    number = int(spent.refresh_token.removeprefix("refresh-")) + 1
    return TokenPair(f"access-{number}", f"refresh-{number}", int(AT.timestamp()) + 90000)


def failing(*errors, then=fresh):
    """Ask, and be answered with these first."""
    left = list(errors)

    def ask(spent):
        ask.asked += 1
        if left:
            raise left.pop(0)
        return then(spent)

    ask.asked = 0
    return ask


# The pair of the settings.


def test_there_is_no_pair_before_one_was_given(desk):
    tokens = desk.open()
    assert tokens.load() is None
    assert tokens.status() is None
    assert not tokens.keep_fresh(fresh)
    with pytest.raises(RenewalFailed) as raised:
        tokens.renew("access-1", fresh)
    assert (raised.value.code, raised.value.final) == ("no_pair", True)


def test_the_first_pair_is_taken_from_the_settings_and_lies_sealed(desk):
    assert desk.open(FIRST).load() == FIRST
    kept = desk.row(NAME)
    assert "access-1" not in kept.value
    assert "refresh-1" not in kept.value


def test_the_settings_first_pair_is_not_taken_again_after_it_was_renewed(desk):
    desk.open(FIRST).renew("access-1", fresh)
    assert desk.open(FIRST).load().access_token == "access-2"


def test_another_pair_in_the_settings_is_news(desk):
    desk.open(FIRST).renew("access-1", fresh)
    assert desk.open(TokenPair("access-7", "refresh-7")).load().refresh_token == "refresh-7"
    assert desk.open(FIRST).load().refresh_token == "refresh-7"  # a process that still has the old settings


def test_a_key_of_its_own_can_be_given_later(desk):
    desk.open(FIRST).load()
    later = desk.open(secrets=("a key", SECRET))
    assert later.load() == FIRST
    later.renew("access-1", fresh)
    assert desk.open(secrets=("a key",)).load().access_token == "access-2"


def test_with_another_app_secret_nothing_is_lost_and_calls_say_so(desk, local):
    desk.open(FIRST).load()
    other = desk.open(TokenPair("access-9", "refresh-9"), secrets=("another",))
    client = oa.Client("app-1", "another", tokens=other, endpoint_prefix=local.url)
    with pytest.raises(ZaloOAAuthTokenExpiredException, match="sealed"):
        client.send_text("u1", "x")
    assert desk.open().load() == FIRST
    other.adopt(TokenPair("access-5", "refresh-5"))
    assert other.load().access_token == "access-5"
    again = desk.open(TokenPair("access-9", "refresh-9"), secrets=("another",))
    assert again.load().access_token == "access-5"  # what stands in the settings is older than what a person brought


def test_a_person_s_first_pair_is_not_replaced_by_that_of_the_settings(desk):
    desk.open(FIRST).adopt(TokenPair("access-5", "refresh-5"))
    assert desk.open(FIRST).load().access_token == "access-5"


# Renewing.


def test_a_new_pair_is_kept_before_it_is_given_out(desk):
    tokens = desk.open(FIRST)
    assert tokens.renew("access-1", fresh).access_token == "access-2"
    assert desk.open().load() == fresh(FIRST)
    status = tokens.status()
    assert (status["renewals"], status["source"], status["failures"], status["lost"]) == (1, "renewal", 0, False)
    assert status["previous_since"] == AT


def test_who_comes_with_an_old_token_gets_the_new_one_without_asking(desk):
    desk.open(FIRST).renew("access-1", fresh)
    ask = failing()
    assert desk.open().renew("access-1", ask).access_token == "access-2"
    assert ask.asked == 0


def test_it_is_renewed_at_twenty_hours_and_not_before(desk):
    tokens = desk.open(FIRST)
    assert not tokens.keep_fresh(fresh)
    desk.at = AT + timedelta(hours=19, minutes=59)
    assert not tokens.keep_fresh(fresh)
    desk.at = AT + timedelta(hours=20)
    assert tokens.keep_fresh(lambda spent: TokenPair("access-2", "refresh-2", int(desk.at.timestamp()) + 90000))
    assert not tokens.keep_fresh(fresh)
    assert tokens.status()["renewal_due"] == AT + timedelta(hours=40)


@pytest.mark.parametrize(
    ("error", "asked", "code"),
    [
        (lambda: requests.ReadTimeout("x"), 2, None),
        (lambda: requests.ConnectionError("x"), 2, None),
        (lambda: ZaloHTTPException(502), 2, None),
        (lambda: ZaloHTTPException(200, "no JSON object"), 2, None),
        (lambda: NotSent("x"), 1, "unreachable"),
        (lambda: ZaloOAuthException(-32), 1, "-32"),
        (lambda: ZaloHTTPException(429), 1, "http_429"),
    ],
    ids=["timeout", "broken", "502", "html", "unreachable", "-32", "429"],
)
def test_what_may_pass_is_tried_again(desk, error, asked, code):
    tokens = desk.open(FIRST)
    ask = failing(error())
    if code is None:  # nobody knows whether the token was spent: the same once more, at once
        assert tokens.renew("access-1", ask).access_token == "access-2"
    else:
        with pytest.raises(RenewalFailed) as raised:
            tokens.renew("access-1", ask)
        assert (raised.value.code, raised.value.final) == (code, False)
        with pytest.raises(RenewalFailed):
            tokens.renew("access-1", ask)  # not before its pause is over
        assert ask.asked == 1
        desk.let_pause_pass()
        assert tokens.renew("access-1", ask).access_token == "access-2"
        asked += 1
    assert ask.asked == asked
    assert desk.alarms == []


@pytest.mark.parametrize(
    "error",
    [lambda: ZaloOAuthException(-14014), lambda: ZaloHTTPException(401), lambda: ZaloException(-1, "no access_token")],
    ids=["refused", "401", "half a pair"],
)
def test_a_refusal_is_told_once_and_not_tried_again(desk, error):
    tokens = desk.open(FIRST)
    ask = failing(error(), error())
    for _ in range(3):
        with pytest.raises(RenewalFailed) as raised:
            tokens.renew("access-1", ask)
        assert raised.value.final
        desk.let_pause_pass()
    assert ask.asked == 1
    assert [key for key, _ in desk.alarms] == [LOST]
    assert tokens.status()["lost"]
    assert tokens.load() == FIRST


def test_a_timeout_and_then_a_refusal_is_a_spent_token(desk):
    tokens = desk.open(FIRST)
    with pytest.raises(RenewalFailed):
        tokens.renew("access-1", failing(requests.ReadTimeout("x"), ZaloOAuthException(-14014)))
    assert desk.alarms == [(LOST, "-14014")]


def test_a_person_may_try_again_what_was_given_up(desk):
    tokens = desk.open(FIRST)
    with pytest.raises(RenewalFailed):
        tokens.renew("access-1", failing(ZaloHTTPException(403)))
    assert tokens.renew(None, fresh).access_token == "access-2"
    assert not tokens.status()["lost"]


def test_a_pair_that_a_person_brings_ends_the_trouble(desk):
    tokens = desk.open(FIRST)
    with pytest.raises(RenewalFailed):
        tokens.renew("access-1", failing(ZaloOAuthException(-14014)))
    tokens.adopt(TokenPair("access-8", "refresh-8", 0))
    assert desk.open(FIRST).load().access_token == "access-8"
    assert tokens.renew("access-8", fresh).access_token == "access-9"
    with pytest.raises(RenewalFailed):
        tokens.renew("access-9", failing(ZaloOAuthException(-14014)))
    assert [key for key, _ in desk.alarms] == [LOST, LOST]  # another grant, another alert


def test_what_fails_for_long_is_told_once_and_goes_on(desk):
    tokens = desk.open(FIRST)
    ask = failing(*[NotSent("x") for _ in range(5)])
    for _ in range(5):
        with pytest.raises(RenewalFailed):
            tokens.renew("access-1", ask)
        desk.let_pause_pass()
    assert desk.alarms == [(LATE, "unreachable")]
    assert tokens.renew("access-1", ask).access_token == "access-2"


def test_an_alarm_and_its_note_are_one(desk):
    def broken(*_):
        raise RuntimeError("no alarm to be had")

    tokens = StoredTokens(desk.store, Vault([SECRET], PURPOSE), lambda: AT, FIRST, broken, sleep=lambda _: None)
    with pytest.raises(RuntimeError):
        tokens.renew("access-1", failing(ZaloOAuthException(-14014)))
    assert json.loads(desk.row(WORK).value)["told"] == ""


def test_a_person_who_authorises_while_we_ask_is_not_overruled(desk):
    tokens = desk.open(FIRST)

    def ask(spent):
        desk.open().adopt(TokenPair("access-8", "refresh-8"))
        return fresh(spent)

    assert tokens.renew("access-1", ask).access_token == "access-8"
    assert desk.open().load().refresh_token == "refresh-8"


def test_a_refusal_after_somebody_else_has_renewed_is_none(desk):
    tokens = desk.open(FIRST)

    def ask(spent):
        desk.open().adopt(fresh(spent), "renewal")
        raise ZaloOAuthException(-14014)

    assert tokens.renew("access-1", ask).access_token == "access-2"
    assert desk.alarms == []


def test_a_pair_outlives_a_database_that_is_away(desk, monkeypatch):
    tokens = desk.open(FIRST)
    tokens.load()
    write, left = desk.store.write, [1] * 7

    def away():
        if len(left) < 7 and left:
            left.pop()
            raise OperationalError("x", {}, Exception("away"))
        return write()

    def ask(spent):
        left.pop()  # from now on
        return fresh(spent)

    monkeypatch.setattr(desk.store, "write", away)
    with pytest.raises(RenewalFailed) as raised:
        tokens.renew("access-1", ask)
    assert (raised.value.code, raised.value.final) == ("not_kept", False)
    left.clear()
    assert tokens.renew("access-1", failing(ZaloOAuthException(-14014))).access_token == "access-2"
    assert desk.open().load().refresh_token == "refresh-2"
    assert desk.alarms == []


def test_one_of_many_threads_asks(desk, local):
    tokens = desk.open(FIRST)
    tokens.load()
    local.checks_tokens = True
    local.number = 2  # access-1 is over; refresh-2 is in force
    tokens.adopt(TokenPair("access-1", "refresh-2"))
    client = oa.Client("app-1", SECRET, tokens=tokens, endpoint_prefix=local.url, oauth_prefix=local.url)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(client.send_text("u1", "x")["error"])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [0] * 6
    assert len(local.renewals) == 1
    client.close()


# Four processes.


class Racers:
    """Processes that all hold the same refused token."""

    def __init__(self, database: str, far: str, how_many: int, die: str = "live") -> None:
        command = [sys.executable, "-m", "tests.bot.platforms.zalo.renewing", database, far, "access-1", die]
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(how_many)
        ]
        self.said: list[list[str]] = [[] for _ in self.processes]
        self._listeners = [
            threading.Thread(target=self._listen, args=pair) for pair in zip(self.processes, self.said, strict=True)
        ]
        for listener in self._listeners:
            listener.start()

    def _listen(self, process, said) -> None:
        for line in process.stdout:
            said.append(line.strip())

    def until(self, holds) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)

    def start(self):
        self.until(lambda: all("ready" in said for said in self.said))
        for process in self.processes:
            process.stdin.write("go\n")
            process.stdin.flush()

    def waiting(self) -> int:
        """How many wait for somebody else."""
        return sum("waiting" in said for said in self.said)

    def end(self) -> list[str]:
        """What each said last."""
        for process, listener in zip(self.processes, self._listeners, strict=True):
            assert process.wait(timeout=90) is not None
            listener.join()
        return [said[-1] for said in self.said]

    def clear(self):
        """Whatever became of the test, nothing of it goes on."""
        for process, listener in zip(self.processes, self._listeners, strict=True):
            process.kill()
            process.wait()
            listener.join()
            process.stdin.close()
            process.stdout.close()


@pytest.fixture
def race(url, local):
    """Start racers over this database and far end."""
    started = []

    def start(how_many, die="live"):
        started.append(Racers(url, local.url, how_many, die))
        return started[-1]

    yield start
    for racers in started:
        racers.clear()


@pytest.mark.both_databases
def test_of_four_processes_one_renews_and_all_have_the_new_pair(url, local, race):
    tokens, store = keeper(url, first=FIRST)
    tokens.load()
    racers = race(4)
    gate = threading.Event()
    local.before_renewal = lambda: gate.wait(timeout=60)
    racers.start()
    racers.until(lambda: racers.waiting() == 3)  # the three others really come while it is under way
    gate.set()
    assert [json.loads(said) for said in racers.end()] == [["access-2", "refresh-2"]] * 4
    assert [one.form["refresh_token"] for one in local.renewals] == ["refresh-1"]
    assert tokens.load().refresh_token == "refresh-2"
    assert tokens.status()["renewals"] == 1
    store.engine.dispose()


@pytest.mark.both_databases
def test_a_kill_between_answer_and_keeping_ends_in_one_alert(url, local, race):
    alarms = []
    tokens, store = keeper(url, lambda _uow, key, values, _now: alarms.append((key, values["code"])), first=FIRST)
    tokens.load()
    racers = race(1, "die")
    racers.start()
    racers.end()
    assert racers.processes[0].returncode == -9
    assert len(local.renewals) == 1  # it was spent, and the answer died with the process
    client = oa.Client("app-1", SECRET, tokens=tokens, endpoint_prefix=local.url, oauth_prefix=local.url)
    _end_lease(url)
    for _ in range(3):
        with pytest.raises(RenewalFailed) as raised:
            tokens.renew("access-1", client.ask_for_pair)
        assert raised.value.final
    assert alarms == [(LOST, "-14014")]
    assert len(local.renewals) == 2
    client.close()
    store.engine.dispose()


@pytest.mark.both_databases
def test_a_kill_is_survived_where_the_server_allows_the_old_token_once_more(url, local, race):
    tokens, store = keeper(url, first=FIRST)
    tokens.load()
    racers = race(1, "die")
    racers.start()
    racers.end()
    local.number = 1  # the period of grace that some report
    _end_lease(url)
    client = oa.Client("app-1", SECRET, tokens=tokens, endpoint_prefix=local.url, oauth_prefix=local.url)
    assert client.refresh_access_token()[0] == "access-2"
    assert client.send_text("u1", "x")["error"] == 0
    assert local.heard[-1].headers["access_token"] == "access-2"
    client.close()
    store.engine.dispose()


@pytest.mark.both_databases
def test_whoever_waits_for_a_dead_process_waits_no_longer_than_its_patience(url, local, race):
    tokens, store = keeper(url, first=FIRST, patience=0.01)
    tokens.load()
    racers = race(1, "die")
    racers.start()
    racers.end()
    with pytest.raises(RenewalFailed) as raised:
        tokens.renew("access-1", fresh)
    assert (raised.value.code, raised.value.final) == ("busy", False)
    store.engine.dispose()


def _end_lease(url: str) -> None:
    """A minute passes for the lease of the dead."""
    engine = create_engine(url)
    with engine.begin() as connection:
        value = json.loads(
            connection.execute(text("select value from tokens where name = :name"), {"name": WORK}).scalar_one()
        )
        assert value["owner"]
        connection.execute(
            text("update tokens set value = :value where name = :name"),
            {"name": WORK, "value": json.dumps(value | {"until": 0})},
        )
    engine.dispose()


# Nothing secret is said.


@pytest.fixture
def stream():
    """The log of a whole process at its most talkative."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up("json", "DEBUG", stream)
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


def test_neither_log_nor_rows_nor_errors_hold_a_token(desk, local, stream):
    tokens = desk.open(FIRST)
    client = oa.Client("app-1", SECRET, tokens=tokens, endpoint_prefix=local.url, oauth_prefix=local.url)
    local.answers = [
        Reply({"error": -216, "message": "access-1 expired"}),
        Reply({"error": -201, "message": "access-2"}),
    ]
    with pytest.raises(ZaloException) as raised:
        client.send_text("u1", "x")
    local.oauth_answers = [Reply({"error": -14014, "error_description": "refresh-2"})]
    with pytest.raises(RenewalFailed) as failed:
        client.refresh_access_token()
    told = stream.getvalue() + str(raised.value) + str(failed.value) + repr(tokens.load())
    told += repr(tokens.status()) + desk.row(NAME).value + desk.row(WORK).value
    assert "zalo.renewed" in told
    assert [secret for secret in ("access-1", "access-2", "refresh-1", "refresh-2", SECRET) if secret in told] == []
    client.close()
