"""The inbox: kept once, ready in order, counted, set aside, emptied."""

from __future__ import annotations

from datetime import timedelta

from storage.inbox import hold_until


def keep(uow, number, at, chat="c1"):
    return uow.inbox.keep("plain", number, chat, "{}", at)


def test_kept_once_under_the_platforms_id(store, at):
    with store.write() as uow:
        assert [keep(uow, "1", at), keep(uow, "1", at), uow.inbox.keep("other", "1", "c1", "{}", at)] == [
            True, False, True,
        ]  # fmt: skip


def test_ready_is_the_oldest_due_row_of_each_chat_that_is_not_held(store, at, chat):
    with store.write() as uow:
        for number, where in (("1", "c1"), ("2", "c2"), ("3", "c1")):
            keep(uow, number, at, where)
        uow.inbox.wake("plain", "c3", "later", "{}", at, at + timedelta(days=1))
        uow.inbox.flush()
    with store.read() as uow:
        assert [(row.chat, row.chat_id) for row in uow.inbox.ready(at, 10)] == [("c1", chat), ("c2", None)]
        assert len(uow.inbox.ready(at, 1)) == 1
        assert [row.chat for row in uow.inbox.ready(at + timedelta(days=2), 10)] == ["c1", "c2", "c3"]
    with store.write() as uow:
        uow.chats.change(chat, held_until=at + timedelta(minutes=1))
    with store.read() as uow:
        assert [row.chat for row in uow.inbox.ready(at, 10)] == ["c2"]
        assert [row.chat for row in uow.inbox.ready(at + timedelta(minutes=1), 10)] == ["c1", "c2"]


def test_a_timer_is_kept_once_under_its_name(store, at):
    with store.write() as uow:
        for _ in range(2):
            uow.inbox.wake("plain", "c1", "name", "{}", at, at)
            uow.inbox.flush()
        assert len(uow.inbox.ready(at, 10)) == 1


def test_done_failed_dead_and_back(store, at):
    with store.write() as uow:
        for number in "123":
            keep(uow, number, at, f"c{number}")
        first, second, third = uow.inbox.ready(at, 10)
        uow.inbox.done([first.id], at)
        uow.inbox.failed(second.id, "ValueError", dead=False)
        uow.inbox.failed(third.id, "KeyError", dead=True)
        (still,) = uow.inbox.still_new([first.id, second.id, third.id])
        assert (still.id, still.attempts, still.payload) == (second.id, 1, "{}")
        assert [row.id for row in uow.inbox.ready(at, 10)] == [second.id]
        assert [(row["id"], row["error"]) for row in uow.inbox.dead(10)] == [(third.id, "KeyError")]
        assert uow.inbox.counts().get("dead") == 1
        assert uow.inbox.revive([first.id], at) == 0
        assert uow.inbox.revive(None, at) == 1
        assert uow.inbox.oldest_due(at) == at


def test_payloads_are_emptied_when_old_and_on_erasure(store, at):
    with store.write() as uow:
        for number in "123":
            keep(uow, number, at)
        rows = uow.connection.plain.exec_driver_sql("select id from inbox order by id").scalars().all()
        uow.inbox.done(rows[:1], at)
        assert uow.inbox.forget_payloads(at, 10) == 0
        assert uow.inbox.forget_payloads(at + timedelta(seconds=1), 10) == 1
        uow.inbox.wake("plain", "c1", "t", "{}", at, at)
        uow.inbox.flush()
        uow.inbox.forget_chat("plain", "c1", rows[1])
        kept = uow.connection.plain.exec_driver_sql("select kind, payload from inbox order by id").all()
    assert [tuple(row) for row in kept] == [("delivery", None), ("delivery", None), ("delivery", "{}")]


def set_aside(store, at):
    """Two deliveries and a timer in one chat that failed for good, and a delivery that waits."""
    with store.write() as uow:
        for number in "123":
            keep(uow, number, at)
        uow.inbox.wake("plain", "c1", "t", "{}", at, at)
        uow.inbox.flush()
    with store.write() as uow:
        *dead, _, timer = uow.connection.plain.exec_driver_sql("select id from inbox order by id").scalars().all()
        for row in (*dead, timer):
            uow.inbox.failed(row, "KeyError", dead=True)


def left(uow):
    rows = uow.connection.plain.exec_driver_sql("select status, kind, payload from inbox order by id").all()
    return [tuple(row) for row in rows]


def test_what_was_set_aside_is_emptied_with_what_was_worked_and_is_not_tried_again_then(store, at):
    set_aside(store, at)
    with store.write() as uow:
        uow.inbox.forget_worked("plain", "c1", at)
        gone, waits, timer = ("dead", "delivery", None), ("new", "delivery", "{}"), ("dead", "timer", "{}")
        assert left(uow) == [gone, gone, waits, timer]
        assert uow.inbox.revive(None, at) == 1
        assert left(uow) == [gone, gone, waits, ("new", "timer", "{}")]


def test_what_was_set_aside_long_ago_is_emptied(store, at):
    set_aside(store, at)
    with store.write() as uow:
        assert uow.inbox.forget_payloads(at, 10) == 0
        assert uow.inbox.forget_payloads(at + timedelta(seconds=1), 10) == 3
        assert [payload for *_, payload in left(uow)] == [None, None, "{}", None]


def test_a_failing_chat_is_tried_again_ever_later_up_to_a_minute(at):
    assert [(hold_until(count, at) - at).seconds for count in range(7)] == [2, 4, 8, 16, 32, 60, 60]
