"""Parsing Telegram's updates: made-up payloads in the shape of real ones, and broken ones."""

import contextlib
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.door import identify
from bot.platforms.telegram.parse import ParseError, Us, parse
from handlers.ports import Delivery
from workflows.events import (
    BotMembership,
    ButtonPressed,
    ChatMoved,
    CommandSent,
    ContactSent,
    MediaRef,
    MediaSent,
    PersonMembership,
    Place,
    PlaceMoved,
    PlaceSent,
    Sender,
    TextEdited,
    TextSent,
    Unsupported,
)

PAYLOADS = Path(__file__).parents[3] / "payloads" / "telegram"
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
US = Us(123456, "PhanAnhBot")
LAN, DUC = "5100000001", "5100000021"
GROUP, SUPERGROUP = "-4200000002", "-1002200000003"
PHOTO = MediaRef("photo", "AgAClarge", "AQADlarge", 145000, "image/jpeg")
ALBUM = "13911111111111111"


def payload(name):
    return (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")


def heard(name, us=US):
    return parse(payload(name), AT, us)


EVENTS = {
    "text": TextSent("Đèn đường hỏng ba tối nay 😟"),
    "start_with_payload": CommandSent("start", "PA-7K3M-9QXC"),
    "command_for_us": CommandSent("viec", "hôm nay", to_us=True),
    "photo": MediaSent(PHOTO, "Ổ gà trước số 12"),
    "photo_forwarded": MediaSent(PHOTO),
    "album_first": MediaSent(PHOTO, "Rác tràn ra đường", ALBUM),
    "album_second": MediaSent(MediaRef("photo", "AgACother", "AQADother", 145000, "image/jpeg"), "", ALBUM),
    "video": MediaSent(MediaRef("video", "BAACvideo", "AgADvideo", 2400000, "video/mp4")),
    "video_note": MediaSent(MediaRef("video", "DQACnote", "AgADnote", 900000)),
    "animation": MediaSent(MediaRef("video", "CgACanim", "AgADanim", 50000, "video/mp4")),
    "document_image": MediaSent(MediaRef("document", "BQACdoc", "AgADdoc", 3100000, "image/heic")),
    "document_too_large": MediaSent(MediaRef("document", "BQACbig", "AgADbig", 22020096, "video/mp4")),
    "voice": MediaSent(MediaRef("voice", "AwACvoice", "AgADvoice", 28000, "audio/ogg")),
    "audio": MediaSent(MediaRef("voice", "CQACaudio", "AgADaudio", None, "audio/mpeg")),
    "location": PlaceSent(Place(16.4637, 107.5909)),
    "live_location": PlaceSent(Place(16.4637, 107.5909)),
    "live_location_moved": PlaceMoved(),
    "venue": PlaceSent(Place(16.4699, 107.5796, "Chợ Bến Ngự, Phan Bội Châu, Huế")),
    "contact": ContactSent(),
    "edited_text": TextEdited("Đèn đường hỏng bốn tối nay"),
    "edited_caption": TextEdited("Ổ gà trước số 14"),
    "press": ButtonPressed("c:3:photo:done", "4382bfdwdsb323b2d9"),
    "press_in_topic": ButtonPressed("d:12:claim", "99"),
    "press_inaccessible": ButtonPressed("d:12:claim", "100"),
    "press_game": Unsupported("game"),
    "reply_in_group": TextSent("Đã cử người đi xem"),
    "topic_text": TextSent("Xong rồi"),
    "topic_reply": TextSent("Đã thay bóng"),
    "thread_without_topic": TextSent("ừ"),
    "anonymous_admin": CommandSent("viec"),
    "linked_channel": TextSent("Thông báo"),
    "sticker": Unsupported("sticker"),
    "poll": Unsupported("poll"),
    "dice": Unsupported("dice"),
    "something_new": Unsupported("unknown"),
    "bot_added": BotMembership(True),
    "bot_kicked": BotMembership(False),
    "bot_blocked": BotMembership(False),
    "person_restricted": PersonMembership(DUC, True),
    "person_joined": PersonMembership(LAN, True),
    "person_left": PersonMembership(DUC, False),
    "people_added": PersonMembership(LAN, True),
    "migrated_old": ChatMoved("-1002200000099"),
    "migrated_new": ChatMoved("-1002200000099"),
}
IGNORED = {
    "command_for_another",
    "press_inline",
    "other_bot",
    "pinned",
    "new_title",
    "bot_added_told_in_group",
    "channel_post",
    "unknown_kind",
}


def test_every_payload_is_expected():
    assert {path.stem for path in PAYLOADS.glob("*.json")} == EVENTS.keys() | IGNORED


@pytest.mark.parametrize("name", EVENTS)
def test_a_payload_becomes_its_event(name):
    envelope = heard(name)
    assert envelope.event == EVENTS[name]
    assert (envelope.platform, envelope.at) == ("telegram", AT)


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_what_means_nothing_to_us_is_ignored(name):
    assert heard(name) is None


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - {"migrated_new"}))
def test_a_delivery_is_named_with_the_chat_of_its_event(name):
    """Else two updates of one chat could be worked at the same time."""
    body = payload(name)
    assert identify(body.encode()) == Delivery(str(json.loads(body)["update_id"]), heard(name).chat)


def test_both_chats_of_a_move_tell_the_same():
    assert heard("migrated_old").chat == heard("migrated_new").chat == GROUP


def test_the_sender_is_known_by_id_name_and_language():
    assert heard("text").sender == Sender(LAN, "Lan Nguyễn Thị", language="vi")
    assert heard("command_for_us").sender == Sender(DUC, "Đức", language="en")


@pytest.mark.parametrize("name", ["anonymous_admin", "linked_channel", "migrated_new"])
def test_who_hides_behind_a_chat_is_anonymous(name):
    assert heard(name).sender.anonymous


def test_groups_topics_and_replies():
    told = {
        name: (e.group, e.thread, e.forum, e.reply_to)
        for name in ("text", "reply_in_group", "topic_text", "topic_reply", "thread_without_topic")
        if (e := heard(name))
    }
    assert told == {
        "text": (False, None, False, None),
        "reply_in_group": (True, None, False, "55"),
        "topic_text": (True, "5", True, None),
        "topic_reply": (True, "5", True, "58"),
        "thread_without_topic": (True, None, False, "58"),
    }


def test_a_press_names_the_message_that_carries_the_button():
    press = heard("press_in_topic")
    assert (press.chat, press.message, press.thread, press.reply_to) == (SUPERGROUP, "7", "5", None)
    assert heard("press_inaccessible").message == "3"


def test_while_our_name_is_unknown_every_command_is_taken():
    assert heard("command_for_another", Us(123456)).event == CommandSent("viec")


def changed(name, change):
    update = json.loads(payload(name))
    change(update)
    return json.dumps(update)


def test_what_a_database_cannot_keep_is_left_out():
    broken = changed("text", lambda u: u["message"].update(text="a\0b\ud800c"))
    assert parse(broken, AT, US).event == TextSent("ab\ufffdc")


def test_a_hundred_kilobytes_of_text_is_text():
    long = changed("text", lambda u: u["message"].update(text="Ố" * 100_000))
    assert parse(long, AT, US).event == TextSent("Ố" * 100_000)


@pytest.mark.parametrize("lat", [1e999, -1e999])
def test_a_position_without_end_is_none(lat):
    update = changed("location", lambda u: u["message"]["location"].update(latitude=0.125))
    update = update.replace("0.125", "1e999" if lat > 0 else "-1e999")
    assert parse(update, AT, US).event == Unsupported("location")


BROKEN = {
    "no object": "[]",
    "no json": "{",
    "nothing": "",
    "empty": "{}",
    "no chat": changed("text", lambda u: u["message"].pop("chat")),
    "no date": changed("text", lambda u: u["message"].pop("date")),
    "text is a number": changed("text", lambda u: u["message"].update(text=7)),
    "chat id is text": changed("text", lambda u: u["message"]["chat"].update(id="bí mật")),
    "latitude is text": changed("location", lambda u: u["message"]["location"].update(latitude="bí mật")),
    "a handle is missing": changed("voice", lambda u: u["message"]["voice"].pop("file_id")),
    "not a number": changed("location", lambda u: u["message"]["location"].update(latitude=float("nan"))),
    "nested": '{"update_id": 1, "message": ' + "[" * 100_000 + "]" * 100_000 + "}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_understood_says_so_and_nothing_else(name):
    with pytest.raises(ParseError) as caught:
        parse(BROKEN[name], AT, US)
    assert "bí mật" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"{}", None),
        (b'{"update_id": "x"}', None),
        (b'{"update_id": 5, "message": "\xff"}', None),
        (b"[" * 100_000, None),
        (b'{"update_id": 5}', Delivery("5", "-")),
        (b'{"update_id": 5, "message": {"chat": {}}}', Delivery("5", "-")),
        (b'{"update_id": 5, "message": [[[[[[[[[[1]]]]]]]]]]}', Delivery("5", "-")),
        (b'{"update_id": 5, "poll": {"id": "7"}}', Delivery("5", "-")),
        (b'{"update_id": 5, "message": {"chat": {"id": -100}, "new": {"a": 1}}}', Delivery("5", "-100")),
    ],
)
def test_naming_needs_little_and_never_fails(body, named):
    assert identify(body) == named


@given(st.binary(max_size=200))
def test_naming_never_fails_on_noise(body):
    identify(body)


@given(st.sampled_from(sorted(EVENTS)), st.integers())
def test_a_payload_with_parts_missing_is_understood_or_refused(name, seed):
    update = json.loads(payload(name))
    _drop(update, random.Random(seed))
    with contextlib.suppress(ParseError):
        parse(json.dumps(update), AT, US)


def _drop(node, chance):
    if not isinstance(node, dict | list):
        return
    for key in list(node) if isinstance(node, dict) else []:
        if chance.random() < 0.1:
            del node[key]
    for child in node.values() if isinstance(node, dict) else node:
        _drop(child, chance)
