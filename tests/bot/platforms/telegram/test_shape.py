"""What we read of an update, held against python-telegram-bot's own objects, and against odd updates."""

import copy
import inspect
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram import shape
from bot.platforms.telegram.parse import ParseError, Us, parse
from workflows.events import BotMembership, MediaSent, PersonMembership, TextSent, Unsupported

PAYLOADS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[3] / "payloads" / "telegram").glob("*.json"))
}
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
US = Us(123456, "PhanAnhBot")
SECRET = "bí mật"
# What may stand anywhere instead of what should; of the same few kinds that JSON knows.
ODD: tuple[Any, ...] = (
    None,
    0,
    1,
    -7,
    True,
    False,
    1.5,
    "",
    SECRET,
    [],
    [1],
    [None],
    [{}],
    {},
    {"id": 1},
    {SECRET: SECRET},
    2**70,
)
BODIES = {
    shape.Chat: telegram.Chat,
    shape.User: telegram.User,
    shape.Picture: telegram.PhotoSize,
    shape.File: telegram.Document,
    shape.Location: telegram.Location,
    shape.Venue: telegram.Venue,
    shape.Carrier: telegram.Message,
    shape.Message: telegram.Message,
    shape.Press: telegram.CallbackQuery,
    shape.Member: telegram.ChatMemberRestricted,
    shape.Change: telegram.ChatMemberUpdated,
    shape.Update: telegram.Update,
}


def heard(update):
    return parse(json.dumps(update), AT, US)


def outcome(text):
    try:
        return parse(text, AT, US)
    except ParseError as refusal:
        assert SECRET not in str(refusal)
        return "refused"


def places(node, path=()):
    """The path of every value in a payload."""
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(child, (*path, key))


def at(node, path):
    for key in path:
        node = node[key]
    return node


# --- against the library ---------------------------------------------------------------------------


@pytest.mark.parametrize("ours", BODIES, ids=lambda body: body.__name__)
def test_every_field_is_one_that_the_platform_has(ours):
    known = inspect.signature(BODIES[ours]).parameters.keys() | {"status"}
    assert set(ours.__struct_fields__) <= known


@pytest.mark.parametrize("name", PAYLOADS)
def test_every_field_holds_what_the_library_finds_there(name):
    payload = PAYLOADS[name]
    agrees(shape.read(json.dumps(payload)), telegram.Update.de_json(payload, None), "update")


def agrees(ours, theirs, where):
    if isinstance(ours, msgspec.Struct):
        assert isinstance(theirs, telegram.TelegramObject), where
        for field in ours.__struct_fields__:
            agrees(getattr(ours, field), getattr(theirs, field, None), f"{where}.{field}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), where
        for one, other in zip(ours, theirs, strict=True):
            agrees(one, other, where)
    elif where.endswith(".date"):
        assert ours == (theirs.timestamp() if theirs.year > 1970 else 0), where
    elif ours is None or ours is msgspec.UNSET:
        assert theirs in (None, False, ()), where  # what the library says of what is not there
    else:
        assert ours == theirs, where


# --- against what it must bear ---------------------------------------------------------------------


@given(st.sampled_from(sorted(PAYLOADS)), st.data())
def test_an_odd_value_anywhere_is_understood_or_refused(name, data):
    update = copy.deepcopy(PAYLOADS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(list(places(update)) or [("update_id",)]))
        at(update, path)[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    outcome(json.dumps(update))


@given(st.sampled_from(sorted(PAYLOADS)), st.data())
def test_the_quick_and_the_slow_way_of_reading_agree(name, data):
    update = copy.deepcopy(PAYLOADS[name])
    *path, last = data.draw(st.sampled_from(list(places(update))))
    at(update, path)[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    quick = outcome(json.dumps(update))
    half = json.dumps({"hologram": "\ud800", **update}, ensure_ascii=False)  # cannot be read in the quick way
    assert outcome(half) == quick


@given(st.sampled_from(sorted(PAYLOADS)), st.data())
def test_fields_that_we_do_not_know_change_nothing(name, data):
    update = copy.deepcopy(PAYLOADS[name])
    objects = [(), *(path for path in places(update) if isinstance(at(update, path), dict))]
    at(update, data.draw(st.sampled_from(objects)))["hologram"] = data.draw(st.sampled_from(ODD))
    assert heard(update) == heard(PAYLOADS[name])


@pytest.mark.parametrize("name", ["entities", "forward_origin", "link_preview_options", "edit_date", "reply_markup"])
def test_an_odd_value_that_we_do_not_need_costs_nothing(name):
    update = copy.deepcopy(PAYLOADS["text"])
    update["message"][name] = 7
    assert heard(update) == heard(PAYLOADS["text"])


@pytest.mark.parametrize("number", [2**53 + 1, -(2**63), 2**70])
def test_numbers_of_chats_are_kept_to_the_last_digit(number):
    update = copy.deepcopy(PAYLOADS["text"])
    update["message"]["chat"]["id"] = number
    assert heard(update).chat == str(number)


@pytest.mark.parametrize("number", [5.0, True, "5", None, [5]])
def test_a_chat_is_named_by_a_whole_number_only(number):
    update = copy.deepcopy(PAYLOADS["text"])
    update["message"]["chat"]["id"] = number
    assert outcome(json.dumps(update)) == "refused"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("text", "date"),
        ("text", "message_id"),
        ("text", "from.is_bot"),
        ("text", "from.first_name"),
        ("text", "chat.type"),
        ("reply_in_group", "reply_to_message.date"),
        ("photo", "photo.0.file_unique_id"),
        ("venue", "venue.title"),
        ("location", "location.longitude"),
    ],
)
def test_what_every_message_has_must_be_there(name, field):
    update = copy.deepcopy(PAYLOADS[name])
    *path, last = (int(key) if key.isdigit() else key for key in field.split("."))
    del at(update["message"], path)[last]
    assert outcome(json.dumps(update)) == "refused"


@pytest.mark.parametrize("handle", [None, 7, "", []])
def test_a_handle_is_a_text(handle):
    update = copy.deepcopy(PAYLOADS["voice"])
    update["message"]["voice"]["file_id"] = handle
    assert outcome(json.dumps(update)) == "refused"


def test_a_size_that_is_no_number_is_unknown():
    update = copy.deepcopy(PAYLOADS["voice"])
    update["message"]["voice"]["file_size"] = "28000"
    event = heard(update).event
    assert isinstance(event, MediaSent)
    assert event.media.size is None


# --- what people are in a chat ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "present"),
    [
        ({"status": "creator"}, True),
        ({"status": "administrator"}, True),
        ({"status": "member"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
    ],
)
def test_who_is_in_a_chat(member, present):
    ours, theirs = copy.deepcopy(PAYLOADS["bot_added"]), copy.deepcopy(PAYLOADS["person_joined"])
    ours["my_chat_member"]["new_chat_member"] = {**member, "user": ours["my_chat_member"]["new_chat_member"]["user"]}
    person = theirs["chat_member"]["new_chat_member"]["user"]
    theirs["chat_member"]["new_chat_member"] = {**member, "user": person}
    assert heard(ours).event == BotMembership(present)
    assert heard(theirs).event == PersonMembership(str(person["id"]), present)


@pytest.mark.parametrize("member", [{"status": "restricted"}, {"status": []}, {}])
def test_who_may_be_in_a_chat_or_not_is_refused(member):
    update = copy.deepcopy(PAYLOADS["bot_added"])
    update["my_chat_member"]["new_chat_member"] = member
    assert outcome(json.dumps(update)) == "refused"


# --- every kind of content -------------------------------------------------------------------------


def with_content(**content):
    update = copy.deepcopy(PAYLOADS["text"])
    del update["message"]["text"]
    update["message"].update(content)
    return update


@pytest.mark.parametrize("kind", shape.UNSUPPORTED)
def test_what_we_have_no_use_for_is_named(kind):
    assert heard(with_content(**{kind: {"hologram": 1}})).event == Unsupported(kind)
    assert heard(with_content(**{kind: None})).event == Unsupported("unknown")
    assert outcome(json.dumps(with_content(**{kind: 7}))) == "refused"


@pytest.mark.parametrize("kind", shape.SERVICE)
def test_what_the_platform_says_itself_is_ignored(kind):
    told = {"new_chat_title": "Tổ 7", "connected_website": "example.org", "new_chat_photo": [{}]}
    flag = kind.endswith("_chat_created") or kind == "delete_chat_photo"
    assert heard(with_content(**{kind: True if flag else told.get(kind, {})})) is None
    assert heard(with_content(**{kind: None})).event == Unsupported("unknown")


def test_words_come_before_anything_else_in_a_message():
    update = copy.deepcopy(PAYLOADS["text"])
    update["message"].update(sticker={}, pinned_message={}, contact={})
    assert isinstance(heard(update).event, TextSent)
