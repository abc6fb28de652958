"""The registers: one runner for periodic work, cursors, tokens, the administrators' log."""

from __future__ import annotations

from datetime import timedelta

from tests.at_once import at_once


def test_periodic_work_has_one_runner_at_a_time(store, at):
    def run():
        with store.write() as uow:
            return uow.registers.take_turn("clean", at, at + timedelta(hours=1))

    assert sorted(at_once(*[run] * 4)) == [False, False, False, True]
    with store.write() as uow:
        assert not uow.registers.take_turn("clean", at + timedelta(minutes=59), at + timedelta(hours=2))
        assert uow.registers.take_turn("clean", at + timedelta(hours=9), at + timedelta(hours=10))


def test_cursors_and_tokens(store, at):
    with store.write() as uow:
        assert (uow.registers.cursor("poll"), uow.registers.token("x")) == (0, None)
        for position in (5, 7_000_000_000):
            uow.registers.move_cursor("poll", position)
        assert [uow.registers.token_once("x", value, at) for value in ("a", "b")] == ["a", "a"]
        assert (uow.registers.cursor("poll"), uow.registers.token("x")) == (7_000_000_000, "a")


def test_the_log_has_the_newest_first(store, at):
    with store.write() as uow:
        uow.registers.record("cli", "chat.linked", "7", at, agency_id=3)
        uow.registers.record("cli", "person.blocked", "8", at)
        assert [row["what"] for row in uow.registers.records(None, 10)] == ["person.blocked", "chat.linked"]
        assert [row["data"] for row in uow.registers.records("chat.linked", 10)] == [{"agency_id": 3}]


def test_a_secret_is_made_once(store, at):
    with store.write() as uow:
        assert uow.registers.token_once("pages", "first", at) == "first"
    with store.write() as uow:
        assert uow.registers.token_once("pages", "second", at) == "first"
