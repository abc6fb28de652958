"""The door: only what Zalo has signed comes in, under one name however often it comes."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.platforms.zalo.door import ZaloDoor, mac
from tests.bot.platforms.zalo import payloads as zalo
from tests.bot.platforms.zalo.payloads import APP, GROUP, KEY, LAN, OA, raw, signed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = raw(zalo.said())


def door(now=NOW, **more):
    return ZaloDoor(zalo.options(**more), lambda: now)


# --- signatures ----------------------------------------------------------------------------------------------------


def test_the_formula_gives_the_known_value():
    body = (
        '{"app_id":"1234567890123456789","event_name":"user_send_text","timestamp":"1767225600000",'
        '"sender":{"id":"246845883529197922"},"recipient":{"id":"388613280878808645"},'
        '"message":{"msg_id":"96d3cdf3af150460909","text":"Đèn đường hỏng"}}'
    ).encode()
    assert len(body) == 242
    expected = "b866bad95dfccc8cf487b0ddf5d3000594a2b181b018d381905b91d8ffc950e3"
    assert mac(APP, body, "1767225600000", KEY) == expected
    assert door().verify({"X-ZEvent-Signature": f"mac={expected}"}, body)


@pytest.mark.parametrize("form", ["mac={}", "mac = {}", "{}", "MAC={}", " mac={} "])
def test_the_signature_is_found_however_it_is_written(form):
    given = mac(APP, BODY, str(zalo.AT), KEY)
    assert door().verify({"x-zevent-signature": form.format(given)}, BODY)
    assert door().verify({"X-ZEVENT-SIGNATURE": form.format(given.upper())}, BODY)


@pytest.mark.parametrize("position", range(0, len(BODY), 23))
def test_a_body_altered_by_one_byte_is_refused(position):
    altered = bytearray(BODY)
    altered[position] ^= 1
    assert door().verify(signed(BODY), BODY)
    assert not door().verify(signed(BODY), bytes(altered))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-ZEvent-Signature": ""},
        {"X-ZEvent-Signature": "mac="},
        {"X-ZEvent-Signature": "mac=" + "0" * 64},
        {"X-ZEvent-Signature": "mac=" + "0" * 63},
        {"X-ZEvent-Signature": "mac=đ" + "0" * 63},
        signed(BODY, key="another key"),
        signed(BODY, owner=OA),
        signed(BODY, time="1767225600001"),
    ],
)
def test_missing_and_wrong_signatures_are_refused(headers):
    assert not door().verify(headers, BODY)


def test_another_apps_event_is_refused_even_if_signed_with_our_key():
    body = raw(zalo.said() | {"app_id": "999"})
    assert not door().verify(signed(body), body)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b'{"timestamp": {}}', b'{"timestamp": 1e400}'])
def test_strange_bodies_are_refused_without_ado(body):
    assert not door().verify({"X-ZEvent-Signature": f"mac={mac(APP, body, str(zalo.AT), KEY)}"}, body)


def test_a_time_that_is_a_number_is_signed_by_its_digits():
    body = raw(zalo.said() | {"timestamp": zalo.AT})
    assert door().verify(signed(body), body)


# Which of these a real account uses is not known: each is a setting (docs/zalo-checklist.md).


def test_the_time_of_the_header_may_be_the_signed_one():
    time = str(zalo.AT + 5)
    headers = signed(BODY, time=time) | {"X-ZEvent-Timestamp": time}
    assert door().verify(headers, BODY)
    assert not door(sign_header_time=False).verify(headers, BODY)


def test_the_id_of_the_oa_may_be_the_signed_one_only_when_that_is_set():
    assert door(sign_oa_id=True).verify(signed(BODY, owner=OA), BODY)
    assert not door().verify(signed(BODY, owner=OA), BODY)


# --- replays and clocks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [-10, 0, 10, 110, 179])
def test_clocks_that_differ_and_late_repeats_are_no_harm(minutes):
    assert door(NOW + timedelta(minutes=minutes)).verify(signed(BODY), BODY)


@pytest.mark.parametrize("hours", [-4, 4, 24 * 365])
def test_a_replay_from_long_ago_is_refused_though_its_signature_is_right(hours):
    assert not door(NOW + timedelta(hours=hours)).verify(signed(BODY), BODY)
    assert door(NOW + timedelta(hours=4), replay_window=timedelta(hours=5)).verify(signed(BODY), BODY)


def test_a_header_cannot_make_an_old_delivery_young():
    later = NOW + timedelta(days=1)
    fresh = {"X-ZEvent-Timestamp": str(int(later.timestamp() * 1000))}
    assert not door(later).verify(signed(BODY) | fresh, BODY)


# --- probes, names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "probe"), [(b"{}", True), (b" {} ", True), (b"", True), (b"[]", False), (BODY, False)]
)
def test_the_console_tries_the_address_out(body, probe):
    assert door().is_probe(body) is probe


@pytest.mark.parametrize("missing", ["app_id", "oa_secret_key"])
def test_without_its_secrets_nothing_starts(missing):
    given = {"app_id": APP, "oa_id": OA, "oa_secret_key": KEY} | {missing: ""}
    with pytest.raises(ValueError, match="secret key"):
        ZaloDoor(zalo.ZaloOptions(**given), lambda: NOW)


def test_no_secret_shows_in_the_options():
    shown = repr(zalo.options(access_token="a-token", refresh_token="r-token"))
    assert not any(secret in shown for secret in (KEY, "app-secret-example", "a-token", "r-token"))


def named(body):
    return door().identify(raw(body))


def test_a_message_goes_by_its_own_id_in_its_persons_chat():
    delivery = named(zalo.said())
    assert (delivery.external_id, delivery.chat, delivery.parts) == ("96d3cdf3af150460909", LAN, ())


@pytest.mark.parametrize(
    ("body", "chat"),
    [
        (zalo.in_group(), GROUP),
        (zalo.in_group(recipient={"group_id": GROUP}), GROUP),
        (zalo.in_group(recipient={}, group_info={"group_id": GROUP}), GROUP),
        (zalo.in_group(recipient=None), "-"),
        (zalo.event("oa_send_group_text", sender={"id": OA}, recipient={"id": GROUP}, message={"msg_id": "1"}), GROUP),
        (zalo.event("create_group", oa_id=OA, sender={"id": OA}, recipient={"id": GROUP}), GROUP),
        (zalo.event("follow", oa_id=OA, follower={"id": LAN}), LAN),
        (zalo.event("user_seen_message", sender={"id": OA}, recipient={"id": LAN}), LAN),
        (zalo.event("oa_send_text", sender={"id": OA, "admin_id": "1"}, recipient={"id": LAN}), LAN),
        (zalo.event("anonymous_send_text", sender={"id": "a1"}, message={"conversation_id": "c1"}), "anonymous:c1:a1"),
        (zalo.event("permission_revoked"), "-"),
        (zalo.said() | {"sender": {"id": "9" * 300}}, "-"),
    ],
)
def test_every_event_has_a_chat_in_whose_order_it_is_worked(body, chat):
    assert named(body).chat == chat


def test_what_has_no_id_of_its_own_goes_by_name_time_and_person():
    follow = zalo.event("follow", follower={"id": LAN})
    assert named(follow) == named(follow)
    assert named(follow) != named(follow | {"timestamp": "1767225600001"})
    assert named(follow) != named(follow | {"event_name": "unfollow"})
    receipt = zalo.event("user_received_message", sender={"id": OA}, recipient={"id": LAN}, message={"msg_id": "m"})
    reacted = zalo.event("user_reacted_message", sender={"id": LAN}, recipient={"id": OA}, message={"msg_id": "m"})
    assert len({named(body).external_id for body in (receipt, reacted, zalo.said(message={"msg_id": "m"}))}) == 3


def test_a_message_of_several_pictures_is_kept_in_parts():
    pictures = [{"type": "image", "payload": {"url": f"{zalo.PHOTO}?{n}"}} for n in range(3)]
    delivery = named(zalo.said("image", {"msg_id": "m", "text": "Ổ gà", "attachments": pictures}))
    assert len(delivery.parts) == 3
    assert ["Ổ gà" in json.loads(part)["message"].values() for part in delivery.parts] == [True, False, False]
    assert [f"?{n}" in part for n, part in enumerate(delivery.parts)] == [True] * 3


def test_halves_of_characters_in_a_message_of_several_pictures_break_nothing():
    pictures = [{"type": "image", "payload": {"url": zalo.PHOTO}}] * 2
    body = json.dumps(zalo.said("image", {"msg_id": "m", "text": "\ud800", "attachments": pictures})).encode()
    assert len(door().identify(body).parts) == 2
