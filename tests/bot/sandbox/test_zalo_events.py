"""Zalo's webhook from the far end: shapes of events, signatures, repeats, and what people's phones cause."""

import hashlib
import json

import pytest
import requests

from bot.sandbox import samples
from bot.sandbox.client import SandboxError
from bot.sandbox.zalo.account import Account
from bot.sandbox.zalo.delivery import mac
from bot.sandbox.zalo.world import AN, BINH, NAM, THUAN_HOA

OWNER = Account("1234567890123456789", "s", "oa-secret-key-example", "2", "a", "r", "g", 0.0)
BODY = (
    '{"app_id":"1234567890123456789","event_name":"user_send_text","timestamp":"1767225600000","sender":{"id":'
    '"246845883529197922"},"recipient":{"id":"388613280878808645"},"message":{"msg_id":"96d3cdf3af150460909",'
    '"text":"Đèn đường hỏng"}}'
).encode()


def heard(people, hook, count=1):
    """The events, once there are so many."""
    people.wait_for(lambda _: len(hook.events()) >= count, timeout=60)
    return hook.events()


def test_the_known_signature():
    assert len(BODY) == 242
    assert mac(OWNER, BODY, "1767225600000") == "b866bad95dfccc8cf487b0ddf5d3000594a2b181b018d381905b91d8ffc950e3"


def test_the_console_tries_the_address_unsigned(people, hook):
    headers, body = hook.heard[0]
    assert body == b"{}" and "X-ZEvent-Signature" not in headers
    hook.answers = [403]
    with pytest.raises(SandboxError, match="403"):
        people.zalo("webhook", url=hook.url)


def test_an_event_is_signed_over_its_bytes(people, hook, zalo):
    people.citizen(NAM).says("Đèn đường hỏng")
    event = heard(people, hook)[0]
    headers, body = hook.heard[-1]
    plain = zalo.owner.app_id.encode() + body + event["timestamp"].encode() + zalo.owner.oa_secret_key.encode()
    assert headers["X-ZEvent-Signature"] == f"mac={hashlib.sha256(plain).hexdigest()}"
    assert "num_retry" not in headers
    assert event["event_name"] == "user_send_text" and event["app_id"] == zalo.owner.app_id
    assert len(event["timestamp"]) == 13 and event["timestamp"].isdigit()
    assert event["sender"] == {"id": NAM} and event["recipient"] == {"id": zalo.owner.oa_id}
    assert event["message"]["text"] == "Đèn đường hỏng" and event["message"]["msg_id"]


ATTACHED = {
    "photo": ("user_send_image", {"url", "thumbnail"}, "lamp"),
    "document": ("user_send_file", {"url", "name", "size", "type", "checksum"}, "pothole-gps"),
    "video": ("user_send_video", {"url", "thumbnail", "description"}, "video"),
    "voice": ("user_send_audio", {"url"}, "voice-zalo"),
    "sticker": ("user_send_sticker", {"url", "id"}, "sticker"),
}


@pytest.mark.parametrize("act", ATTACHED)
def test_files_are_behind_links(people, hook, act):
    name, fields, sample = ATTACHED[act]
    people.citizen(NAM).act(act, samples=[sample])
    event = heard(people, hook)[0]
    (attached,) = event["message"]["attachments"]
    assert event["event_name"] == name and attached["payload"].keys() == fields
    answer = requests.get(attached["payload"]["url"], timeout=5)
    assert answer.ok and (act == "photo" or answer.content == samples.upload(sample).data)
    people.advance("+8d")
    assert requests.get(attached["payload"]["url"], timeout=5).status_code == 404


def test_several_photos_are_several_events(people, hook):
    people.citizen(NAM).sends_photo("lamp", "pothole", caption="Hỏng cả")
    first, second = heard(people, hook, 2)
    assert first["message"]["text"] == "Hỏng cả" and "text" not in second["message"]
    assert first["message"]["msg_id"] != second["message"]["msg_id"]


def test_a_place_is_told_in_texts(people, hook):
    people.citizen(NAM).sends_location(16.4637, 107.5909)
    (attached,) = heard(people, hook)[0]["message"]["attachments"]
    assert attached == {
        "type": "location",
        "payload": {"coordinates": {"latitude": "16.4637", "longitude": "107.5909"}},
    }


def test_following_has_no_message(people, hook, zalo):
    people.citizen(NAM).follows()
    event = heard(people, hook)[0]
    assert event["event_name"] == "follow" and event["follower"] == {"id": NAM}
    assert event["oa_id"] == zalo.owner.oa_id and "sender" not in event and "message" not in event


@pytest.mark.parametrize(("kind", "seen"), [("oa.query.show", 1), ("oa.query.hide", 0)])
def test_a_press_arrives_as_text(people, hook, zalo, kind, seen):
    nam = people.citizen(NAM)
    nam.follows()
    button = {"title": "Đồng ý", "type": kind, "payload": "#yes:1"}
    zalo.message(NAM, {"text": "Được chứ?", "attachment": {"type": "template", "payload": {"buttons": [button]}}})
    nam.presses_words("Đồng ý")
    event = heard(people, hook, 2)[1]
    assert event["event_name"] == "user_send_text" and event["message"]["text"] == "#yes:1"
    assert [m["text"] for m in people.look().in_chat(NAM)].count("#yes:1") == seen
    with pytest.raises(SandboxError, match="no such button"):
        nam.presses(people.look().from_bot(NAM)[-1]["message_id"], "#yes:2")


def test_contact_details_in_both_shapes(people, hook):
    nam = people.citizen(NAM)
    nam.act("give_info")
    nam.act("give_info", newer=True)
    old, new = (event["info"] for event in heard(people, hook, 2))
    assert {"address", "ward"} <= old.keys() and "full_address" in new


def test_a_group_names_the_oa_apart(people, hook, zalo):
    binh = people.as_person(THUAN_HOA, BINH)
    zalo.in_group(THUAN_HOA, {"text": "PA-1: 1. Nhận xử lý"})
    card = binh.hears("Nhận xử lý")
    binh.says("PA-1 1", reply_to=card["message_id"])
    event = heard(people, hook)[0]
    assert event["event_name"] == "user_send_group_text" and event["oa_id"] == zalo.owner.oa_id
    assert event["sender"] == {"id": BINH} and event["recipient"] == {"id": THUAN_HOA}
    assert event["message"]["quote_msg_id"] == card["msg_id"]
    binh.sends_location(16.4, 107.5)  # an OA is not told of places in groups
    people.act("leave", chat=THUAN_HOA, person=BINH)
    assert heard(people, hook, 2)[1]["event_name"] == "user_out_group"
    with pytest.raises(SandboxError, match="not a member"):
        binh.says("còn nghe không?")
    people.act("join", chat=THUAN_HOA, person=NAM)
    assert heard(people, hook, 3)[2]["event_name"] == "user_join_group"


def test_echoes_and_human_agents(people, hook, zalo):
    people.citizen(NAM).follows()
    people.zalo("limits", echoes=True, receipts=True)
    zalo.text(NAM, "Chào anh")
    names = [event["event_name"] for event in heard(people, hook, 4)]
    assert sorted(names[1:]) == ["oa_send_text", "user_received_message", "user_seen_message"]
    people.act("agent", chat=NAM, text="Tôi là người thật")
    event = heard(people, hook, 5)[4]
    assert event["sender"] == {"id": zalo.owner.oa_id, "admin_id": AN} and event["recipient"] == {"id": NAM}


# --- repeats -------------------------------------------------------------------------------------------------------


def test_repeats_carry_the_same_bytes_and_their_number(people, hook):
    hook.answers = [500, 500]
    people.citizen(NAM).says("một")
    heard(people, hook)
    people.citizen(NAM).says("hai")  # is not held up
    heard(people, hook, 2)
    assert people.zalo()["account"]["webhook"]["error"] == "HTTP 500"
    for _ in range(2):
        people.advance("+5m")
        people.wait_for(lambda _: not people.zalo()["account"]["pending"] or len(hook.events()) > 3)
    people.advance("+15m")
    people.wait_for(lambda _: not people.zalo()["account"]["pending"])
    first = [(headers.get("num_retry"), body) for headers, body in hook.heard if "một".encode() in body]
    assert len({body for _, body in first}) == 1
    assert [number for number, _ in first[:2]] == [None, "1"]


def test_after_the_last_repeat_the_webhook_is_off(people, hook):
    hook.answers = [500] * 6
    people.citizen(NAM).says("một")
    for count in range(1, 7):
        people.wait_for(lambda _, count=count: len(hook.events()) >= count)
        people.advance("+61m")
    people.wait_for(lambda _: not people.zalo()["account"]["webhook"]["on"])
    people.citizen(NAM).says("hai")
    people.zalo("webhook")
    people.citizen(NAM).says("ba")
    people.wait_for(lambda _: hook.events()[-1]["message"]["text"] == "ba")
    assert all(event["message"]["text"] != "hai" for event in hook.events())


def test_faults_of_events(people, hook, zalo):
    people.fault("duplicate", method="zalo:user_send_text", count=1)
    people.citizen(NAM).says("hai lần")
    one, two = heard(people, hook, 2)
    assert one == two
    people.fault("reorder", method="zalo:user_send_text", value=5000, count=1)
    people.citizen(NAM).says("sau")
    people.citizen(NAM).says("trước")
    assert [event["message"]["text"] for event in heard(people, hook, 4)[2:]] == ["trước", "sau"]
    people.fault("forge", method="zalo:user_send_text", count=1)
    people.citizen(NAM).says("giả")
    heard(people, hook, 5)
    headers, body = hook.heard[-1]
    right = mac(zalo.owner, body, json.loads(body)["timestamp"])
    assert headers["X-ZEvent-Signature"] != f"mac={right}"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"act": "fly"}, "unknown act on Zalo"),
        ({"act": "text", "text": " "}, "not empty"),
        ({"act": "text", "text": "x", "person": AN}, "somebody else's"),
        ({"act": "photo"}, "name a sample"),
        ({"act": "location", "lat": 91, "lon": 0}, "latitude"),
        ({"act": "unfollow"}, "nothing to change"),
    ],
)
def test_what_people_cannot_do(people, wish, words):
    with pytest.raises(SandboxError, match=words):
        people.act(wish.pop("act"), chat=NAM, **wish)


def test_a_visitor_of_the_web_widget(people, hook, zalo):
    visitor = people.zalo("visitors")["visitor"]
    people.citizen(visitor).says("Cho hỏi")
    event = heard(people, hook)[0]
    assert event["event_name"] == "anonymous_send_text" and event["sender"] == {"id": visitor}
    ends = {"anonymous_id": visitor, "conversation_id": event["message"]["conversation_id"]}
    answer = zalo.post("v2.0/oa/message", {"recipient": ends, "message": {"text": "Xin chào"}}).json()
    assert answer["error"] == 0 and answer["data"]["conversation_id"] == ends["conversation_id"]
    assert people.citizen(visitor).hears("Xin chào")
    wrong = {**ends, "conversation_id": "1"}
    assert zalo.post("v2.0/oa/message", {"recipient": wrong, "message": {"text": "x"}}).json()["error"] == -201


@pytest.mark.parametrize(
    ("act", "wish", "name"),
    [
        ("chat_now", {}, "user_click_chatnow"),
        ("link", {"url": "https://example.gov.vn"}, "user_send_link"),
        ("contact", {}, "user_send_business_card"),
        ("unfollow", {}, "unfollow"),
    ],
)
def test_other_things_that_people_do(people, hook, act, wish, name):
    nam = people.citizen(NAM)
    nam.follows()
    nam.act(act, **wish)
    assert heard(people, hook, 2)[1]["event_name"] == name
