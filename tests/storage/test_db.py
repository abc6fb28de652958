"""Transactions: kept or undone as a whole, durable, and one writer never an error for the next."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.db import open_copy, open_engine, reading, writing
from tests.at_once import at_once


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="unknown kind of database: mysql"):
        open_engine("mysql://localhost/x")


def test_what_was_written_is_kept_and_what_failed_is_undone(store, at):
    with store.write() as uow:
        uow.people.meet("plain", "kept", "vi", at)
    with pytest.raises(RuntimeError), store.write() as uow:
        uow.people.meet("plain", "undone", "vi", at)
        raise RuntimeError
    with store.read() as uow:
        assert uow.people.find("plain", "kept")
        assert uow.people.find("plain", "undone") is None


def test_sqlite_keeps_every_commit_and_knows_its_foreign_keys(sqlite_url):
    engine = open_engine(sqlite_url)
    with reading(engine) as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                 ("journal_mode", "synchronous", "foreign_keys")]  # fmt: skip
    engine.dispose()
    assert found == ["wal", 2, 1]


def test_foreign_keys_hold(store, at):
    with pytest.raises(IntegrityError), store.write() as uow:
        uow.dialogs.save(77, 77, "{}", at)
        uow.dialogs.flush()


def test_words_do_not_stand_in_errors(store, at):
    with pytest.raises(IntegrityError) as caught, store.write() as uow:
        uow.cases.add_words("w1", 77, None, "report", "nhà ông Bảy", at)
    assert "ông Bảy" not in str(caught.value).split("DETAIL")[0]


def test_many_writers_at_once_wait_for_each_other(store, at):
    def write(number):
        for turn in range(5):
            with store.write() as uow:
                uow.people.meet("plain", f"u{number}-{turn}", "vi", at)

    at_once(*(partial(write, number) for number in range(4)))
    with store.read() as uow:
        assert uow.connection.scalar(text("select count(*) from people")) == 20


def test_a_copy_is_only_read(sqlite_url, tmp_path):
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("create table one (a)")
    engine.dispose()
    copy = open_copy(tmp_path / "bot.sqlite3")
    with pytest.raises(Exception, match="readonly"), copy.connect() as connection:
        connection.exec_driver_sql("insert into one values (1)")
    copy.dispose()
