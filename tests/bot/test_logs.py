"""The log: one line per fact, the same for both kinds of loggers, and a last net for what must not be there."""

import io
import json
import logging

import pytest
import structlog

from bot import logs


@pytest.fixture
def stream():
    kept = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    yield stream
    logging.getLogger().handlers[:], level = kept
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_kinds_of_loggers_write_the_same_json(stream):
    logs.set_up("json", stream=stream)
    structlog.get_logger("ours").info("case.opened", case=7)
    logging.getLogger("theirs").warning("slow")
    ours, theirs = lines(stream)
    assert (ours["message"], ours["case"], ours["level"], ours["logger"]) == ("case.opened", 7, "info", "ours")
    assert (theirs["message"], theirs["level"], theirs["logger"]) == ("slow", "warning", "theirs")
    assert ours.keys() - {"case"} == theirs.keys()


def test_a_chat_is_named_by_our_own_number_only_and_only_while_it_is_worked(stream):
    logs.set_up("json", stream=stream)
    with structlog.contextvars.bound_contextvars(platform="telegram", chat_id=7, inbox_id=3):
        structlog.get_logger().info("step")
    structlog.get_logger().info("after")
    bound, free = lines(stream)
    assert (bound["platform"], bound["chat_id"], bound["inbox_id"]) == ("telegram", 7, 3)
    assert "chat_id" not in free


@pytest.mark.parametrize(
    "secret",
    [
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-",
        "4231567890123456789:ZaloBotTokenOfTheTestsAAAAAAAAAAAAAAAA",
        "access_token=" + "Ab3_-" * 20,
        "postgresql://bot:hunter2@db/x",
        "gọi 0912 345 678 nhé",
        "+84912345678",
        "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX/getMe",
    ],
)
def test_the_last_net(stream, secret):
    logs.set_up("json", stream=stream)
    structlog.get_logger().warning("x", detail={"list": [secret]})
    logging.getLogger("theirs").error("failed: %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        structlog.get_logger().exception("failed")
    text = stream.getvalue()
    assert text.count(logs.HIDDEN) >= 3
    assert not any(part in text for part in ("AAHdq", "hunter2", "345 678", "345678", "ZaloBot", "Ab3_"))


def test_ordinary_numbers_are_left_alone(stream):
    logs.set_up("json", stream=stream)
    structlog.get_logger().info("counted", rows=1234567890, at="2026-03-02T08:30:00Z", code="PA-7K3M-9QXC")
    line = lines(stream)[0]
    assert (line["rows"], line["at"], line["code"]) == (1234567890, "2026-03-02T08:30:00Z", "PA-7K3M-9QXC")


def test_http_clients_are_quiet_for_they_log_addresses_with_tokens(stream):
    logs.set_up("json", "DEBUG", stream)
    logging.getLogger("httpx").info("HTTP Request: POST …")
    assert lines(stream) == []


def test_the_level_holds(stream):
    logs.set_up("json", "WARNING", stream)
    structlog.get_logger().info("unheard")
    structlog.get_logger().warning("heard")
    assert [line["message"] for line in lines(stream)] == ["heard"]


def test_a_console_is_for_people(stream):
    logs.set_up("console", stream=stream)
    structlog.get_logger().info("case.opened", case=7)
    assert "case.opened" in stream.getvalue() and "{" not in stream.getvalue()
