"""The client against a Bot API server: what is really sent, and what becomes of every refusal."""

import logging
import os
import threading
import time
from datetime import UTC, datetime

import pytest
from werkzeug.wrappers import Response

from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from handlers.ports import (
    ChatHasMoved,
    File,
    FileGone,
    Outgoing,
    SendLater,
    SendNever,
    SendUnknown,
    TopicGone,
)
from tests.bot.platforms.fake_api import TOKEN, refusal
from workflows.messages import Button, Line, Message, choice, say, text

YES = choice("c:1:x:yes", "yes")
ASK = Message((Line("ask"),), ((YES,),))
LONG = say("bare", text=text("chữ " * 1500))  # two messages
AT = datetime(2026, 11, 23, tzinfo=UTC)


def to(message, chat="7", **more):
    return Outgoing(chat, chat.startswith("-"), message, "vi", **more)


def dropped():
    """A connection that breaks off before the answer."""
    return Response(iter([b"{"]), 200, headers={"Content-Length": "500"})


# What is sent


def test_a_question_arrives_with_its_buttons(telegram, api):
    sent = telegram.send(to(ASK, thread="5", reply_to="9"))
    (call,) = api.heard
    assert (sent.ids, sent.captioned) == (("101",), False)
    assert call.params == {
        "chat_id": 7,
        "text": "📷 Mời gửi ảnh",
        "parse_mode": "HTML",
        "message_thread_id": 5,
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 9, "allow_sending_without_reply": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Đồng ý", "callback_data": "c:1:x:yes"}]]},
    }


def test_a_place_is_asked_for_and_the_keyboard_taken_away(telegram, api):
    telegram.send(to(Message((Line("ask"),), wish="place")))
    telegram.send(to(Message((Line("ask"),), drop_keyboard=True)))
    keyboards = [call.params["reply_markup"] for call in api.heard]
    assert keyboards[0]["keyboard"] == [[{"text": "📍 Gửi vị trí", "request_location": True}]]
    assert keyboards[1]["remove_keyboard"] is True


def test_a_photo_is_uploaded_and_its_handle_comes_back(telegram, api):
    sent = telegram.send(to(ASK, files=(File("photo", b"jpeg bytes", "image/jpeg", name="a.jpg"),)))
    (call,) = api.heard
    assert [content for _, content in call.files.values()] == [b"jpeg bytes"]
    assert (sent.captioned, sent.handles) == (True, ("large101",))


def test_a_known_handle_is_not_uploaded_again(telegram, api):
    telegram.send(to(ASK, files=(File("photo", b"jpeg", "image/jpeg", handle="AgACx"),)))
    assert (api.heard[0].params["photo"], api.heard[0].files) == ("AgACx", {})


def test_a_handle_that_is_refused_is_replaced_by_the_bytes(telegram, api):
    api.next["sendPhoto"] = [refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")]
    sent = telegram.send(to(ASK, files=(File("photo", b"jpeg", "image/jpeg", handle="AgACx"),)))
    assert [len(call.files) for call in api.heard] == [0, 1]
    assert sent.handles == ("large101",)


def test_an_album_is_one_call_and_the_words_answer_it(telegram, api):
    photo = File("photo", b"one", "image/jpeg")
    paper = File("document", b"pdf", "application/pdf")
    sent = telegram.send(to(ASK, files=(photo, paper, photo)))
    assert [call.method for call in api.heard] == ["sendMediaGroup", "sendDocument", "sendMessage"]
    assert sorted(content for _, content in api.heard[0].files.values()) == [b"one", b"one"]
    assert sent.ids == ("101", "102", "103", "104")
    assert sent.handles == ("large101", "doc103", "large102")
    assert not sent.captioned


def test_edits(telegram, api):
    assert telegram.send(to(ASK, edit="9")).ids == ("9",)
    assert telegram.send(to(ASK, edit="8", edit_media=True)).captioned
    assert api.said() == [("editMessageText", "📷 Mời gửi ảnh"), ("editMessageCaption", "📷 Mời gửi ảnh")]


def test_an_edit_that_changes_nothing_is_done(telegram, api):
    words = "Bad Request: message is not modified: specified new message content and reply markup are the same"
    api.next["editMessageText"] = [refusal(400, words)]
    assert telegram.send(to(ASK, edit="9")).ids == ("9",)


@pytest.mark.parametrize("reason", ["message to edit not found", "message can't be edited"])
def test_a_message_that_cannot_be_edited_is_sent_anew(telegram, api, reason):
    api.next["editMessageText"] = [refusal(400, f"Bad Request: {reason}")]
    assert telegram.send(to(ASK, edit="9")).ids == ("101",)
    assert [call.method for call in api.heard] == ["editMessageText", "sendMessage"]


def test_refused_markup_is_sent_without(telegram, api):
    words = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'
    api.next["sendMessage"] = [refusal(400, words)]
    telegram.send(to(say("said", text=text("5 < 6"))))
    assert api.said()[1] == ("sendMessage", "Nội dung: 5 < 6")
    assert "parse_mode" not in api.heard[1].params


# What is refused

REFUSALS = {
    "flood": (refusal(429, "Too Many Requests: retry after 7", retry_after=7), SendLater),
    "blocked": (refusal(403, "Forbidden: bot was blocked by the user"), SendNever),
    "kicked": (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), SendNever),
    "no rights": (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), SendNever),
    "no chat": (refusal(400, "Bad Request: chat not found"), SendNever),
    "moved": (
        refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=-1002200000099,
        ),
        ChatHasMoved,
    ),
    "topic gone": (refusal(400, "Bad Request: message thread not found"), TopicGone),
    "topic closed": (refusal(400, "Bad Request: TOPIC_CLOSED"), TopicGone),
    "token": (refusal(401, "Unauthorized"), SendLater),
    "method": (refusal(404, "Not Found"), SendLater),
    "conflict": (refusal(409, "Conflict: terminated by other getUpdates request"), SendLater),
    "server": (refusal(500, "Internal Server Error"), SendUnknown),
    "gateway": (Response("<html>bad gateway</html>", 502), SendUnknown),
    "broken": (dropped(), SendUnknown),
    "nonsense": (Response("<html>", 200), SendUnknown),
    "other": (refusal(400, 'Bad Request: can\'t do "bí mật"'), SendNever),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_sorted(telegram, api, name):
    answer, expected = REFUSALS[name]
    api.next["sendMessage"] = [answer]
    with pytest.raises(expected) as caught:
        telegram.send(to(ASK))
    assert TOKEN not in repr(caught.value) and "bí mật" not in str(caught.value)


def failure(telegram, api, name):
    api.next["sendMessage"] = [REFUSALS[name][0]]
    with pytest.raises((SendLater, SendNever, ChatHasMoved)) as caught:
        telegram.send(to(ASK))
    return caught.value


def test_how_long_to_wait_is_what_telegram_says(telegram, api):
    flood = failure(telegram, api, "flood")
    assert (flood.seconds, flood.whole_bot) == (7, False)


def test_when_many_chats_are_held_back_it_is_the_bot(telegram, api):
    floods = []
    for chat in ("1", "1", "2", "3"):
        api.next["sendMessage"] = [refusal(429, "Too Many Requests", retry_after=30)]
        with pytest.raises(SendLater) as caught:
            telegram.send(to(ASK, chat))
        floods.append(caught.value.whole_bot)
    assert floods == [False, False, False, True]


@pytest.mark.parametrize(
    ("name", "lost"),
    [("blocked", True), ("kicked", True), ("no chat", True), ("no rights", False), ("other", False)],
)
def test_a_lost_chat_is_told_from_a_refused_message(telegram, api, name, lost):
    assert failure(telegram, api, name).chat_lost is lost


def test_a_moved_group_says_where_to(telegram, api):
    assert failure(telegram, api, "moved").to == "-1002200000099"


def test_a_refused_token_stops_everything_and_is_logged_without_it(telegram, api, caplog):
    with caplog.at_level(logging.DEBUG):
        refused = failure(telegram, api, "token")
    assert (refused.whole_bot, refused.code) == (True, "token_refused")
    assert any(record.levelno == logging.ERROR for record in caplog.records)
    assert TOKEN not in caplog.text


def test_a_server_that_is_away_is_tried_again_without_a_doubt(words):
    platform = Telegram(TelegramOptions(TOKEN, "http://127.0.0.1:9", username="x"), words)
    with pytest.raises(SendLater) as caught:
        platform.send(to(ASK))
    assert caught.value.code == "unreachable" and TOKEN not in repr(caught.value)
    platform.close()


def test_an_answer_that_does_not_come_is_unknown(api, words):
    platform = Telegram(TelegramOptions(TOKEN, api.url, username="x", read_timeout=0.2), words)
    finished = threading.Event()
    api.next["sendMessage"] = [lambda: finished.wait(20) and None]
    with pytest.raises(SendUnknown) as caught:
        platform.send(to(ASK))
    finished.set()
    assert caught.value.code == "timed_out"
    platform.close()


def test_a_message_of_several_parts_goes_on_where_it_stopped(telegram, api):
    api.next["sendMessage"] = [
        {"message_id": 50, "date": 1, "chat": {"id": 7, "type": "private"}},
        refusal(429, "Too Many Requests", retry_after=1),
    ]
    with pytest.raises(SendLater):
        telegram.send(to(LONG))
    assert telegram.send(to(LONG)).ids == ("50", "101")
    texts = [call.params["text"] for call in api.heard]
    assert texts[1] == texts[2] != texts[0]
    assert telegram.send(to(LONG)).ids == ("102", "103")


def test_a_message_that_breaks_a_limit_is_never_sent(telegram, api):
    with pytest.raises(SendNever, match="cannot_render"):
        telegram.send(to(Message((Line("ask"),), ((Button("x" * 65, text("x")),),))))
    assert api.heard == []


# Everything else


def test_presses_are_answered(telegram, api):
    telegram.acknowledge("55", "", False)
    telegram.acknowledge("56", "ộ" * 300, True)
    plain, toast = (call.params for call in api.calls("answerCallbackQuery"))
    assert plain == {"callback_query_id": 55}
    assert len(toast["text"]) == 200 and toast["show_alert"] is True


def test_a_press_answered_too_late_is_no_error(telegram, api):
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    api.next["answerCallbackQuery"] = [refusal(400, words)]
    telegram.acknowledge("55", "x", False)


def test_a_file_is_fetched(telegram, api):
    api.files["AgACx"] = b"x" * 1000
    assert telegram.fetch("AgACx", 1000) == b"x" * 1000


def test_a_file_that_is_announced_too_large_is_not_fetched(telegram, api):
    api.files["AgACx"] = b"x" * 1001
    with pytest.raises(FileGone, match="too_large"):
        telegram.fetch("AgACx", 1000)


def test_a_file_that_turns_out_too_large_is_given_up(telegram, api):
    api.files["AgACx"] = b"x" * 100_001
    api.next["getFile"] = [{"file_id": "AgACx", "file_unique_id": "u", "file_path": "photos/AgACx"}]
    with pytest.raises(FileGone, match="too_large"):
        telegram.fetch("AgACx", 100_000)


@pytest.mark.parametrize(
    ("method", "answer", "error", "code"),
    [
        ("getFile", refusal(400, "Bad Request: file is too big"), FileGone, "too_large"),
        ("getFile", refusal(400, "Bad Request: wrong file_id"), FileGone, "gone"),
        ("getFile", {"file_id": "a", "file_unique_id": "u"}, FileGone, "gone"),
        ("getFile", {"file_id": "a", "file_unique_id": "u", "file_path": "/etc/hosts"}, FileGone, "gone"),
        ("getFile", refusal(500, "Internal"), SendUnknown, "server_error"),
        ("download", Response(status=404), FileGone, "gone"),
        ("download", Response(status=500), SendUnknown, "server_error"),
        ("download", dropped(), SendUnknown, "broken_off"),
        ("download", Response(status=429, headers={"retry-after": "4"}), SendLater, "too_many_requests"),
    ],
)
def test_a_file_that_cannot_be_had(telegram, api, method, answer, error, code):
    api.files["AgACx"] = b"x"
    api.next[method] = [answer]
    with pytest.raises(error) as caught:
        telegram.fetch("AgACx", 1000)
    assert caught.value.code == code and TOKEN not in repr(caught.value)


def member(status, **more):
    return {"status": status, "user": {"id": 5, "is_bot": False, "first_name": "x"}, **more}


@pytest.mark.parametrize(
    ("answer", "present"),
    [
        (member("creator", is_anonymous=False), True),
        (member("member"), True),
        (member("left"), False),
        (member("kicked", until_date=0), False),
        (refusal(400, "Bad Request: user not found"), False),
        (refusal(400, "Bad Request: PARTICIPANT_ID_INVALID"), False),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), False),
    ],
)
def test_who_is_in_a_group(telegram, api, answer, present):
    api.next["getChatMember"] = [answer]
    assert telegram.is_member("-7", "5") is present
    assert api.heard[0].params == {"chat_id": -7, "user_id": 5}


@pytest.mark.parametrize("answer", [refusal(400, "Bad Request: something else"), refusal(500, "Internal")])
def test_when_telegram_does_not_say_nobody_guesses(telegram, api, answer):
    api.next["getChatMember"] = [answer]
    with pytest.raises(SendUnknown):
        telegram.is_member("-7", "5")


def test_topics(telegram, api):
    assert telegram.open_topic("-7", "PA-7K3M-9QXC · " + "ộ" * 200) == "77"
    assert len(api.heard[0].params["name"]) == 128
    api.next["createForumTopic"] = [refusal(400, "Bad Request: not enough rights to create a topic")]
    with pytest.raises(SendNever):
        telegram.open_topic("-7", "x")


def test_leaving_twice_is_leaving(telegram, api):
    api.next["leaveChat"] = [True, refusal(403, "Forbidden: bot is not a member of the group chat")]
    telegram.leave("-7")
    telegram.leave("-7")


def test_updates_are_handed_on_byte_for_byte(telegram, api):
    raw = '{"ok":true,"result":[{"update_id": 7,  "message":{"text":"\\u1ed9"}},{"update_id":8}]}'
    api.next["getUpdates"] = [Response(raw)]
    assert telegram.get_updates(7, 0) == [
        '{"update_id": 7,  "message":{"text":"\\u1ed9"}}',
        '{"update_id":8}',
    ]
    asked = api.heard[0].params
    assert (asked["offset"], asked["timeout"]) == (7, 0)
    assert "chat_member" in asked["allowed_updates"]


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (refusal(409, "Conflict: can't use getUpdates method while webhook is active"), SendLater, "conflict"),
        (refusal(429, "Too Many Requests", retry_after=3), SendLater, "too_many_requests"),
        (refusal(401, "Unauthorized"), SendLater, "token_refused"),
        (refusal(500, "Internal"), SendUnknown, "server_error"),
        (Response("<html>"), SendUnknown, "strange_answer"),
        (dropped(), SendUnknown, "broken_off"),
    ],
)
def test_polling_that_fails(telegram, api, answer, error, code):
    api.next["getUpdates"] = [answer]
    with pytest.raises(error) as caught:
        telegram.get_updates(None, 0)
    assert caught.value.code == code


def test_administration(telegram, api):
    assert telegram.me()["username"] == "PhanAnhBot"
    assert telegram.webhook_info()["pending_update_count"] == 3
    telegram.set_commands({"start": "Bắt đầu"}, "vi")
    telegram.delete_webhook()
    assert [call.method for call in api.heard] == ["getMe", "getWebhookInfo", "setMyCommands", "deleteWebhook"]


def test_the_webhook_is_set_with_everything_it_needs(api, words):
    options = TelegramOptions(TOKEN, api.url, webhook=True, webhook_secret="s3cret")
    platform = Telegram(options, words)
    platform.set_webhook("https://bot.example/hooks/telegram", max_connections=8)
    asked = api.heard[0].params
    assert (asked["url"], asked["secret_token"], asked["max_connections"]) == (
        "https://bot.example/hooks/telegram",
        "s3cret",
        8,
    )
    assert set(asked["allowed_updates"]) >= {"message", "callback_query", "my_chat_member"}
    platform.close()


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({"X-Telegram-Bot-Api-Secret-Token": "new"}, True),
        ({"x-telegram-bot-api-secret-token": "old"}, True),
        ({"X-Telegram-Bot-Api-Secret-Token": "none"}, False),
        ({"X-Telegram-Bot-Api-Secret-Token": ""}, False),
        ({"X-Telegram-Bot-Api-Secret-Token": "mật"}, False),
        ({}, False),
    ],
)
def test_only_who_knows_the_secret_is_let_in(words, headers, welcome):
    options = TelegramOptions(TOKEN, webhook=True, webhook_secret="new", previous_webhook_secret="old")
    assert Telegram(options, words).verify(headers, b"{}") is welcome


def test_without_a_secret_nobody_is_let_in(telegram):
    assert not telegram.verify({"X-Telegram-Bot-Api-Secret-Token": ""}, b"{}")


@pytest.mark.parametrize(
    "options",
    [
        TelegramOptions(TOKEN, webhook=True),
        TelegramOptions(TOKEN, webhook=True, webhook_secret="có dấu"),
        TelegramOptions("no token"),
        TelegramOptions(""),
    ],
)
def test_settings_that_cannot_work_stop_the_program(words, options):
    with pytest.raises(ValueError, match="Telegram"):
        Telegram(options, words)


def test_our_name_is_asked_for_when_a_command_needs_it(api, words):
    platform = Telegram(TelegramOptions(TOKEN, api.url), words)
    payload = (
        '{"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "/viec@WelcomeBot",'
        ' "from": {"id": 5, "is_bot": false, "first_name": "x"}, "chat": {"id": -7, "type": "group"}}}'
    )
    platform.parse(payload, AT)
    until = time.monotonic() + 10
    while platform.parse(payload, AT) is not None and time.monotonic() < until:
        os.sched_yield()
    assert platform.parse(payload, AT) is None
    assert len(api.calls("getMe")) == 1
    platform.close()


def test_many_threads_share_one_line(telegram, api):
    threads = [threading.Thread(target=telegram.send, args=(to(ASK, str(chat)),)) for chat in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(call.params["chat_id"] for call in api.heard) == list(range(20))
    assert [thread.name for thread in threading.enumerate()].count("telegram") == 1


def test_a_forked_process_opens_a_line_of_its_own(telegram, api):
    telegram.send(to(ASK))
    child = os.fork()
    if child == 0:  # the copy has our memory but not our thread
        try:
            os._exit(0 if telegram.send(to(ASK)).ids == ("102",) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert telegram.send(to(ASK)).ids == ("103",)


def test_after_closing_it_opens_again(telegram, api):
    telegram.send(to(ASK))
    telegram.close()
    telegram.close()
    assert telegram.send(to(ASK)).ids == ("102",)
