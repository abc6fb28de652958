"""Deliveries that arrive at once share a commit; each knows whether it was new, and none spoils another."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.inbox import Arrival, InboxStore
from tests.at_once import at_once


def arrival(number, at, payload="{}"):
    return Arrival("plain", str(number), "c1", payload, at)


def silent():
    """Nobody is waiting for a ring."""


def together(store, deliveries, ring=silent):
    """Keep them in threads that all begin at once; what each was told, an error as its type."""

    def keep(rows):
        try:
            return store.keep(rows, ring)
        except SQLAlchemyError as error:
            return type(error)

    return at_once(*(partial(keep, rows) for rows in deliveries))


def kept(store):
    with store.read() as uow:
        return set(uow.connection.scalars(text("select external_id from inbox")))


def test_of_the_same_delivery_fifty_times_at_once_one_is_new(store, at):
    assert sorted(together(store, [[arrival("same", at)]] * 50)) == [False] * 49 + [True]
    assert kept(store) == {"same"}


def test_many_at_once_are_all_kept_and_known_the_second_time(store, at):
    many = [[arrival(number, at)] for number in range(40)]
    assert together(store, many) == [True] * 40
    assert kept(store) == {str(number) for number in range(40)}
    assert together(store, many[:8]) == [False] * 8


def test_who_writes_for_all_rings_once_for_all(store, at, monkeypatch):
    rung, begun, go, real = [], threading.Event(), threading.Event(), InboxStore.keep_all

    def slow(self, arrivals):
        begun.set()
        assert go.wait(20)
        return real(self, arrivals)

    def keep(number):
        store.keep([arrival(number, at)], lambda: rung.append(number))

    monkeypatch.setattr(InboxStore, "keep_all", slow)
    threads = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    threads[0].start()
    assert begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    deadline = time.monotonic() + 20
    while len(store._keeper._queue) < 7:
        assert time.monotonic() < deadline
    go.set()
    for thread in threads:
        thread.join()
    assert len(rung) == 2
    assert kept(store) == {str(number) for number in range(8)}


def test_what_was_known_rings_nobody(store, at):
    rung = []
    for _ in range(3):
        store.keep([arrival("a", at)], lambda: rung.append("a"))
    assert rung == ["a"]


def test_the_parts_of_a_delivery_are_kept_together(store, at):
    assert store.keep([arrival("a", at), arrival("a/2", at)], silent)
    assert not store.keep([arrival("a", at), arrival("a/2", at)], silent)
    assert kept(store) == {"a", "a/2"}


def test_what_cannot_be_kept_spoils_nobody_elses(store, at, monkeypatch):
    real = InboxStore.keep_all

    def broken(self, arrivals):
        if any(one.external_id == "bad" for one in arrivals):
            self.connection.execute(text("select no_such_column"))
        return real(self, arrivals)

    monkeypatch.setattr(InboxStore, "keep_all", broken)
    rows = [[arrival("bad" if number == 7 else number, at)] for number in range(20)]
    told = together(store, rows)
    assert [one for place, one in enumerate(told) if place != 7] == [True] * 19
    assert issubclass(told[7], SQLAlchemyError)
    assert kept(store) == {str(number) for number in range(20) if number != 7}
    with pytest.raises(SQLAlchemyError):
        store.keep([arrival("bad", at)], silent)


def ended_by_the_server(store):
    """Every connection of ours to the database; of SQLite, which has no server, by ourselves."""
    if store.engine.dialect.name == "sqlite":
        store.engine.dispose()
        return
    others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = "
    with store.engine.connect() as connection:
        assert any(connection.scalars(text(f"{others} current_database()")))


@pytest.mark.parametrize("end", [ended_by_the_server, lambda store: store.engine.dispose()], ids=["ended", "disposed"])
def test_a_connection_that_was_ended_is_replaced(store, at, end):
    assert store.keep([arrival("before", at)], silent)
    end(store)
    assert store.keep([arrival("after", at)], silent)
    assert kept(store) == {"before", "after"}
