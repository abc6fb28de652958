"""The platform Zalo Bot: both wrappings, polling, its few errors, and a token that shows nowhere."""

import json
from datetime import UTC, datetime

import pytest
import requests
from structlog.testing import capture_logs

from bot.platforms.zalo_bot.door import ZaloBotDoor, ZaloBotOptions
from bot.platforms.zalo_bot.parse import ParseError
from bot.platforms.zalo_bot.platform import ZaloBot
from handlers.ports import Outgoing, QuotaSpent, SendLater, SendNever, SendUnknown
from tests.bot.platforms.fake_zalo import BOT_TOKEN, FakeZalo, bot_error
from workflows.events import CommandSent, MediaSent, TextSent, Unsupported
from workflows.messages import Line, Message

AT = datetime(2026, 11, 23, tzinfo=UTC)
ASK = Message((Line("ask"),))
SEND = f"/bot{BOT_TOKEN}/sendMessage"


@pytest.fixture
def far_end():
    server = FakeZalo()
    yield server
    server.stop()


@pytest.fixture
def bot(far_end, words):
    platform = ZaloBot(ZaloBotOptions(BOT_TOKEN, far_end.url, read_timeout=20), words)
    yield platform
    platform.close()


def event(name="message.text.received", *, group=False, **message):
    base = {
        "from": {"id": "a1b2", "display_name": "Lan", "is_bot": False},
        "chat": {"id": "g1" if group else "a1b2", "chat_type": "GROUP" if group else "PRIVATE"},
        "message_id": "z1",
        "date": 1767225600000,
    }
    return {"event_name": name, "message": base | (message or {"text": "Xin chào"})}


def heard(bot, body):
    return bot.parse(json.dumps(body), AT)


def to(message, chat="a1b2"):
    return Outgoing(chat, False, message, "vi")


# --- coming in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrap", [lambda body: body, lambda body: {"ok": True, "result": body}], ids=["bare", "wrapped"]
)
def test_both_wrappings_are_the_same_message(bot, wrap):
    body = wrap(event())
    envelope, delivery = heard(bot, body), bot.identify(json.dumps(body).encode())
    assert (envelope.event, envelope.chat, envelope.message) == (TextSent("Xin chào"), "a1b2", "z1")
    assert (envelope.sender.user, envelope.sender.name, envelope.group) == ("a1b2", "Lan", False)
    assert (delivery.external_id, delivery.chat) == ("z1", "a1b2")


@pytest.mark.parametrize("field", ["photo", "photo_url"])
def test_a_photo_is_found_under_both_names(bot, field):
    found = heard(bot, event("message.image.received", caption="Ổ gà", **{field: "https://a.zdn.vn/1.jpg"})).event
    assert isinstance(found, MediaSent) and (found.caption, found.media.handle) == ("Ổ gà", "https://a.zdn.vn/1.jpg")
    assert found.album


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (event(text="/huy ngay"), CommandSent("huy", "ngay")),
        (event("message.sticker.received", sticker="x"), Unsupported("sticker")),
        (event("message.unsupported.received", message_type="x"), Unsupported("unsupported")),
        (event("message.image.received", caption="x"), Unsupported("photo")),
    ],
)
def test_what_else_comes(bot, body, what):
    assert heard(bot, body).event == what


def test_a_voice_message_is_a_file(bot):
    found = heard(bot, event("message.voice.received", voice_url="https://a.zdn.vn/1.aac")).event
    assert (found.media.kind, found.album) == ("voice", None)


def test_a_group_is_known_as_one(bot):
    envelope = heard(bot, event(group=True))
    assert (envelope.chat, envelope.group) == ("g1", True)


def test_other_bots_and_unknown_events_are_ignored(bot):
    other = event()
    other["message"]["from"]["is_bot"] = True
    assert heard(bot, other) is None
    with capture_logs() as lines:
        assert heard(bot, event("message.thought.received", thought="s3cret")) is None
        assert heard(bot, {"event_name": "message.text.received"}) is None
    assert len(lines) == 2 and "s3cret" not in str(lines)


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"ok": true}', '{"ok": true, "result": 7}'])
def test_what_is_no_event_raises(bot, payload):
    with pytest.raises(ParseError):
        bot.parse(payload, AT)


@pytest.mark.parametrize("secret", ["", "short", "has space in it", pytest.param("x" * 257, id="too long")])
def test_a_webhook_needs_a_secret_that_the_platform_takes(secret):
    with pytest.raises(ValueError, match="8-256"):
        ZaloBotDoor(ZaloBotOptions("t", webhook=True, webhook_secret=secret))


def test_the_previous_secret_is_taken_while_the_new_one_is_being_set():
    door = ZaloBotDoor(ZaloBotOptions("t", webhook=True, webhook_secret="n" * 8, previous_webhook_secret="p" * 8))
    assert door.verify({"X-Bot-Api-Secret-Token": "p" * 8}, b"")
    assert not ZaloBotDoor(ZaloBotOptions("t")).verify({"X-Bot-Api-Secret-Token": ""}, b"")
    assert door.is_probe(b"") and not door.is_probe(b'{"ok": true}')


# --- polling -------------------------------------------------------------------------------------------------------


def test_one_update_at_a_time_and_nothing_new_is_no_error(bot, far_end):
    far_end.updates = [event(), event("message.sticker.received", sticker="x")]
    got = [bot.get_updates(None, 0) for _ in range(3)]
    assert [len(updates) for updates in got] == [1, 1, 0]
    assert heard(bot, json.loads(got[0][0])).event == TextSent("Xin chào")


def test_a_refused_token_and_a_webhook_in_the_way_are_said(bot, far_end, words):
    far_end.next[f"/bot{BOT_TOKEN}/getUpdates"] = [bot_error(409)]
    with pytest.raises(SendNever):
        bot.get_updates(None, 0)
    stranger = ZaloBot(ZaloBotOptions("1:wrong", far_end.url), words)
    with pytest.raises(SendLater) as caught:
        stranger.get_updates(None, 0)
    assert caught.value.code == "token_refused"
    stranger.close()


# --- going out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (bot_error(429), QuotaSpent),
        (bot_error(401), SendLater),
        (bot_error(403), SendNever),
        (bot_error(400), SendNever),
        (bot_error(408), SendUnknown),
        (bot_error(503), SendUnknown),
        (bot_error(400, 200), SendNever),
    ],
)
def test_refusals(bot, far_end, answer, kind):
    far_end.next[SEND] = [answer]
    with pytest.raises(kind) as caught:
        bot.send(to(ASK))
    assert type(caught.value) is kind and BOT_TOKEN not in str(caught.getrepr())
    assert bot.send(to(ASK)).ids


def test_what_is_no_answer_is_unknown(bot, far_end):
    from werkzeug.wrappers import Response

    far_end.next[SEND] = [Response("<html>"), Response("<html>", 502)]
    for code in ("strange_answer", "http_502"):
        with pytest.raises(SendUnknown) as caught:
            bot.send(to(ASK))
        assert caught.value.code == code


def test_who_has_left_is_lost(bot, far_end):
    far_end.lost["a1b2"] = 403
    with pytest.raises(SendNever) as caught:
        bot.send(to(ASK))
    assert caught.value.chat_lost


def test_nobody_there_is_for_later_and_the_token_shows_nowhere(bot, far_end, caplog):
    caplog.set_level("DEBUG")
    bot.send(to(ASK))
    far_end.stop()
    bot.close()
    with pytest.raises(SendLater) as caught:
        bot.send(to(ASK))
    assert caught.value.code == "unreachable" and caught.value.__cause__ is None
    assert BOT_TOKEN not in f"{caught.getrepr()}" and not isinstance(caught.value, requests.RequestException)
    far_end.__init__()


# --- administration ------------------------------------------------------------------------------------------------


def test_the_webhook_is_set_asked_for_and_taken_away(far_end, words):
    options = ZaloBotOptions(BOT_TOKEN, far_end.url, webhook=True, webhook_secret="secret-of-tests")
    bot = ZaloBot(options, words)
    assert bot.webhook_info() == {}
    bot.set_webhook("https://bot.example.vn/hooks/zalo-bot")
    assert far_end.hook == {"url": "https://bot.example.vn/hooks/zalo-bot", "secret_token": "secret-of-tests"}
    assert bot.webhook_info()["url"] == "https://bot.example.vn/hooks/zalo-bot"
    bot.delete_webhook()
    assert bot.webhook_info() == {} and bot.me()["account_name"] == "bot.phananh"
    bot.close()
