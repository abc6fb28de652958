"""What goes to the driver as it is: the same answers, the same errors, the same care for a connection that breaks."""

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import driver
from storage.db import open_engine, reading, writing
from storage.driver import Query
from storage.models import Chat, table_of
from storage.sql import among

CHATS = table_of(Chat)
BY_ID = Query(select(CHATS.c.external_id, CHATS.c.forum).where(among(CHATS.c.id, "ids"), CHATS.c.kind == "private"))
NOW = Query(select(bindparam("at", type_=CHATS.c.held_until.type)))


def test_a_query_finds_the_same_on_both_databases(store, chat):
    with store.read() as uow:
        assert [tuple(row) for row in uow.connection.ask(BY_ID, {"ids": [chat, 999]})] == [("c1", False)]
        assert list(uow.connection.ask(BY_ID, {"ids": []})) == []


@pytest.fixture
def postgres(postgres_url):
    """An engine on an empty PostgreSQL database."""
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


def test_instants_come_in_utc_whatever_the_server_thinks(postgres, at):
    with postgres.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {postgres.url.database} SET timezone TO 'Asia/Ho_Chi_Minh'")
    postgres.dispose()  # the next connection is a new one
    with reading(postgres) as connection:
        [(found,)] = NOW.rows(connection, {"at": at})
    assert found == at
    assert found.utcoffset().total_seconds() == 0


def test_an_error_is_one_of_sqlalchemy_and_says_nothing_that_was_written(postgres):
    with pytest.raises(DBAPIError) as raised, writing(postgres) as connection:
        driver.ask(connection, "SELECT CAST(%(said)s AS integer) / 0", {"said": 71})
    assert "71" not in str(raised.value)
    with reading(postgres) as connection:  # and the connection is good for more
        assert driver.ask(connection, "SELECT 1", {}) == [(1,)]


def test_a_connection_that_is_cut_off_is_replaced(postgres):
    with pytest.raises(OperationalError) as raised, writing(postgres) as connection:
        driver.ask(connection, "SELECT pg_terminate_backend(pg_backend_pid())", {})
    assert raised.value.connection_invalidated
    with writing(postgres) as connection:
        assert driver.ask(connection, "SELECT 1", {}) == [(1,)]


def test_who_watches_statements_sees_these_too(store, chat):
    said = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    with store.read() as uow:
        uow.connection.ask(BY_ID, {"ids": [chat]})
    assert any("chats" in one for one in said)
