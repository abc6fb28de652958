"""The same promises, asked of every platform: Telegram against the sandbox's Bot API, both of Zalo's, and text only."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from bot.platforms import registry
from bot.platforms.html import units
from bot.platforms.plain.platform import Plain
from bot.sandbox import samples
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import create_app
from bot.sandbox.world import AN_CUU, DUC, LAN, bot_token
from handlers.ports import File, FileGone, Outgoing, Platform, SendLater, SendNever, SendUnknown
from tests.bot.platforms.fake_api import Silent
from tests.bot.platforms.fake_zalo import ACCESS, BOT_TOKEN, CS, FakeZalo, bot_error, error, hang_up
from tests.bot.platforms.zalo import payloads as zalo
from workflows.events import CommandSent, MediaSent, TextSent
from workflows.messages import Line, Message, choice, say, text

AT = datetime(2026, 11, 23, tzinfo=UTC)
SECRET = "webhook-secret-of-the-tests"
YES, NO = choice("c:1:x:yes", "yes"), choice("c:1:x:no", "no")
SAMPLE = (Path(samples.__file__).parent / "lamp.jpg").read_bytes()
ASK = Message((Line("ask"),), ((YES, NO),))


@dataclass
class Case:
    """One platform with a citizen and a group on its far end."""

    platform: Platform
    citizen: str
    group: str
    member: str
    stranger: str
    says: Callable[[str], str]  # the citizen says something; gives back the delivery's payload
    sends_photo: Callable[[], str]
    shown: Callable[[str], list[str]]  # all texts of a chat, as people see them
    lose: Callable[[], None]  # the citizen wants nothing more from us
    stumbles: Callable[[str], None] | None = None  # the far end errs once: busy, broken, dropped; None: it cannot
    admitted: Callable[[bytes], dict[str, str]] | None = None  # the headers that prove a delivery; None: no webhook
    photos: Callable[[str], list[bytes]] = lambda chat: []  # pictures of a chat, as people see them


@pytest.fixture(params=registry.NAMES)
def case(request: pytest.FixtureRequest) -> Case:
    made: Case = request.getfixturevalue(f"{request.param.replace('-', '_')}_case")
    return made


@pytest.fixture
def plain_case(words: Any) -> Case:
    platform = registry.build(registry.PlainOptions(), registry.Around(words, lambda: AT))
    assert isinstance(platform, Plain)
    numbers = iter(range(1, 100))

    def line(**said: str) -> str:
        return json.dumps({"id": str(next(numbers)), "chat": "lan", "user": "lan", **said})

    platform.far_end.files["a.jpg"] = b"jpeg" * 100
    platform.far_end.absent.add(("an-cuu", "lan"))
    return Case(
        platform=platform,
        citizen="lan",
        group="an-cuu",
        member="duc",
        stranger="lan",
        says=lambda words: line(text=words),
        sends_photo=lambda: line(photo="a.jpg"),
        shown=platform.far_end.texts,
        lose=lambda: platform.leave("lan"),
    )


@pytest.fixture
def telegram_case(words, tmp_path):
    app = create_app(tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    options = registry.TelegramOptions(
        bot_token(tmp_path), f"{address}/sandbox/telegram", webhook=True, webhook_secret=SECRET
    )
    platform = registry.build(options, registry.Around(words, lambda: AT))
    with SandboxClient(address) as people:
        people.limits(rates=False)
        lan = people.citizen(LAN)
        lan.starts()
        yield Case(
            platform=platform,
            citizen=str(LAN),
            group=str(AN_CUU),
            member=str(DUC),
            stranger=str(LAN),
            says=lambda words: _update(platform, lan.says(words)),
            sends_photo=lambda: _update(platform, lan.sends_photo("lamp")),
            shown=lambda chat: [message["text"] for message in people.look().from_bot(int(chat))],
            lose=lambda: lan.act("block"),
            stumbles=lambda kind: people.fault(
                {"busy": "429", "broken": "500", "dropped": "drop"}[kind], method="sendMessage", count=1, after=True
            ),
            admitted=lambda body: {"X-Telegram-Bot-Api-Secret-Token": SECRET},
            photos=lambda chat: [b"photo" for one in people.look().from_bot(int(chat)) if one["media"]],
        )
    platform.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def far_end():
    server = FakeZalo()
    yield server
    server.stop()


@pytest.fixture
def zalo_case(words, far_end):
    options = zalo.options(
        access_token=ACCESS, api_url=far_end.url, oauth_url=far_end.url, media_hosts=("127.0.0.1",), private_hosts=True
    )
    platform = registry.build(options, registry.Around(words, lambda: AT))
    platform.client._sleep = lambda seconds: None
    numbers = iter(range(1, 100))
    far_end.members[zalo.GROUP] = [zalo.DUC]
    far_end.files["/media/a.jpg"] = SAMPLE

    def sends(kind, message):
        body = zalo.said(kind, {"msg_id": str(next(numbers))} | message, at=int(AT.timestamp() * 1000))
        return json.dumps(body, ensure_ascii=False)

    yield Case(
        platform=platform,
        citizen=zalo.LAN,
        group=zalo.GROUP,
        member=zalo.DUC,
        stranger=zalo.LAN,
        says=lambda words: sends("text", {"text": words}),
        sends_photo=lambda: sends("image", zalo.attached("image", url=f"{far_end.url}/media/a.jpg")),
        shown=far_end.texts,
        lose=lambda: far_end.lost.update({zalo.LAN: -213}),
        stumbles=lambda kind: far_end.next[CS].extend(
            {"busy": [error(-32)] * 3, "broken": [Response("<html>", 502)], "dropped": [hang_up]}[kind]
        ),
        admitted=zalo.signed,
        photos=lambda chat: [one.photo for one in far_end.shown if one.chat == chat and one.photo],
    )
    platform.close()


@pytest.fixture
def zalo_bot_case(words, far_end):
    options = registry.ZaloBotOptions(
        BOT_TOKEN, far_end.url, webhook=True, webhook_secret=SECRET, media_hosts=("127.0.0.1",), private_hosts=True
    )
    platform = registry.build(options, registry.Around(words, lambda: AT))
    numbers = iter(range(1, 100))
    far_end.files["/media/a.jpg"] = SAMPLE

    def sends(name, **message):
        who = {"id": "lan1", "display_name": "Lan", "is_bot": False}
        base = {"from": who, "chat": {"id": "lan1", "chat_type": "PRIVATE"}, "date": 1767225600000}
        body = {"event_name": name, "message": base | {"message_id": f"z{next(numbers)}"} | message}
        return json.dumps({"ok": True, "result": body}, ensure_ascii=False)

    yield Case(
        platform=platform,
        citizen="lan1",
        group="g1",
        member="",
        stranger="lan1",
        says=lambda words: sends("message.text.received", text=words),
        sends_photo=lambda: sends("message.image.received", photo=f"{far_end.url}/media/a.jpg"),
        shown=far_end.texts,
        lose=lambda: far_end.lost.update({"lan1": 403}),
        stumbles=lambda kind: far_end.next[f"/bot{BOT_TOKEN}/sendMessage"].append(
            {"busy": bot_error(429), "broken": bot_error(502), "dropped": hang_up}[kind]
        ),
        admitted=lambda body: {"X-Bot-Api-Secret-Token": SECRET},
    )
    platform.close()


def _update(platform, message):
    """The payload of the newest update, once it says what was just said."""
    return platform.get_updates(None, 5)[-1] if message else ""


def to(chat, message, **more):
    return Outgoing(chat, more.pop("group", False), message, "vi", **more)


def test_it_says_who_it_is_and_what_it_can(case):
    can = case.platform.capabilities
    assert case.platform.name in registry.NAMES
    assert can.max_text >= 1000
    assert can.groups or not can.leaves
    assert can.window is None or timedelta(0) < can.window.free < can.window.last


def test_a_door_alone_names_deliveries_as_the_platform_does(case):
    """A web process has no more than that."""
    around = registry.Around(case.platform._words, lambda: AT)
    doors = registry.build_doors((case.platform._options,), around)
    body = case.says("Chào").encode()
    assert list(doors) == [case.platform.name]
    assert doors[case.platform.name].identify(body) == case.platform.identify(body)


def test_what_a_citizen_says_comes_in(case):
    payload = case.says("Đèn đường hỏng 😟 <b>")
    envelope = case.platform.parse(payload, AT)
    delivery = case.platform.identify(payload.encode())
    assert envelope.event == TextSent("Đèn đường hỏng 😟 <b>")
    assert (envelope.platform, envelope.at) == (case.platform.name, AT)
    assert envelope.chat == delivery.chat == case.citizen
    assert not envelope.group and not envelope.sender.anonymous
    assert delivery.external_id and envelope.message


def test_a_command_comes_in(case):
    assert case.platform.parse(case.says("/huy ngay"), AT).event == CommandSent("huy", "ngay")


def test_a_photo_comes_in_and_its_bytes_can_be_had(case):
    event = case.platform.parse(case.sends_photo(), AT).event
    assert isinstance(event, MediaSent) and event.media.kind == "photo" and event.media.unique
    content = case.platform.fetch(event.media.handle, 20_000_000)
    assert len(content) > 100
    with pytest.raises(FileGone) as caught:
        case.platform.fetch(event.media.handle, len(content) - 1)
    assert caught.value.code == "too_large"


def test_a_file_that_nobody_sent_is_gone(case):
    with pytest.raises(FileGone) as caught:
        case.platform.fetch("nothing", 1000)
    assert caught.value.code == "gone"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"7", b"\xff", pytest.param(b"[" * 10_000, id="deep")])
def test_what_is_no_delivery_is_said_to_be_none(case, body):
    assert case.platform.identify(body) is None


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"text": 7}'])
def test_what_cannot_be_understood_raises(case, payload):
    with pytest.raises(Exception) as caught:
        case.platform.parse(payload, AT)
    assert type(caught.value).__name__ == "ParseError"


def test_nobody_is_let_in_without_a_secret(case):
    body = case.says("Chào").encode()
    assert not case.platform.verify({}, b"{}")
    assert not case.platform.verify({}, body)
    assert not case.platform.is_probe(body)
    for name, proof in (case.admitted(body) if case.admitted else {}).items():
        assert case.platform.verify({name: proof}, body)
        assert case.platform.verify({name.lower(): proof}, body)
        assert not case.platform.verify({name: ""}, body)
        assert not case.platform.verify({name: proof[:-1] + "x"}, body)
        assert not case.platform.verify({"X-Other": proof}, body)


def test_a_question_can_be_answered_by_its_button_or_its_number(case):
    before = len(case.shown(case.citizen))
    sent = case.platform.send(to(case.citizen, ASK))
    (shown,) = case.shown(case.citizen)[before:]
    assert len(sent.ids) == 1
    numbers = "\nVui lòng trả lời bằng số:\n1. Đồng ý\n2. Không" if case.platform.capabilities.numbers else ""
    assert shown == f"📷 Mời gửi ảnh{numbers}"
    assert numbers or case.platform.capabilities.buttons


def test_what_people_wrote_arrives_as_they_wrote_it(case):
    words = "<b>5 > 3</b> & {text} &amp; *x* [a](b)"
    case.platform.send(to(case.citizen, say("said", text=text(words))))
    assert case.shown(case.citizen)[-1] == f"Nội dung: {words}"


@pytest.mark.parametrize("piece", ["chữ ", "😟", "a", "<&>", "dòng\n"])
def test_a_long_text_arrives_whole_in_parts_that_are_short_enough(case, piece):
    long = piece * 5000
    before = len(case.shown(case.citizen))
    sent = case.platform.send(to(case.citizen, Message((Line("bare", {"text": text(long)}),), ((YES,),))))
    parts = case.shown(case.citizen)[before:]
    assert len(parts) == len(sent.ids) > 1
    assert all(units(part) <= case.platform.capabilities.max_text for part in parts)
    assert "".join("".join(parts).split()).startswith("".join(long.split()))


def test_photos_and_a_pin_arrive_or_are_announced(case):
    photo = File("photo", SAMPLE, "image/jpeg")
    message = Message((Line("ask"),), ((YES,),), pin=(16.4637, 107.5909))
    sent = case.platform.send(to(case.group, message, group=True, files=(photo, photo)))
    last = case.shown(case.group)[-1]
    assert sent.ids and "Mời gửi ảnh" in last and "Xem bản đồ" in last
    if "photo" in case.platform.capabilities.uploads:
        assert len(case.photos(case.group)) == 2 and "Ảnh kèm theo" not in last
    else:
        assert "Ảnh kèm theo: 2" in last
    if not case.platform.capabilities.group_buttons or not case.platform.capabilities.buttons:
        assert "16.463700,107.590900" in last and "1. Đồng ý" in last


def test_what_cannot_be_sent_is_spoken_of(case):
    films = tuple(File("video", b"film" * 10, "video/mp4") for _ in range(2))
    if "video" in case.platform.capabilities.uploads:
        pytest.skip("it sends films")
    case.platform.send(to(case.citizen, ASK, files=films))
    assert "Video kèm theo: 2" in case.shown(case.citizen)[-1]


def test_an_edit_replaces_or_repeats(case):
    first = case.platform.send(to(case.citizen, ASK))
    edited = to(case.citizen, say("said", text=text("x")), edit=first.ids[-1])
    sent = case.platform.send(edited)
    assert (sent.ids == first.ids) is case.platform.capabilities.edits
    assert case.shown(case.citizen)[-1] == "Nội dung: x"
    case.platform.drop_buttons(case.citizen, first.ids[-1])
    assert case.platform.send(edited).ids


def test_taking_back_what_is_gone_or_cannot_be_deleted_is_no_error(case):
    first = case.platform.send(to(case.citizen, ASK))
    case.platform.take_back(case.citizen, (*first.ids, *first.ids))
    case.platform.take_back(case.citizen, ())
    assert case.platform.send(to(case.citizen, ASK)).ids


def test_a_wish_for_a_place_is_asked_in_some_way(case):
    case.platform.send(to(case.citizen, Message((Line("ask"),), ((NO,),), wish="place")))
    case.platform.send(to(case.citizen, Message((Line("ask"),), ((YES,),), drop_keyboard=True)))
    assert "Mời gửi ảnh" in case.shown(case.citizen)[-1]


def test_who_wants_nothing_more_is_left_alone(case):
    case.lose()
    with pytest.raises(SendNever) as caught:
        case.platform.send(to(case.citizen, ASK))
    assert caught.value.chat_lost


@pytest.mark.parametrize(("kind", "meaning"), [("busy", SendLater), ("broken", SendUnknown), ("dropped", SendUnknown)])
def test_what_the_far_end_does_says_whether_and_when_to_try_again(case, kind, meaning):
    if case.stumbles is None:
        pytest.skip("its far end never errs")
    case.stumbles(kind)
    message = Message((Line("ask"),))
    with pytest.raises(meaning) as caught:
        case.platform.send(to(case.citizen, message))
    assert caught.value.code and not any(secret in str(caught.getrepr()) for secret in (ACCESS, BOT_TOKEN))
    if kind == "busy":
        assert caught.value.seconds > 0
    assert case.platform.send(to(case.citizen, message)).ids


def test_who_is_in_a_group_is_known(case):
    if not case.platform.capabilities.groups:
        with pytest.raises(SendUnknown):  # nobody has a say by not being asked
            case.platform.is_member(case.group, case.citizen)
        return
    assert case.platform.is_member(case.group, case.member)
    assert not case.platform.is_member(case.group, case.stranger)


def test_leaving_a_group_twice_is_leaving(case):
    case.platform.leave(case.group)
    case.platform.leave(case.group)
    if not case.platform.capabilities.leaves:
        return  # we just say nothing there
    with pytest.raises(SendNever):
        case.platform.send(to(case.group, ASK, group=True))


def test_a_message_that_says_nothing_is_never_sent(case):
    with pytest.raises(SendNever) as caught:
        case.platform.send(to(case.citizen, Message(())))
    assert caught.value.code == "cannot_render"


def test_nothing_secret_shows_in_the_options(case):
    secrets = (SECRET, ACCESS, BOT_TOKEN, zalo.KEY)
    if case.platform.name != "telegram":
        assert not any(secret in repr(case.platform._options) for secret in secrets)


def test_a_press_that_never_was_needs_no_answer(case):
    case.platform.acknowledge("12345", "x", False)


def test_no_topics_where_there_are_none(case):
    with pytest.raises(SendNever):
        case.platform.open_topic(case.group, "PA-7K3M-9QXC")
