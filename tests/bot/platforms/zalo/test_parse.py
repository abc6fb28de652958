"""Parse: every event of Zalo's documents to what it means, and what is odd to something harmless."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.platforms.zalo.door import ZaloDoor, chat_key
from bot.platforms.zalo.parse import ParseError, Us, parse
from tests.bot.platforms.zalo import payloads as zalo
from tests.bot.platforms.zalo.payloads import DUC, GROUP, LAN, OA, PHOTO, attached, event, in_group, said
from workflows.events import (
    BotMembership,
    ButtonPressed,
    CommandSent,
    ContactSent,
    MediaSent,
    PersonMembership,
    Place,
    PlaceSent,
    TextSent,
    Unsupported,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)


def heard(body):
    """The envelope of an event."""
    return parse(json.dumps(body), AT, Us(OA))


def what(body):
    """What happened."""
    return heard(body).event


def test_a_citizens_words():
    envelope = heard(said())
    assert envelope.event == TextSent("Đèn đường hỏng")
    assert (envelope.platform, envelope.chat, envelope.group, envelope.at) == ("zalo", LAN, False, AT)
    assert (envelope.sender.user, envelope.message, envelope.reply_to) == (LAN, "96d3cdf3af150460909", None)


def test_an_answer_names_what_it_answers_in_either_form():
    assert heard(said(message={"msg_id": "2", "text": "x", "quote_msg_id": "1"})).reply_to == "1"
    quoted = {"msg_id": "2", "text": "x", "quote_msg": {"msg_id": "1", "text": "y"}}
    assert heard(in_group(message=quoted)).reply_to == "1"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("/huy ngay", CommandSent("huy", "ngay")),
        ("#c:12:photo:skip", ButtonPressed("c:12:photo:skip")),
        (" #k:7:rate:5 ", ButtonPressed("k:7:rate:5")),
        ("#1", TextSent("#1")),
        ("#rác thải", TextSent("#rác thải")),
        ("#c: 1", TextSent("#c: 1")),
        ("a\0b\ud800c", TextSent("ab\ufffdc")),
        ("  ", Unsupported("text")),
    ],
)
def test_words_commands_and_presses(text, event):
    assert what(said(message={"msg_id": "1", "text": text})) == event


def test_a_press_carries_no_message_that_could_be_changed_or_quoted():
    envelope = heard(said(message={"msg_id": "1", "text": "#c:12:photo:skip"}))
    assert (envelope.message, envelope.event.press) == (None, None)


def test_in_a_group_there_are_no_buttons_so_nobody_pressed_one():
    assert what(in_group(message={"msg_id": "1", "text": "#d:7:claim"})) == TextSent("#d:7:claim")


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "attachment", "expected"),
    [
        ("image", attached("image", url=PHOTO, thumbnail="https://t.zdn.vn/a"), ("photo", "image/jpeg")),
        ("image", attached("photo", url=PHOTO), ("photo", "image/jpeg")),
        ("gif", attached("gif", url=PHOTO), ("photo", "image/gif")),
        ("video", attached("video", url=PHOTO, thumbnail="x", description="y"), ("video", "video/mp4")),
        ("audio", attached("audio", url="https://voice.zdn.vn/a.aac"), ("voice", None)),
        ("file", attached("file", url=PHOTO, name="a.pdf", size="2048", type="pdf", checksum="c"), ("document", None)),
        ("file", attached("file", url=PHOTO, type="PNG"), ("document", "image/png")),
        ("image", attached("something-new", url=PHOTO), ("photo", "image/jpeg")),
    ],
)
def test_files_of_every_kind(kind, attachment, expected):
    found = what(said(kind, {"msg_id": "1", "text": "Ổ gà trước số 12", **attachment}))
    assert isinstance(found, MediaSent)
    assert (found.media.kind, found.media.mime) == expected
    assert found.caption == "Ổ gà trước số 12" and found.media.handle.startswith("https://")


def test_a_file_says_how_large_it_is_and_what_it_is_known_by():
    media = what(said("file", attached("file", url=PHOTO, size="2048", checksum="abc"))).media
    assert (media.size, media.unique) == (2048, "abc")
    assert what(said("file", attached("file", url=PHOTO, size="viel"))).media.size is None


def test_the_same_picture_is_known_again_and_another_is_not():
    one, same, other = (
        what(said("image", attached("image", url=u))).media.unique for u in (PHOTO, PHOTO, PHOTO + "?2")
    )
    assert one == same != other


def test_pictures_of_one_moment_are_taken_for_an_album_and_those_of_another_are_not():
    def album(at, user=LAN):
        return what(said("image", attached("image", url=PHOTO), at=at, user=user)).album

    assert album(zalo.AT) == album(zalo.AT + 900)
    assert album(zalo.AT) != album(zalo.AT + 60_000)
    assert album(zalo.AT) != album(zalo.AT, DUC)
    assert what(said("audio", attached("audio", url=PHOTO))).album is None


@pytest.mark.parametrize(
    "odd", [{}, {"attachments": []}, {"attachments": "x"}, {"attachments": [7]}, attached("image")]
)
def test_a_picture_without_an_address_is_said_to_be_not_understood(odd):
    assert what(said("image", {"msg_id": "1", **odd})) == Unsupported("image")


# --- places --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        attached("location", coordinates={"latitude": "10.7721", "longitude": "106.6983"}),
        attached("location", coordinates={"latitude": 10.7721, "longitude": 106.6983}),
        attached("location", coordinates={"lat": "10.7721", "long": "106.6983"}),
        attached("location", latitude="10.7721", longitude="106.6983"),
        {"location": {"lat": 10.7721, "lon": 106.6983}},
    ],
)
def test_a_place_is_found_wherever_it_stands(message):
    found = what(said("location", {"msg_id": "1", "text": "Chợ Bến Thành", **message}))
    assert found == PlaceSent(Place(10.7721, 106.6983, "Chợ Bến Thành"))


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("91", "0"), ("0", "181"), ("0", "0"), ("nan", "1"), ("inf", "1"), ("x", "y"), (None, "1"), (True, "1"), ([], {})],
)
def test_what_is_no_place_on_earth_is_not_understood(lat, lon):
    message = attached("location", coordinates={"latitude": lat, "longitude": lon})
    assert what(said("location", {"msg_id": "1", **message})) == Unsupported("location")


def test_a_link_is_words_so_that_a_map_link_can_be_a_place():
    link = attached("link", url="https://maps.google.com/?q=16.46,107.6", title="x", description="y")
    assert what(said("link", {"msg_id": "1", "text": "Ở đây", **link})) == TextSent(
        "Ở đây https://maps.google.com/?q=16.46,107.6"
    )
    assert what(said("link", {"msg_id": "1", **attached("link", link="https://a.vn")})) == TextSent("https://a.vn")


@pytest.mark.parametrize("kind", ["sticker", "business_card", "something_new"])
def test_the_rest_is_said_to_be_not_understood(kind):
    assert what(said(kind, {"msg_id": "1", **attached(kind, url=PHOTO, id="7")})) == Unsupported(kind)


# --- the account's own events --------------------------------------------------------------------------------------


def test_who_follows_is_greeted_and_who_leaves_is_lost():
    follow = event("follow", oa_id=OA, follower={"id": LAN}, source="oa_profile")
    assert (what(follow), heard(follow).chat, heard(follow).sender.user) == (CommandSent("start"), LAN, LAN)
    assert what(follow | {"event_name": "unfollow"}) == BotMembership(False)


@pytest.mark.parametrize(
    "info",
    [
        {"name": "Lan", "phone": "84900000000", "address": "1 Lê Lợi", "city": "Huế"},
        {"name": "Lan", "user_dob": "1", "full_address": {"user_city": "Huế"}},
    ],
)
def test_submitted_details_are_a_contact_that_is_not_kept(info):
    envelope = heard(event("user_submit_info", sender={"id": LAN}, recipient={"id": OA}, info=info))
    assert envelope.event == ContactSent() and "Lan" not in repr(envelope)


# fmt: off
QUIET = (  # zalo.md, 3.6
    "user_received_message", "user_seen_message", "user_reacted_message", "oa_reacted_message",
    "user_click_chatnow", "add_user_to_tag", "remove_user_from_tag", "remove_tag", "oa_send_text",
    "oa_send_image", "oa_send_gif", "oa_send_list", "oa_send_file", "oa_send_sticker", "oa_send_template",
    "oa_send_consent", "oa_call_user", "user_call_oa", "user_reply_consent", "user_feedback", "shop_has_order",
    "change_oa_daily_quota", "change_template_status", "change_template_quality", "change_template_quota",
    "change_oa_template_tags", "event_journey_time_out", "update_user_info", "widget_interaction_accepted",
    "widget_failed_to_sync_user_external_id", "extension_purchased", "user_click_response_button",
    "oa_send_anonymous_text", "oa_send_group_text",
)
# fmt: on


@pytest.mark.parametrize("name", QUIET)
def test_what_is_of_no_use_in_a_chat_is_ignored_in_silence(name):
    body = event(name, sender={"id": OA}, recipient={"id": LAN}, message={"msg_id": "1"})
    with capture_logs() as lines:
        assert heard(body) is None
    assert lines == []


@pytest.mark.parametrize("name", ["permission_revoked", "user_withdraw"])
def test_what_somebody_should_know_is_an_error_in_the_log(name):
    with capture_logs() as lines:
        assert heard(event(name, sender={"id": LAN})) is None
    assert [(line["log_level"], line["event_name"]) for line in lines] == [("error", name)]


@pytest.mark.parametrize("name", ["user_sends_thoughts", "something else\n", pytest.param("x" * 500, id="long")])
def test_unknown_events_are_ignored_with_one_line_that_quotes_nothing_odd(name):
    with capture_logs() as lines:
        assert heard(event(name, sender={"id": LAN}, secret="s3cret")) is None
    assert len(lines) == 1 and "s3cret" not in str(lines) and "\n" not in str(lines[0]["event_name"])
    assert len(lines[0]["event_name"]) < 80


def test_another_accounts_events_of_the_same_app_are_not_ours():
    other = said() | {"recipient": {"id": "111"}}
    with capture_logs() as lines:
        assert heard(other) is None
    assert lines[0]["why"] == "another OA's"


def test_a_visitor_of_the_website_has_a_chat_of_both_ids():
    envelope = heard(
        event("anonymous_send_text", sender={"id": "a1"}, recipient={"id": OA},
              message={"msg_id": "1", "text": "Chào", "conversation_id": "c1"})
    )  # fmt: skip
    assert (envelope.chat, envelope.sender.user, envelope.event) == (
        "anonymous:c1:a1",
        "anonymous:c1:a1",
        TextSent("Chào"),
    )


# --- groups --------------------------------------------------------------------------------------------------------


def test_an_officers_words():
    envelope = heard(in_group(message={"msg_id": "1", "text": "PA-7K3M-9QXC 2"}, sender={"id": DUC, "name": "Đức"}))
    assert (envelope.chat, envelope.group, envelope.event) == (GROUP, True, TextSent("PA-7K3M-9QXC 2"))
    assert (envelope.sender.user, envelope.sender.name, envelope.sender.anonymous) == (DUC, "Đức", False)


def test_mentions_are_no_words():
    text = f"[@{OA}] PA-7K3M-9QXC 2 [@{DUC}]"
    assert what(in_group(message={"msg_id": "1", "text": text})) == TextSent("PA-7K3M-9QXC 2 ")
    assert what(in_group(message={"msg_id": "1", "text": f"[@{OA}] /viec"})) == CommandSent("viec")


@pytest.mark.parametrize(
    "name", ["image", "video", "audio", "file", "gif", "location", "link", "sticker", "business_card"]
)
def test_everything_that_is_sent_in_a_group_is_understood_as_in_private(name):
    payload = {"url": PHOTO, "coordinates": {"latitude": "16.4", "longitude": "107.5"}}
    message = {"msg_id": "1", "text": "x", **attached(name, **payload)}
    assert type(what(in_group(name, message))) is type(what(said(name, message)))


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("create_group", BotMembership(True)),
        ("disperse_group", BotMembership(False)),
        ("delete_group", BotMembership(False)),
        ("user_join_group", PersonMembership(DUC, True)),
        ("accept_request_join_group", PersonMembership(DUC, True)),
        ("user_out_group", PersonMembership(DUC, False)),
        ("user_leave_group", PersonMembership(DUC, False)),
    ],
)
def test_groups_and_people_come_and_go_under_all_their_names(name, event):
    body = zalo.event(name, oa_id=OA, sender={"id": DUC}, recipient={"id": GROUP})
    assert (what(body), heard(body).chat, heard(body).group) == (event, GROUP, True)


@pytest.mark.parametrize("where", ["user_id", "user", "member"])
def test_who_came_is_found_where_it_may_stand(where):
    who = DUC if where == "user_id" else {"id": DUC}
    body = zalo.event("user_join_group", oa_id=OA, sender={"id": OA}, recipient={"id": GROUP}, **{where: who})
    assert what(body) == PersonMembership(DUC, True)


@pytest.mark.parametrize("name", ["add_group_admin", "update_group_info", "user_request_join_group"])
def test_other_changes_of_a_group_are_ignored(name):
    assert heard(zalo.event(name, oa_id=OA, sender={"id": DUC}, recipient={"id": GROUP})) is None


@pytest.mark.parametrize(
    "body",
    [
        in_group(recipient=None),
        in_group(recipient={"id": {}}),
        event("user_join_group", oa_id=OA, recipient={"id": GROUP}),
        event("user_out_group", sender=[], recipient={"id": GROUP}),
        event("create_group"),
    ],
)
def test_a_groups_event_without_what_we_expect_is_ignored_with_one_line(body):
    with capture_logs() as lines:
        assert heard(body) is None
    assert [line["event"] for line in lines] == ["zalo.event_ignored"]


@pytest.mark.parametrize("sender", [None, {}, {"id": None}, []])
def test_words_in_a_group_without_a_name_are_nobodys(sender):
    envelope = heard(in_group(sender=sender))
    assert envelope.sender.anonymous and envelope.sender.user == ""


def test_what_the_oa_itself_said_in_a_group_is_ignored():
    assert heard(in_group(user=OA)) is None


# --- nonsense ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", ["", "{", "[]", "7", '{"text": 7}', '{"event_name": 7.5}', '{"event_name": ""}'])
def test_what_is_no_event_raises_and_quotes_nothing(payload):
    with pytest.raises(ParseError) as caught:
        parse(payload, AT, Us(OA))
    assert "7" not in str(caught.value)


@pytest.mark.parametrize("field", ["sender", "recipient", "message", "timestamp", "oa_id"])
@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, True, {"id": [], "msg_id": {}, "text": 7, "attachments": {}}])
@pytest.mark.parametrize("body", [said(), in_group(), said("image", attached("image", url=PHOTO))])
def test_odd_fields_break_nothing(body, field, odd):
    changed = body | {field: odd}
    envelope = heard(changed)
    if envelope is not None:
        assert envelope.chat == chat_key(changed, OA)
        assert replace(envelope, event=None).platform == "zalo"


IDS = st.sampled_from([OA, LAN, GROUP])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | IDS
# fmt: off
FIELDS = st.sampled_from((
    "app_id", "oa_id", "timestamp", "sender", "recipient", "follower", "message", "attachments", "payload",
    "coordinates", "type", "id", "msg_id", "text", "url", "latitude", "longitude", "lat", "lon", "location",
    "group_id", "user_id", "quote_msg_id", "conversation_id",
))
NAMES = st.sampled_from((
    "user_send_text", "user_send_image", "user_send_location", "user_send_file", "user_send_group_text", "follow",
    "user_join_group", "create_group", "anonymous_send_text", "oa_send_text", "user_seen_message", "x",
))
# fmt: on
NODES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4))


@given(NAMES, st.dictionaries(FIELDS, NODES, max_size=6))
def test_whatever_comes_is_named_and_then_heard_or_ignored_in_the_same_chat(name, fields):
    body = json.dumps(fields | {"event_name": name})
    delivery = ZaloDoor(zalo.options(), lambda: AT).identify(body.encode())
    assert delivery is not None and len(delivery.chat) <= 200 and len(delivery.external_id) <= 200
    for part in delivery.parts or (body,):
        envelope = parse(part, AT, Us(OA))
        assert envelope is None or (envelope.chat, envelope.platform) == (delivery.chat, "zalo")
