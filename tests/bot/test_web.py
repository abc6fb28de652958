"""The web: what comes in by webhook, however strange, and what the platform is answered."""

from __future__ import annotations

import json
import socket
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot import web, wiring
from bot.queue import RqBell, SilentBell
from bot.settings import Settings
from handlers.upkeep import sweep
from storage.models import Inbox, table_of
from tests.at_once import at_once
from tests.bot.far_end import SECRET, Ear, Silence
from tests.world import World

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
INBOX = table_of(Inbox)
LAN = 5100000001


class Site:
    """The web application with one world behind it."""

    def __init__(self, url, folder, **tools):
        self.world = World(url, folder, **tools)
        self.ear = Ear(self.world.words)
        self.world.tools.platforms["telegram"] = self.ear
        world = self.world
        built = wiring.World(
            settings=Settings(state_dir=folder, sandbox={"enabled": False}),
            engine=world.store.engine,
            store=world.store,
            clock=world.clock,
            words=world.words,
            platforms=world.tools.platforms,
            doors=world.tools.platforms,
            tools=world.tools,
            redis_url=None,
        )
        self.client = web.create_app(built).test_client()
        self.number = 700_000_000

    def post(self, body, secret=SECRET, **more):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        return self.client.post("/hooks/telegram", data=data, headers=headers, content_type="application/json", **more)

    def says(self, text="", person=LAN, **message):
        """One message of a citizen; worked and answered."""
        self.number += 1
        self.world.clock.forward(seconds=1)
        who = {"id": person, "is_bot": False, "first_name": "Lan"}
        body = {"message_id": self.number, "date": 1795330800, "from": who, "chat": {"id": person, "type": "private"}}
        body |= {"text": text} if text else {}
        answer = self.post({"update_id": self.number, "message": body | message})
        assert answer.status_code == 200
        before = len(self.ear.told)
        self.world.settle()
        return "\n".join(words for _, words in self.ear.told[before:])

    def presses(self, data, person=LAN):
        self.number += 1
        who = {"id": person, "is_bot": False, "first_name": "Lan"}
        message = {"message_id": 1, "date": 1795330800, "chat": {"id": person, "type": "private"}}
        press = {"id": str(self.number), "from": who, "message": message, "chat_instance": "1", "data": data}
        assert self.post({"update_id": self.number, "callback_query": press}).status_code == 200
        before = len(self.ear.told)
        self.world.settle()
        return "\n".join(words for _, words in self.ear.told[before:])

    def statuses(self):
        with self.world.store.read() as uow:
            return uow.inbox.counts()


@pytest.fixture
def site(ready_url, tmp_path):
    site = Site(ready_url, tmp_path)
    yield site
    site.world.close()


@pytest.fixture
def begun(site):
    """A citizen at the question for photos."""
    site.says("/start")
    site.says("Gửi phản ánh mới")
    assert "gửi ảnh" in site.says("Đồng ý")
    return site


# --- what is no delivery -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"7", b"\xff\xfe\x00", b"{}", b'{"update_id":"x"}', b'{"update_id":1.5}',
     b'{"update_id":1,"message":' + b"[" * 100_000,
     b'{"update_id":1,"message":{"chat":{"id":1}}}\x00'],
)  # fmt: skip
def test_malformed_json_is_refused_and_not_kept(site, body):
    assert site.post(body).status_code == 400
    assert site.statuses() == {}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1]])
def test_without_the_secret_nothing_is_kept(site, secret):
    assert site.post({"update_id": 1}, secret=secret).status_code == 403
    assert site.statuses() == {}


def test_other_addresses_and_methods_are_plain_refusals(site):
    for answer in (site.client.get("/hooks/telegram"), site.client.post("/hooks/viber"), site.client.get("/nowhere")):
        assert answer.status_code in {404, 405}
        assert b"<" not in answer.data


def test_a_body_that_no_platform_sends_is_refused_unread(site):
    assert site.post(b" " * (web.MAX_BODY + 1)).status_code == 413
    assert site.statuses() == {}


def test_when_it_cannot_be_kept_it_is_not_accepted(site, monkeypatch):
    def broken(*args):
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(web, "receive", broken)
    answer = site.post({"update_id": 1, "message": {"chat": {"id": LAN}}})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert b"disk" not in answer.data


def test_a_mistake_of_ours_is_no_exception_page(site, monkeypatch):
    monkeypatch.setattr(web, "receive", lambda *args: 1 / 0)
    answer = site.post({"update_id": 1})
    assert (answer.status_code, answer.data) == (500, b"500\n")


# --- strange deliveries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_every_known_payload_is_accepted_and_worked(site, path):
    assert site.post(path.read_bytes()).status_code == 200
    for _ in range(10):
        site.world.forward(minutes=2)
    deliveries = select(INBOX.c.status).where(INBOX.c.kind == "delivery")
    with site.world.store.read() as uow:
        assert uow.connection.scalar(deliveries) in ("done", "ignored")


@pytest.mark.parametrize(
    "update",
    [{}, {"something_new": {"a": 1}}, {"poll": {"id": "1"}}, {"channel_post": {"chat": {"id": -100}}},
     {"message": {"chat": {"id": "not a number"}}}, {"inline_query": {"id": "1", "query": "x"}}],
)  # fmt: skip
def test_an_unknown_kind_of_update_is_accepted_and_left_alone(site, update):
    assert site.post({"update_id": 5, **update}).status_code == 200
    for _ in range(10):
        site.world.forward(minutes=2)
    assert site.ear.told == []
    assert "new" not in site.statuses()


def test_a_message_nested_ten_levels_deep_is_read(site):
    message = {"message_id": 1, "date": 1795330800, "chat": {"id": LAN, "type": "private"}, "text": "sâu"}
    for number in range(2, 12):
        message = {"message_id": number, "date": 1795330800, "chat": {"id": LAN, "type": "private"},
                   "text": "sâu", "reply_to_message": message}  # fmt: skip
    assert site.says("/start", reply_to_message=message["reply_to_message"]) != ""


def test_a_text_of_100_kb_is_answered_with_the_limit_and_the_draft_is_kept(begun):
    begun.says("Đèn đường hỏng từ ba tối nay")
    assert "tối đa là 2000" in begun.says("dài " * 25_000).replace(".", "")
    assert "Đèn đường hỏng" in everything_said_at_review(begun)


def everything_said_at_review(site):
    """From the question for photos to the review."""
    site.says("Bỏ qua")
    site.says("12 Nguyễn Huệ, phường An Cựu")
    site.says("chiếu sáng")
    return site.says("Chiếu sáng") or site.ear.heard(str(LAN))


STRANGE = {
    "emoji": "👩‍👩‍👧‍👦🇻🇳 đèn hỏng 💡",
    "combining": "Đe\u0300n đươ\u0300ng ho\u0309ng tô\u0301i nay",
    "nul": "đèn\u0000hỏng ngoài đường",
    "right to left": "\u202eđảo ngược chữ hết cả",
    "zalgo": "Z̸̡̛a̷l̵g̶o̴ " + "\u0301" * 500 + " đèn hỏng",
    "markup": "<b>đèn</b> & {team} %s hỏng",
    "sql": "'; drop table cases; --",
}


def test_strange_letters_are_kept_and_said_back(ready_url, tmp_path):
    site = Site(ready_url, tmp_path)
    for person, words in enumerate(STRANGE.values(), start=LAN):
        for said in ("/start", "Gửi phản ánh mới", "Đồng ý", words, "Bỏ qua", "12 Nguyễn Huệ, phường An Cựu",
                     "chiếu sáng", "Chiếu sáng"):  # fmt: skip
            site.says(said, person=person)
        assert "Mã phản ánh" in site.says("Gửi phản ánh", person=person) + site.ear.heard(str(person)), words
    assert "dead" not in site.statuses()
    with site.world.store.read() as uow:
        kept = "".join(row["text"] for number in range(1, 8) for row in uow.cases.words_of_case(number))
    assert all(words.replace("\0", "") in kept or words == STRANGE["combining"] for words in STRANGE.values())
    site.world.close()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"latitude": 0, "longitude": 0}, "không có trên bản đồ"),
        ({"latitude": 91, "longitude": 107}, "không có trên bản đồ"),
        ({"latitude": 16.4, "longitude": 181}, "không có trên bản đồ"),
        ({"latitude": 1e308, "longitude": -1e308}, "không có trên bản đồ"),
        ({"latitude": 21.03, "longitude": 105.85}, "ngoài địa bàn"),
        ({"latitude": -16.46, "longitude": 107.59}, "ngoài địa bàn"),
    ],
    ids=["zero", "north of the pole", "east of the date line", "huge", "Hà Nội", "the other hemisphere"],
)
def test_a_place_that_cannot_be_is_answered_with_what_to_send(begun, place, told):
    begun.says("Bỏ qua")
    assert told in begun.says("", location=place)
    assert "Đã ghi vị trí" in begun.says("12 Nguyễn Huệ, phường An Cựu")


def test_numbers_that_json_does_not_know_are_refused_or_set_aside(begun):
    who = b'{"id":5100000001,"is_bot":false,"first_name":"L"}'
    chat = b'"chat":{"id":5100000001,"type":"private"},"location":{"latitude":NaN,"longitude":1}}}'
    body = b'{"update_id":99,"message":{"message_id":1,"date":1795330800,"from":' + who + b"," + chat
    assert begun.post(body).status_code in {200, 400}
    for _ in range(10):
        begun.world.forward(minutes=2)
    assert "mô tả" in begun.says("Đèn đường hỏng từ ba tối nay")


def test_a_button_from_last_week_goes_on_from_where_the_person_is(begun):
    begun.says("Bỏ qua")
    begun.world.forward(days=8)
    assert "Lựa chọn này đã cũ" in begun.presses("c:1:photo:skip")


@pytest.mark.parametrize(
    "data",
    ["", "k:1:withdraw", "k:999999999999999999999:show", "k:-1:rate:5", "d:1:claim", "p:1.1:send",
     "c:1:confirm:send", "x" * 64, "c:::", "k:1:rate:99", "🧨:1:2"],
)  # fmt: skip
def test_forged_buttons_never_break_anything(begun, data):
    begun.presses(data)
    assert "dead" not in begun.statuses()
    with begun.world.store.read() as uow:
        assert uow.cases.counts() == {}


def test_half_a_character_is_no_json_of_the_platform_and_refused(site):
    body = (PAYLOADS / "text.json").read_text().replace("Đèn", "\\ud83d")
    assert site.post(body.encode()).status_code == 400
    assert site.post((PAYLOADS / "text.json").read_bytes()).status_code == 200


def test_a_forged_button_moves_no_case_of_another(begun):
    begun.says("Đèn đường hỏng từ ba tối nay")
    everything_said_at_review(begun)
    begun.says("Gửi phản ánh")
    with begun.world.store.read() as uow:
        [row] = uow.cases.listing()
    begun.says("/start", person=5100000002)
    for verb in ("withdraw", "rate:1", "answer", "add", "show", "dispute"):
        assert row.case.code not in begun.presses(f"k:{row.id}:{verb}", person=5100000002)
    with begun.world.store.read() as uow:
        assert uow.cases.get(row.id).case == row.case


@pytest.mark.both_databases
def test_the_same_delivery_fifty_times_at_once_is_answered_once(site):
    body = json.loads((PAYLOADS / "start_with_payload.json").read_text())
    answers = at_once(*[partial(site.post, body)] * 50)
    site.world.settle()
    assert [answer.status_code for answer in answers] == [200] * 50
    assert len(site.ear.told) == 1


# --- Redis away ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["down", "hung"])
def redis_away(request):
    away = Silence()
    if request.param == "hung":
        yield away
        assert away.calls
    away.close()
    if request.param == "down":
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(away.address)
        yield away


def test_without_redis_deliveries_are_kept_and_the_sweep_makes_it_good(ready_sqlite_url, tmp_path, redis_away):
    site = Site(ready_sqlite_url, tmp_path, bell=RqBell(redis_away.url))
    for path in ("text", "start_with_payload"):
        assert site.post((PAYLOADS / f"{path}.json").read_bytes()).status_code == 200
    assert len(redis_away.calls) <= 1  # once it was silent it is left alone for a while
    assert sweep(site.world.tools)
    site.world.settle()
    assert len(site.ear.told) >= 1
    site.world.close()


# --- health --------------------------------------------------------------------------------------------------------


def test_alive_ready_and_metrics(site):
    assert site.client.get("/alive").data == b"ok\n"
    site.says("/start")
    ready = site.client.get("/ready")
    assert (ready.status_code, ready.json["oldest_seconds"]) == (200, {"inbox": 0.0, "outbox": 0.0})
    site.post((PAYLOADS / "text.json").read_bytes())
    site.world.clock.forward(seconds=7)
    figures = site.client.get("/metrics").get_data(as_text=True)
    assert 'bot_inbox_rows{status="new"} 1.0' in figures
    assert 'bot_oldest_seconds{queue="inbox"} 7.0' in figures


def test_not_ready_when_a_row_waits_too_long(site):
    site.post((PAYLOADS / "text.json").read_bytes())
    site.world.clock.forward(seconds=web.TOO_OLD + 1)
    answer = site.client.get("/ready")
    assert answer.status_code == 503
    assert answer.json["oldest_seconds"]["inbox"] == web.TOO_OLD + 1


def test_not_ready_without_a_database(site, monkeypatch):
    def broken():
        raise OperationalError("select", {}, Exception("secret host"))

    monkeypatch.setattr(site.world.store, "read", broken)
    answer = site.client.get("/ready")
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)


def test_a_silent_bell_rings_nobody():
    bell = SilentBell()
    assert (bell.ring(), bell.more(), bell.looked()) == (None, None, None)
