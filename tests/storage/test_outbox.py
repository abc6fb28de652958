"""The outbox: claimed in order, leased, noted, freed, redirected, emptied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.outbox import MAX_LEASES, Note
from workflows.case.model import Case, State

LEASE = timedelta(seconds=60)


def put(uow, chat, lane, body="{}", **more):
    uow.outbox.put(chat, lane, more.pop("kind", "send"), body, more.pop("at"), **more)


@pytest.fixture
def filled(store, chat, at):
    """Rows a, b in lane 2, c in lane 1, and a file."""
    with store.write() as uow:
        for lane, body in ((2, "a"), (2, "b"), (1, "c")):
            put(uow, chat, lane, body, at=at)
        put(uow, chat, 1, "f", kind="fetch", at=at)
        uow.flush(at)
    return store


def claim(store, now, **more):
    with store.write() as uow:
        return uow.outbox.claim(now, 10, LEASE, **more)


def test_the_first_of_each_lane_replies_first_and_files_apart(filled, at):
    assert [row.body for row in claim(filled, at)] == ["c", "a"]
    assert claim(filled, at) == []
    assert [row.body for row in claim(filled, at, fetches=True)] == ["f"]


def test_the_next_of_a_lane_comes_when_the_first_is_noted(filled, at):
    rows = claim(filled, at)
    with filled.write() as uow:
        uow.outbox.note([Note(row, "sent", "sent", rendered="words") for row in rows], at)
    assert [row.body for row in claim(filled, at)] == ["b"]
    with filled.read() as uow:
        assert [line["outcome"] for line in uow.outbox.ledger(rows[0].id)] == ["sent"]


def test_a_row_put_off_is_no_attempt_and_an_attempt_is_one(filled, at):
    [reply, *_] = claim(filled, at)
    with filled.write() as uow:
        uow.outbox.note([Note(reply, "new", "later", "paced", due_at=at, counts=False)], at)
    [reply, *_] = claim(filled, at)
    assert reply.attempts == 1
    with filled.write() as uow:
        uow.outbox.note([Note(reply, "new", "unknown", "timed_out", due_at=at)], at)
    [reply, *_] = claim(filled, at)
    assert reply.attempts == 2


def test_a_lease_that_ended_gives_the_row_back_once(filled, at):
    claim(filled, at)
    with filled.write() as uow:
        assert uow.outbox.free_expired(at + LEASE) == 0
        assert uow.outbox.free_expired(at + LEASE + timedelta(seconds=1)) == 2
        assert uow.outbox.free_expired(at + LEASE + timedelta(seconds=1)) == 0
    assert [row.body for row in claim(filled, at)] == ["c", "a"]


def test_a_row_whose_senders_die_again_and_again_is_set_aside(filled, at):
    for turn in range(MAX_LEASES):
        now = at + turn * 2 * LEASE
        assert [row.body for row in claim(filled, now)] == ["c", "a"]
        with filled.write() as uow:
            assert uow.outbox.free_expired(now + 2 * LEASE) == 2
    with filled.read() as uow:
        assert uow.outbox.counts()["dead"] == 2


def test_rows_are_born_as_ours_only_where_nothing_waits(store, chat, at):
    with store.write() as uow:
        put(uow, chat, 1, "a", at=at)
        assert [row.body for row in uow.flush(at, LEASE)] == ["a"]
        put(uow, chat, 1, "b", at=at)
        assert uow.flush(at, LEASE) == []
    with store.write() as uow:
        uow.chats.ensure([("plain", "c2")])
        other = uow.chats.find("plain", "c2").id
        put(uow, other, 1, "late", at=at, due_at=at + LEASE)
        assert uow.flush(at, LEASE) == []


def test_a_paused_chat_is_left_alone(filled, chat, at):
    with filled.write() as uow:
        uow.chats.change(chat, paused_until=at + LEASE)
    assert claim(filled, at) == []
    assert len(claim(filled, at + LEASE)) == 2


def test_a_lost_chat_loses_what_waits_and_a_moved_one_takes_it_along(filled, chat, at):
    with filled.write() as uow:
        uow.chats.ensure([("plain", "c2")])
        new = uow.chats.find("plain", "c2").id
        uow.outbox.redirect(chat, new)
    assert {row.chat_id for row in claim(filled, at)} == {new}
    with filled.write() as uow:
        uow.outbox.drop_chat(new, at)
        statuses = uow.connection.plain.exec_driver_sql("select status from outbox order by id").scalars().all()
    assert statuses == ["sending", "never", "sending", "new"]


def test_dead_rows_are_listed_without_words_and_can_be_tried_again(filled, at):
    [reply, *_] = claim(filled, at)
    with filled.write() as uow:
        uow.outbox.note([Note(reply, "dead", "unknown", "server_error", due_at=at)], at)
        [dead] = uow.outbox.dead(10)
        assert "body" not in dead
        assert uow.outbox.revive(None, at) == 1
        assert uow.outbox.anything_due(at)


def test_what_is_forgotten_is_empty_and_never_said_even_when_it_is_under_way(filled, chat, at):
    rows = claim(filled, at)
    with filled.write() as uow:
        uow.outbox.forget_chat(chat)
        uow.outbox.note([Note(row, "sent", "sent", rendered="words") for row in rows], at)
        uow.connection.settle()
        kept = uow.connection.plain.exec_driver_sql("select status, body, rendered from outbox order by id").all()
    assert [tuple(row) for row in kept] == [
        ("sent", None, None), ("never", None, None), ("sent", None, None), ("never", None, None),
    ]  # fmt: skip
    assert claim(filled, at) == []


def test_asides_of_a_purpose_are_found_by_themselves_emptied_and_never_said(store, chat, at):
    later = at + LEASE
    with store.write() as uow:
        assert uow.outbox.groups_asked("intake", at) == []
        uow.chats.change(chat, kind="group")
        for body, purpose, when in (("asked", "intake", at), ("other", "", at), ("later", "intake", later)):
            put(uow, chat, 2, body, at=when, purpose=purpose)
        uow.flush(at)
    with store.write() as uow:
        assert uow.outbox.groups_asked("intake", later) == [chat]
        assert uow.outbox.groups_asked("intake", later + LEASE) == uow.outbox.groups_asked("list", at) == []
        uow.outbox.forget_asides(chat, "intake", at, at)
        rows = uow.connection.plain.exec_driver_sql("select body, status from outbox order by id").all()
    assert [tuple(row) for row in rows] == [(None, "never"), ("other", "new"), ("later", "new")]


def test_what_a_group_was_told_of_a_case_is_taken_back_and_nothing_of_other_cases(store, chat, office, at):
    """R61: what waits goes no more, what is under way is not sent again, and what is there is known by its ids."""
    with store.write() as uow:
        case = uow.cases.add(Case("PA-2222-2222", State.RECEIVED, 1, at, office["person"], "person", "lamp"), chat)
        uow.chats.change(chat, kind="group")
        for lane, body, about in ((1, "told", case), (2, "under way", case), (2, "waits", case), (2, "other", None)):
            put(uow, chat, lane, body, at=at, case_id=about)
        uow.flush(at)
    told, _ = claim(store, at)
    with store.write() as uow:
        uow.outbox.note([Note(told, "sent", "sent", sent_ids='["m1","m2"]', rendered="words")], at)
    with store.write() as uow:
        put(uow, chat, 2, "of this step", at=at, case_id=case)
        assert uow.outbox.groups_told(case) == [chat]
        assert uow.outbox.take_back(case, chat) == ["m1", "m2"]
        uow.flush(at)
        rows = uow.connection.plain.exec_driver_sql("select body, status from outbox order by id").all()
    assert [tuple(row) for row in rows] == [
        ("told", "sent"), (None, "sending"), ("waits", "never"), ("other", "new")
    ]  # fmt: skip
