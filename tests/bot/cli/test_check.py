"""`check`: says every problem at once, each with its place, and ends with 1 when something is an error."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import insert

from storage.agencies import ROUTES

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"


def errors(shell, code=1, **environ):
    return {
        problem["where"]: problem
        for problem in shell.json("check", code=code, **environ)
        if problem["weight"] == "error"
    }


@pytest.fixture
def linked(ready, world):
    """An installation with nothing wrong."""
    world.link("nhom", "ha", "Hà", None)
    return ready


@pytest.fixture
def api():
    """A far end that answers every method the way it is told, and keeps what it was asked."""

    class Answer(BaseHTTPRequestHandler):
        asked: list[str] = []  # noqa: RUF012 - one list a test
        body = b'{"ok": true, "result": {"id": 123456789, "is_bot": true, "first_name": "B", "username": "a_bot"}}'

        def do_POST(self):
            self.asked.append(
                self.path.rsplit("/", 1)[-1] + self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            )
            body = self.answers.get(self.path.rsplit("/", 1)[-1], self.body)
            self.send_response(200 if b'"ok": true' in body else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Quiet."""

        answers: dict[str, bytes] = {}  # noqa: RUF012

    handler = type("Fresh", (Answer,), {"asked": [], "answers": {}})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_nothing_is_wrong_with_a_sound_installation(linked):
    assert errors(linked, code=0) == {}
    assert "0 lỗi" in linked.run("check").stdout


def test_settings_are_said_with_file_and_line_before_anything_is_opened(linked, tmp_path):
    (tmp_path / "c.yaml").write_text("web:\n  prot: 1\ntelegram:\n  token: x\n", encoding="utf-8")
    found = errors(linked, BOT_CONFIG=str(tmp_path / "c.yaml"), BOT_LOGS__LEVEL="LOUD")
    assert set(found) == {"c.yaml:2", "c.yaml:4", "BOT_LOGS__LEVEL"}


def test_an_empty_database(shell):
    assert "db init" in errors(shell)["database"]["vi"]


def test_what_cannot_be_reached(linked, tmp_path):
    (tmp_path / "file").touch()
    found = errors(
        linked,
        BOT_REDIS__URL="redis://127.0.0.1:1/0",
        BOT_MEDIA__URL=(tmp_path / "file" / "media").as_uri(),
        BOT_DATABASE__URL="postgresql+psycopg://nobody:hidden@127.0.0.1:1/none",
    )
    assert set(found) == {"redis.url", "media.url", "database.url"}
    assert "hidden" not in str(found)


def test_a_sensitive_category_that_goes_to_an_agency_is_refused(linked, world):
    """R61: reports about officials go to the operations team only."""
    linked.run("categories", "add", "thai-do", "--vi", "Thái độ cán bộ", "--sensitive")
    with world.store.write() as uow:
        agency = uow.agencies.by_code("cong-an").id
        uow.connection.execute(insert(ROUTES), {"category": "thai-do", "agency_id": agency})
    (problem,) = errors(linked).values()
    assert "R61" in problem["vi"] and problem["where"].startswith("route ")


def test_the_operators_need_a_group(ready):
    assert "operators" in errors(ready)["agencies"]["en"]


def test_a_worker_alone_says_what_it_lacks(ready):
    assert "BOT_REDIS__URL" in ready.run("worker", code=1).stderr


def test_gaps_are_warnings(linked):
    for row in linked.json("agencies", "routes", "list"):
        linked.run("agencies", "routes", "drop", str(row["id"]))
    found = linked.json("check")
    assert sum(problem["where"].startswith("routes ") for problem in found) > 0
    assert "còn" not in str(errors(linked, code=0))


def test_the_token_is_tried(linked, api):
    telegram = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": api.url}
    assert errors(linked, code=0, **telegram) == {}
    api.answers["getMe"] = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    found = errors(linked, **telegram)
    assert set(found) == {"telegram.token"} and TOKEN not in str(found)
    assert set(errors(linked, BOT_TELEGRAM__TOKEN="no-token")) == {"telegram.token"}


def test_the_webhook_is_set_shown_and_deleted(linked, api):
    telegram = {
        "BOT_TELEGRAM__TOKEN": TOKEN,
        "BOT_TELEGRAM__API_URL": api.url,
        "BOT_TELEGRAM__MODE": "webhook",
        "BOT_TELEGRAM__WEBHOOK_SECRET": "a-secret",
        "BOT_WEB__PUBLIC_URL": "https://bot.example.vn/",
    }
    done = b'{"ok": true, "result": true}'
    api.answers |= {name: done for name in ("setWebhook", "deleteWebhook", "setMyCommands")}
    api.answers["getWebhookInfo"] = b"""{"ok": true, "result": {"url": "https://bot.example.vn/hooks/telegram",
        "has_custom_certificate": false, "pending_update_count": 3}}"""
    linked.run("telegram", "set-webhook", **telegram)
    assert any("setWebhook" in asked and "hooks%2Ftelegram" in asked and "a-secret" in asked for asked in api.asked)
    info = linked.json("telegram", "info", **telegram)
    assert (info["username"], info["pending_update_count"], info["mode"]) == ("a_bot", 3, "webhook")
    linked.run("telegram", "set-commands", **telegram)
    linked.run("telegram", "delete-webhook", **telegram)
    assert (
        "webhook"
        in linked.run("telegram", "set-webhook", code=1, **telegram | {"BOT_TELEGRAM__MODE": "polling"}).stderr
    )
    api.answers["deleteWebhook"] = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    assert TOKEN not in linked.run("telegram", "delete-webhook", code=1, **telegram).stderr


def test_without_a_token_there_is_nothing_to_set(linked):
    off = {"BOT_SANDBOX__ENABLED": "true", "BOT_TELEGRAM__TOKEN": "1:a"}
    assert "sandbox" in linked.run("telegram", "info", code=1, **off).stderr


def test_the_sandbox_can_skip_time_and_start_over(ready, api):
    before = ready.json("sandbox", "clock")
    after = ready.json("sandbox", "clock", "+3d")
    assert (before["ahead_seconds"], after["ahead_seconds"]) == (0, 3 * 86400)
    ready.run("sandbox", "clock", "yesterday", code=1)
    assert "--yes" in ready.run("sandbox", "reset", code=1).stderr
    ready.run("sandbox", "reset", "--dry-run")
    assert ready.json("db", "status")["step"]
    ready.run("sandbox", "reset", "--yes")
    assert ready.json("db", "status")["step"] is None
    assert ready.json("sandbox", "clock")["ahead_seconds"] == 0


def test_the_sandbox_commands_keep_away_from_a_real_installation(ready):
    real = {"BOT_TELEGRAM__TOKEN": TOKEN}
    for words in (("play",), ("clock",), ("reset", "--yes")):
        ready.run("sandbox", *words, code=1, **real)
    ready.run("sandbox", "reset", "--yes", code=1, BOT_DATABASE__URL="sqlite:////tmp/other.sqlite3")
    assert ready.json("db", "status")["step"]


def test_groups_on_platforms_that_are_switched_off_are_told_of(ready, world):
    def off(code, **environ):
        return [one["where"] for one in ready.json("check", code=code, **environ) if "switched off" in one["en"]]

    def linked(platform, agency_id):
        uow.chats.ensure([(platform, f"nhom-{agency_id}")])
        chat_id = uow.chats.find(platform, f"nhom-{agency_id}").id
        uow.chats.change(chat_id, kind="group", operators=agency_id is None, agency_id=agency_id, linked_at=now)

    now = world.clock.now()
    with world.store.write() as uow:
        ward = uow.agencies.by_code("an-cuu").id
        for platform, agency_id in (("zalo", None), ("zalo", ward), ("telegram", ward)):
            linked(platform, agency_id)
    only_telegram = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": "http://127.0.0.1:1"}
    assert off(1, **only_telegram) == ["agencies.operators"]
    assert off(0) == []  # the sandbox has both
