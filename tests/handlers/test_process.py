"""Working the inbox: once each, in the order of each chat, a poisoned row alone, and what waits for others."""

import json
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import func, select

from handlers import process
from handlers.ports import SendUnknown
from handlers.process import Drain, Ours, Worked
from handlers.receive import Received, receive
from handlers.upkeep import sweep
from storage.chats import ChatRow
from storage.inbox import DueRow
from storage.models import Case, Inbox, Outbox, table_of
from storage.outbox import OutboxRow
from tests.at_once import at_once
from tests.journeys.scene import CODE, SAMPLES, Scene

NOW = datetime(2026, 11, 23, tzinfo=UTC)
INBOX, OUTBOX, CASES = table_of(Inbox), table_of(Outbox), table_of(Case)


def keep(world, number, chat="c1", user="u1", **said):
    body = {"id": number, "chat": chat, "user": user, **said}
    return receive(world.tools, world.plain, json.dumps(body).encode())


def rows(world, *columns, table=INBOX):
    with world.store.read() as uow:
        return [tuple(row) for row in uow.connection.execute(select(*columns).order_by(table.c.id))]


def count(world, table):
    with world.store.read() as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


def test_the_same_delivery_fifty_times_at_once_is_one_step(world):
    answers = at_once(*[partial(keep, world, "same", text="/start")] * 50)
    world.settle()
    assert sorted(answer.value for answer in answers) == ["kept"] + ["known"] * 49
    assert len(world.said("c1")) == 1


def test_a_delivery_repeated_after_it_was_worked_changes_nothing(world):
    keep(world, "1", text="/start")
    world.settle()
    assert keep(world, "1", text="/start") is Received.KNOWN
    world.settle()
    assert len(world.said("c1")) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"id":1}',
                                  b'{"id":"1","chat":' + b"[" * 100_000])  # fmt: skip
def test_what_is_no_delivery_is_not_kept(world, body):
    assert receive(world.tools, world.plain, body) is Received.MALFORMED
    assert count(world, INBOX) == 0


def test_one_chat_is_worked_in_its_order_whatever_the_size_of_the_batch(world):
    words = ["/start", "1", "1", "2", "/phananh"]
    for number, text in enumerate(words):
        keep(world, f"a{number}", text=text)
    while world.drain.batch(lease=False).rows:
        with world.store.read() as uow:
            states = [row.status for row in uow.connection.execute(select(INBOX.c.status).order_by(INBOX.c.id))]
        assert states == sorted(states, key=["done", "new"].index)  # never a later one first


def test_chats_share_a_transaction(world):
    for number in range(10):
        keep(world, f"n{number}", chat=f"c{number}", user=f"u{number}", text="/start")
    assert world.drain.batch(lease=False).rows == 10


def test_a_process_first_takes_the_chats_to_which_it_is_sending(world):
    here, there = Drain(world.tools), Drain(world.tools)
    for number, (chat, drain) in enumerate({"c1": here, "c2": there}.items()):
        keep(world, f"first {number}", chat, f"u{chat}", text="/start")
        assert [row.chat_id for row in drain.batch(lease=True).born]
    for chat in ("c2", "c1"):
        keep(world, f"second {chat}", chat, f"u{chat}", text="/phananh")
    worked = [[one.external_id for one in here.batch(lease=True).chats] for _ in range(3)]
    assert worked == [["c1"], ["c2"], []]  # what another sends to is only taken when nothing of ours is left


def test_what_has_waited_is_taken_by_whoever_comes(world):
    here, there = Drain(world.tools), Drain(world.tools)
    for number, (chat, drain) in enumerate({"c1": here, "c2": there}.items()):
        keep(world, f"first {number}", chat, f"u{chat}", text="/start")
        drain.batch(lease=True)
    keep(world, "waits", "c2", "uc2", text="/phananh")
    world.clock.forward(seconds=1)
    keep(world, "comes", "c1", "uc1", text="/phananh")
    assert {one.external_id for one in here.batch(lease=True).chats} == {"c1", "c2"}


def test_few_chats_are_remembered_and_one_that_others_answer_is_let_go(monkeypatch):
    monkeypatch.setattr(process, "MOST_OURS", 2)
    chats = [ChatRow(number, "plain", f"c{number}", *[None] * 13) for number in range(1, 5)]
    answers = [
        OutboxRow(number, number, 1, "send", "", None, "", None, None, None, NOW, None, 1) for number in range(5)
    ]
    due = [DueRow(number, "plain", f"c{number}", NOW, number) for number in range(1, 5)]
    ours = Ours()
    ours.served(Worked(4, answers, chats=chats))
    assert [row.chat_id for row in ours.first(due, NOW)] == [3, 4]
    ours.served(Worked(1, [], chats=chats[2:3]))
    assert [row.chat_id for row in ours.first(due, NOW)] == [4]
    assert ours.first(due[:3], NOW) == due[:3]


def test_a_poisoned_row_is_held_alone_and_then_set_aside_and_its_chat_is_told(world, monkeypatch):
    real = process.citizen

    def poisoned(turn, envelope):
        words = getattr(envelope.event, "text", "")
        if words.startswith("độc"):
            raise RuntimeError(words)
        real(turn, envelope)

    keep(world, "0", chat="bad", user="bad", text="chào")
    world.settle()
    monkeypatch.setattr(process, "citizen", poisoned)
    keep(world, "1", chat="bad", user="bad", text="độc, gọi 0912345678")
    keep(world, "2", chat="bad", user="bad", text="/trogiup")
    keep(world, "3", chat="good", user="good", text="/trogiup")
    world.settle()
    assert "/phananh gửi phản ánh mới" in world.said("good")[-1]
    assert len(world.said("bad")) == 1  # held: what came after it waits too
    for _ in range(world.tools.road.attempts):
        world.forward(minutes=2)
    told = world.said("bad")
    assert "tin nhắn vừa rồi chưa xử lý được" in told[1]
    assert "/phananh gửi phản ánh mới" in told[2]
    with world.store.read() as uow:
        [dead] = uow.inbox.dead(10)
    assert dead["attempts"] == world.tools.road.attempts
    assert "RuntimeError" in dead["error"]
    assert "0912345678" not in dead["error"]


def test_a_first_message_that_cannot_be_understood_is_held_before_it_is_tried_again(world):
    keep(world, "1", text=7)
    world.settle()
    assert rows(world, INBOX.c.status, INBOX.c.attempts) == [("new", 1)]
    world.forward(minutes=2)
    assert rows(world, INBOX.c.status, INBOX.c.attempts) == [("new", 2)]
    for _ in range(world.tools.road.attempts):
        world.forward(minutes=2)
    assert rows(world, INBOX.c.status) == [("dead",)]


def test_a_dead_row_can_be_tried_again(world, monkeypatch):
    monkeypatch.setattr(process, "citizen", lambda turn, envelope: 1 / 0)
    keep(world, "1", text="/start")
    for _ in range(world.tools.road.attempts + 1):
        world.forward(minutes=2)
    monkeypatch.undo()
    with world.store.write() as uow:
        assert uow.inbox.revive(None, world.clock.now()) == 1
    world.settle()
    assert "Xin chào" in world.said("c1")[-1]


def test_a_batch_with_a_failing_row_is_redone_singly_and_nothing_is_twice(world, monkeypatch):
    real = process.citizen
    monkeypatch.setattr(
        process, "citizen", lambda turn, envelope: 1 / 0 if turn.chat.external_id == "c3" else real(turn, envelope)
    )
    for number in range(6):
        keep(world, f"n{number}", chat=f"c{number}", user=f"u{number}", text="/start")
    world.settle()
    assert [len(world.said(f"c{number}")) for number in range(6)] == [1, 1, 1, 0, 1, 1]


def test_two_steps_about_one_case_in_a_batch_are_worked_one_after_the_other(world):
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = lan.reports()
    case_id = scene.case(code).id
    duc.says("/viec")  # from here on it is known that he is in the group
    world.line(duc.chat, duc.user, group=True, name="Đức", press=f"d:{case_id}:claim", settle=False)
    keep(world, "x", chat=lan.chat, user=lan.user, press=f"k:{case_id}:withdraw")
    assert world.drain.batch(lease=False).rows == 2  # to ask whether to withdraw touches no case
    world.settle()
    world.line(duc.chat, duc.user, group=True, name="Đức", text=f"{code} ghi chú", settle=False)
    keep(world, "y", chat=lan.chat, user=lan.user, text="Rút phản ánh")
    assert world.drain.batch(lease=False).rows == 1
    assert world.drain.batch(lease=False).rows == 1
    world.settle()
    lan.hears("đã được rút")
    scene.check()


def test_two_workers_on_one_chat_work_each_delivery_once(world):
    for number in range(12):
        keep(world, f"n{number}", text="/trogiup")
    drains = [Drain(world.tools) for _ in range(2)]

    def work(drain):
        while count(world, INBOX.select().where(INBOX.c.status == "new").subquery()):
            drain.batch(lease=False)

    at_once(*(partial(work, drain) for drain in drains))
    world.settle()
    assert len(world.said("c1")) == 12


def test_membership_is_asked_outside_the_transaction(world, monkeypatch):
    """On SQLite one writer at a time: a question inside a transaction would find it open."""
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = lan.reports()
    world.clock.forward(minutes=5)
    asked = []

    def is_member(chat, user):
        with world.store.write() as uow:
            uow.registers.record("test", "asked", user, world.clock.now())
        asked.append(user)
        return True

    monkeypatch.setattr(world.plain, "is_member", is_member)
    duc.says(f"{code} 1").hears("Đang xử lý")
    assert asked == [duc.user]


def test_when_nobody_can_say_who_is_in_the_group_nobody_acts(world, monkeypatch):
    scene = Scene(world)
    lan, duc = scene.citizen("lan"), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = lan.reports()
    world.clock.forward(minutes=5)

    def silent(chat, user):
        raise SendUnknown("timed_out")

    monkeypatch.setattr(world.plain, "is_member", silent)
    duc.says(f"{code} 1").hears("Chưa kiểm tra được")
    assert scene.state(code).value == "assigned"
    monkeypatch.undo()
    world.clock.forward(minutes=5)
    duc.says(f"{code} 1").hears("Đang xử lý")


def test_deliveries_out_of_order_lose_nothing(world):
    """The photo's delivery comes before the greeting's: what was said is kept, and what is missing is asked."""
    world.plain.far_end.files["p"] = (SAMPLES / "lamp.jpg").read_bytes()
    keep(world, "2", photo="p", text="Đèn đường hỏng ba tối nay")
    keep(world, "1", text="/start")
    world.settle()
    world.forward(seconds=5)
    for words in ("1", "12 Nguyễn Huệ, phường An Cựu", "1", "1"):
        world.line("c1", "u1", text=words)
    assert any(CODE.search(text) for text in world.said("c1"))
    assert count(world, CASES) == 1


def test_a_worked_delivery_is_emptied_after_the_retention_time(world):
    keep(world, "1", text="/start")
    world.settle()
    world.clock.forward(days=world.tools.road.payload_days, hours=2)
    sweep(world.tools)
    assert rows(world, INBOX.c.payload, INBOX.c.kind)[0] == (None, "delivery")
