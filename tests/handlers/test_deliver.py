"""Sending: what became of each row, order per chat and lane, leases, cards, files."""

import threading

import pytest
from sqlalchemy import select

from handlers import courier
from handlers.deliver import Sender
from handlers.ports import ChatHasMoved, SendLater, SendNever, SendUnknown, TopicGone
from handlers.process import Drain
from handlers.upkeep import sweep
from storage.codec import dump
from storage.models import Attachment, Chat, Inbox, Outbox, table_of
from tests.journeys.scene import AFTER, LAMP, SAMPLES, Scene
from workflows.effects import Lane
from workflows.messages import say

OUTBOX, CHATS, INBOX, ATTACHMENTS = (table_of(model) for model in (Outbox, Chat, Inbox, Attachment))
HELLO = dump(say("help.unknown"))


def chat_of(world, name="c1", **columns):
    with world.store.write() as uow:
        uow.chats.ensure([("plain", name)])
        chat = uow.chats.find("plain", name)
        uow.chats.change(chat.id, kind="private", **columns)
    return chat.id


def put(world, chat, lane=Lane.REPLY, kind="send", body=HELLO, **more):
    now = world.clock.now()
    with world.store.write() as uow:
        uow.outbox.put(chat, lane, kind, body, now, **more)
        uow.flush(now)


def outcomes(world):
    with world.store.read() as uow:
        return [tuple(row) for row in uow.connection.execute(
            select(OUTBOX.c.status, OUTBOX.c.outcome).order_by(OUTBOX.c.id))]  # fmt: skip


def failing(world, monkeypatch, *errors):
    """The next sends raise these, one after the other; then all is well."""
    left, real = list(errors), world.plain.send

    def send(outgoing):
        if left:
            raise left.pop(0)
        return real(outgoing)

    monkeypatch.setattr(world.plain, "send", send)


def test_later_pauses_the_chat_and_then_it_goes_out(world, monkeypatch):
    failing(world, monkeypatch, SendLater(30, "too_many_requests"))
    chat = chat_of(world)
    put(world, chat)
    put(world, chat, Lane.NOTICE)
    world.settle()
    assert world.said("c1") == []
    world.forward(seconds=29)
    assert world.said("c1") == []
    world.forward(seconds=2)
    assert len(world.said("c1")) == 2


def test_later_for_one_chat_holds_no_other(world, monkeypatch):
    failing(world, monkeypatch, SendLater(30, "too_many_requests"))
    put(world, chat_of(world, "c1"))
    put(world, chat_of(world, "c2"))
    world.settle()
    assert [len(world.said(chat)) for chat in ("c1", "c2")] == [0, 1]


def test_never_is_written_down_and_not_tried_again(world, monkeypatch):
    failing(world, monkeypatch, SendNever("message_too_long"))
    put(world, chat_of(world))
    world.settle()
    world.forward(days=1)
    assert outcomes(world) == [("never", "message_too_long")]
    assert world.said("c1") == []


def test_a_lost_chat_gets_nothing_more_until_it_speaks_again(world, monkeypatch):
    chat = chat_of(world)
    failing(world, monkeypatch, SendNever("bot_was_blocked_by_the_user", chat_lost=True))
    for _ in range(3):
        put(world, chat)
    world.settle()
    assert {status for status, _ in outcomes(world)} == {"never"}
    put(world, chat)
    world.settle()
    assert world.said("c1") == []
    world.line("c1", "u1", text="/start")
    assert len(world.said("c1")) == 1


def test_unknown_is_sent_again(world, monkeypatch):
    failing(world, monkeypatch, SendUnknown("timed_out"))
    put(world, chat_of(world))
    world.settle()
    assert world.said("c1") == []
    world.forward(seconds=10)
    assert len(world.said("c1")) == 1
    with world.store.read() as uow:
        assert [line["outcome"] for line in uow.outbox.ledger(1)] == ["unknown", "sent"]


def test_a_platform_away_for_hours_loses_nothing(world, monkeypatch):
    failing(world, monkeypatch, *[SendUnknown("server_error")] * 60)
    put(world, chat_of(world))
    for _ in range(61):
        world.forward(minutes=6)
    assert len(world.said("c1")) == 1


def test_after_days_a_row_is_set_aside_and_can_be_tried_again(world, monkeypatch):
    failing(world, monkeypatch, *[SendUnknown("server_error")] * 4)
    put(world, chat_of(world))
    for _ in range(5):
        world.forward(days=1)
    assert outcomes(world) == [("dead", "server_error")]
    with world.store.write() as uow:
        assert uow.outbox.revive(None, world.clock.now()) == 1
    world.settle()
    assert len(world.said("c1")) == 1


def test_being_put_off_for_the_pace_is_no_attempt(world):
    class Slow(courier.Pace):
        turns = 100

        def wait(self, platform, chat):
            self.turns -= 1
            return 1.0 if self.turns > 0 else 0

    world.sender = Sender(world.tools, Slow())
    put(world, chat_of(world))
    for _ in range(101):
        world.forward(seconds=2)
    with world.store.read() as uow:
        assert uow.connection.scalar(select(OUTBOX.c.attempts)) == 1
    assert len(world.said("c1")) == 1


def has_moved(world, monkeypatch, old):
    real = world.plain.send

    def send(outgoing):
        if outgoing.chat == old:
            raise ChatHasMoved("nhom-moi")
        return real(outgoing)

    monkeypatch.setattr(world.plain, "send", send)


def test_a_group_that_moved_is_followed(world, monkeypatch):
    scene = Scene(world)
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu")
    with world.store.read() as uow:
        chat = uow.chats.find("plain", duc.chat)
    has_moved(world, monkeypatch, duc.chat)
    put(world, chat.id)
    put(world, chat.id, Lane.NOTICE)
    world.settle()
    world.forward(seconds=2)
    assert len(world.said("nhom-moi")) == 2
    with world.store.read() as uow:
        assert uow.chats.find("plain", "nhom-moi").agency_id == chat.agency_id


def test_a_row_under_way_while_the_group_moved_finds_it_too(world, monkeypatch):
    scene = Scene(world)
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu")
    with world.store.read() as uow:
        chat = uow.chats.find("plain", duc.chat)
    put(world, chat.id)
    real = world.plain.send

    def moves_meanwhile(outgoing):
        monkeypatch.setattr(world.plain, "send", real)
        world.line(duc.chat, duc.user, group=True, moved="nhom-moi", settle=False)
        while world.drain.batch(lease=False).rows:
            pass
        raise ChatHasMoved("nhom-moi")

    monkeypatch.setattr(world.plain, "send", moves_meanwhile)
    world.settle()
    world.forward(seconds=2)
    assert len(world.said("nhom-moi")) == 1


def test_a_group_of_nobody_that_moved_is_followed_as_well(world, monkeypatch):
    has_moved(world, monkeypatch, "nhom-cu")
    chat = chat_of(world, "nhom-cu")
    with world.store.write() as uow:
        uow.chats.change(chat, kind="group")
    put(world, chat)
    world.settle()
    world.forward(seconds=2)
    assert len(world.said("nhom-moi")) == 1


def test_without_its_topic_a_message_goes_to_the_group_itself(world, monkeypatch):
    threads, real = [], world.plain.send

    def send(outgoing):
        threads.append(outgoing.thread)
        if outgoing.thread:
            raise TopicGone
        return real(outgoing)

    monkeypatch.setattr(world.plain, "send", send)
    put(world, chat_of(world), thread="77")
    world.settle()
    assert threads == ["77", None]
    assert len(world.said("c1")) == 1


def test_order_holds_in_a_lane_and_replies_go_first(world):
    chat = chat_of(world)
    for lane, key in ((Lane.NOTICE, "misc.contact"), (Lane.NOTICE, "misc.unsupported"), (Lane.REPLY, "help.unknown")):
        put(world, chat, lane, body=dump(say(key)))
    world.settle()
    assert [text[:9] for text in world.said("c1")] == ["Không có ", "Kênh này ", "Loại tin "]


def test_a_row_put_off_holds_up_its_own_lane_only(world):
    chat = chat_of(world)
    later = world.clock.now().replace(hour=23)
    put(world, chat, Lane.NOTICE, due_at=later)
    put(world, chat, Lane.NOTICE, body=dump(say("misc.contact")))
    put(world, chat, Lane.REPLY)
    world.settle()
    assert len(world.said("c1")) == 1
    world.forward(hours=22)
    assert len(world.said("c1")) == 3


def test_a_sender_that_died_leaves_its_rows_to_the_next_after_the_lease(world):
    put(world, chat_of(world))
    with world.store.write() as uow:
        assert len(uow.outbox.claim(world.clock.now(), 10, world.tools.road.lease)) == 1
    world.settle()
    assert world.said("c1") == []
    assert not sweep(world.tools)
    world.clock.forward(seconds=world.tools.road.lease.total_seconds() + 1)
    assert sweep(world.tools)
    world.settle()
    assert len(world.said("c1")) == 1
    with world.store.read() as uow:
        assert [line["outcome"] for line in uow.outbox.ledger(1)] == ["unknown", "sent"]


def test_rows_born_as_ours_are_sent_without_a_claim(world):
    world.line("c1", "u1", text="/start", settle=False)
    worked = Drain(world.tools).batch(lease=True, beside=world.sender)
    assert [row.kind for row in worked.born] == ["send"]
    world.sender.start()
    try:
        world.sender.send(world.sender.kept())
    finally:
        world.sender.stop()
    assert len(world.said("c1")) == 1
    assert outcomes(world) == [("sent", "sent")]


def test_rows_of_a_chat_in_which_something_waits_are_not_born_as_ours(world):
    world.line("c1", "u1", text="/start")
    with world.store.read() as uow:
        chat = uow.chats.find("plain", "c1")
    put(world, chat.id)
    world.line("c1", "u1", text="/trogiup", settle=False)
    assert Drain(world.tools).batch(lease=True).born == []


def test_an_acknowledgement_too_late_is_not_sent(world, monkeypatch):
    acknowledged = []
    monkeypatch.setattr(world.plain, "acknowledge", lambda press, text, alert: acknowledged.append(press))
    body = dump({"press": "p1", "toast": None, "alert": False})
    now = world.clock.now()
    put(world, chat_of(world), Lane.ACK, "ack", body, expires_at=now.replace(minute=30))
    world.clock.forward(hours=1)
    world.settle()
    assert acknowledged == []
    assert outcomes(world) == [("never", "expired")]


def test_what_was_sent_is_noted_where_what_is_due_cannot_be_claimed(world, monkeypatch):
    sender, load = world.sender, world.sender.notifier.load
    put(world, chat_of(world))
    Drain(world.tools).batch(lease=True, beside=sender)
    sender.send(sender.kept())
    assert sender.news.wait(20)
    put(world, chat_of(world, "c2"))
    monkeypatch.setattr(sender.notifier, "load", lambda uow, rows: 1 / 0 if rows else load(uow, rows))
    sender.gather()
    Drain(world.tools).batch(lease=True, beside=sender)
    assert sender.kept() == []
    sender.stop()
    assert outcomes(world) == [("sent", "sent"), ("new", None)]
    monkeypatch.undo()
    world.settle()
    assert [len(world.said(chat)) for chat in ("c1", "c2")] == [1, 1]


def at_the_far_end(world, monkeypatch, *refusals):
    """What the platform is asked, in order; so many acknowledgements are refused."""
    asked, left, send = [], list(refusals), world.plain.send

    def acknowledge(press, text, alert):
        asked.append(f"press {press}")
        if left:
            raise left.pop(0)

    def sent(outgoing):
        asked.append("message")
        return send(outgoing)

    monkeypatch.setattr(world.plain, "acknowledge", acknowledge)
    monkeypatch.setattr(world.plain, "send", sent)
    return asked


def born(world, chat, *presses):
    """Answers to presses, ours to send as soon as they are written down."""
    now = world.clock.now()
    with world.store.write() as uow:
        for press in presses:
            uow.outbox.put(chat, Lane.REPLY, "send", HELLO, now, press=press)
        return uow.flush(now, world.tools.road.lease)


def test_a_press_is_acknowledged_by_the_message_that_answers_it(world, monkeypatch):
    asked = at_the_far_end(world, monkeypatch)
    world.sender.send_here(born(world, chat_of(world), "p1"))
    assert asked == ["press p1", "message"]
    assert outcomes(world) == [("sent", "sent")]


def test_a_press_does_not_wait_with_its_message_behind_another(world, monkeypatch):
    asked, chat = at_the_far_end(world, monkeypatch), chat_of(world)
    failing(world, monkeypatch, SendUnknown("502"), SendUnknown("502"), SendUnknown("502"))
    put(world, chat)
    world.settle()  # put off for a while
    assert born(world, chat, "p1") == []
    world.settle()
    assert asked == ["press p1"]


def test_presses_answered_together_are_all_acknowledged_at_once(world, monkeypatch):
    asked, chat = at_the_far_end(world, monkeypatch), chat_of(world)
    failing(world, monkeypatch, SendUnknown("502"))
    world.sender.send_here(born(world, chat, "p1", "p2"))
    assert asked == ["press p1", "press p2"]
    world.forward(seconds=10)
    assert asked == ["press p1", "press p2", "message", "message"]


@pytest.mark.parametrize(
    "refusal", [SendLater(30, "too_many"), SendNever("query_too_old"), SendUnknown("502"), ValueError("a mistake")]
)
def test_a_press_that_cannot_be_acknowledged_holds_up_no_message(world, monkeypatch, refusal):
    asked = at_the_far_end(world, monkeypatch, refusal)
    world.sender.send_here(born(world, chat_of(world), "p1"))
    assert asked == ["press p1", "message"]
    assert outcomes(world) == [("sent", "sent")]


def test_a_platform_that_wants_silence_when_a_press_is_acknowledged_has_it(world, monkeypatch):
    held = []
    at_the_far_end(world, monkeypatch, SendLater(30, "too_many", whole_bot=True))
    monkeypatch.setattr(world.sender.courier.pace, "hold", lambda *asked: held.append(asked))
    world.sender.send_here(born(world, chat_of(world), "p1"))
    assert held == [("plain", 30)]


def test_a_press_is_acknowledged_before_its_message_may_go_and_only_once(world, monkeypatch):
    asked, waits = at_the_far_end(world, monkeypatch), [5, 5]
    monkeypatch.setattr(world.sender.courier.pace, "wait", lambda *_: waits.pop() if waits else 0)
    world.sender.send_here(born(world, chat_of(world), "p1"))
    assert asked == ["press p1"]
    world.forward(seconds=6)
    world.forward(seconds=6)
    assert asked == ["press p1", "message"]


def test_a_press_too_late_is_not_acknowledged_but_answered(world, monkeypatch):
    asked = at_the_far_end(world, monkeypatch)
    rows = born(world, chat_of(world), "p1")
    world.clock.forward(seconds=61)
    world.sender.send_here(rows)
    assert asked == ["message"]


def test_a_row_that_cannot_be_read_holds_up_no_other(world):
    put(world, chat_of(world, "c1"), body='{"lines": 7}')
    put(world, chat_of(world, "c2"))
    world.settle()
    assert len(world.said("c2")) == 1
    for _ in range(world.tools.road.send_attempts):
        world.forward(minutes=6)
    assert outcomes(world)[0][0] == "dead"


def test_a_leave_leaves_the_group(world):
    put(world, chat_of(world, "nhom"), kind="leave", body="{}")
    world.settle()
    assert "nhom" in world.plain.far_end.lost


def test_a_card_is_overtaken_by_a_newer_one(world):
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = lan.reports()
    case_id = scene.case(code).id
    with world.store.write() as uow:
        chat = uow.chats.find("plain", duc.chat)
        for _ in range(3):
            uow.outbox.put(chat.id, Lane.NOTICE, "card", HELLO, world.clock.now(), case_id=case_id, purpose="card")
        uow.flush(world.clock.now())
    before = len(duc.told)
    world.settle()
    assert len(duc.told) == before + 1
    assert [outcome for _, outcome in outcomes(world)][-3:] == ["a newer card follows"] * 2 + ["sent"]


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def lan(world):
    return Scene(world).citizen("lan").agrees()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"this is not an image", "Không mở được một ảnh vừa gửi"),
        (LAMP[: len(LAMP) // 3], "Không mở được một ảnh vừa gửi"),
        (b"\xff\xd8" + b"\0" * (21 * 1024 * 1024), "quá lớn"),
    ],
    ids=["no image", "cut off", "21 MB"],
)
def test_a_file_that_cannot_be_used_is_told_to_who_sent_it(world, lan, content, told):
    lan.sends_photo(content, "Đèn đường hỏng")
    assert any(told in text for text in lan.told)
    world.forward(seconds=10)
    lan.picks("Bỏ qua").says("12 Nguyễn Huệ, phường An Cựu").says("Chiếu sáng")
    lan.hears("Gửi phản ánh")  # the report goes on without it


def test_a_decompression_bomb_is_refused_and_told(world, lan):
    import io

    from PIL import Image

    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    lan.sends_photo(bomb.getvalue())
    assert any("kích thước quá lớn để mở" in text for text in lan.told)


def test_a_photo_with_broken_exif_is_kept(world, lan):
    broken = LAMP[:2] + b"\xff\xe1\x00\x10Exif\0\0II*\0\xff\xff\xff\xff" + LAMP[2:]
    lan.sends_photo(broken, "Đèn hỏng")
    with world.store.read() as uow:
        assert uow.connection.scalar(select(ATTACHMENTS.c.status)) == "kept"


@pytest.mark.parametrize(("photo", "woken"), [("lamp.jpg", 0), ("pothole-gps.jpg", 1)])
def test_a_dialog_is_woken_only_by_a_photo_that_tells_it_something(world, lan, photo, woken):
    lan.sends_photo((SAMPLES / photo).read_bytes(), "Đèn hỏng")
    with world.store.read() as uow:
        names = uow.connection.scalars(select(INBOX.c.external_id)).all()
        assert uow.connection.scalar(select(ATTACHMENTS.c.status)) == "kept"
    assert sum(name.startswith("timer:media:") for name in names) == woken


def test_the_place_in_a_photo_is_offered_and_not_assumed(world, lan):
    lan.sends_photo((SAMPLES / "pothole-gps.jpg").read_bytes(), "Ổ gà sâu")
    assert any("Sự việc có xảy ra ở đây không" in text for text in lan.told)


def test_a_file_that_is_gone_is_told(world, lan):
    lan.says("", photo="no such handle")
    world.forward(seconds=5)
    assert any("Không tải được một tệp" in text for text in lan.told)


def test_a_download_put_off_is_tried_again_and_holds_up_no_reply(world, lan, monkeypatch):
    real, left = world.plain.fetch, [SendLater(30, "busy"), SendUnknown("timed_out")]

    def fetch(handle, limit):
        if left:
            raise left.pop(0)
        return real(handle, limit)

    monkeypatch.setattr(world.plain, "fetch", fetch)
    lan.sends_photo(AFTER, "Đèn hỏng").hears("Sự việc xảy ra ở đâu")
    lan.says("12 Nguyễn Huệ, phường An Cựu").hears("lĩnh vực")
    world.forward(minutes=1)
    world.forward(minutes=1)
    with world.store.read() as uow:
        assert uow.connection.scalar(select(ATTACHMENTS.c.status)) == "kept"


def test_a_photo_is_fetched_without_a_claim_and_beside_what_is_said(world, lan, monkeypatch):
    said, real = threading.Event(), world.plain.fetch
    monkeypatch.setattr(world.plain, "fetch", lambda *asked: said.wait(20) and real(*asked))
    send = world.plain.send
    monkeypatch.setattr(world.plain, "send", lambda outgoing: (said.set(), send(outgoing))[1])
    lan.says("/start")
    said.clear()
    world.photo(lan.chat, lan.user, AFTER, "Đèn hỏng", settle=False)
    worked = Drain(world.tools).batch(lease=True, beside=world.sender)
    assert {row.kind for row in worked.born} == {"fetch", "send"}
    world.sender.start()
    try:
        world.sender.send(world.sender.kept())
    finally:
        world.sender.stop()
    assert outcomes(world)[-2:] == [("sent", "sent")] * 2


def test_a_card_waits_for_its_photo_but_not_for_ever(world, monkeypatch):
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")

    def never(handle, limit):
        raise SendUnknown("timed_out")

    monkeypatch.setattr(world.plain, "fetch", never)
    code = lan.reports()
    assert not any(code in text for text in duc.told)
    world.forward(minutes=3)
    assert any(code in text and "Ảnh kèm theo" not in text for text in duc.told)


def test_bytes_that_were_lost_do_not_hold_up_the_words(world, monkeypatch, tmp_path):
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = lan.reports()
    for path in (tmp_path / "media").rglob("*"):
        if path.is_file():
            path.unlink()
    duc.says(f"/viec {code}").hears("Đèn đường trước số 12")
