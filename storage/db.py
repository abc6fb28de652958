"""Engine and transactions: one way to open SQLite and PostgreSQL so that a commit means kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

BUSY_SECONDS = 30
IDLE_SECONDS = 1.0  # a connection that has rested longer is asked whether it still stands; a round trip each time


def open_engine(url: str, pool_size: int = 5) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://…``; a durable commit on both.

    What people wrote never stands in the words of its errors.
    Raises ValueError for another kind of database.
    """
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=pool_size, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if kind == "postgresql":
        # Last in, first out: the connection used last has its statements prepared.
        engine = create_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_use_lifo=True, hide_parameters=True
        )
        event.listen(engine, "connect", _in_utc)
        event.listen(engine, "checkin", _rest)
        event.listen(engine, "checkout", _ask_after_rest)
        return engine
    raise ValueError(f"unknown kind of database: {kind} (use sqlite or postgresql)")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: a writer takes its lock at BEGIN, or two readers that
    # turn into writers would end in "database is locked" without waiting.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a power cut loses no acknowledged report
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _in_utc(connection: Any, _record: Any) -> None:
    """Instants come in UTC, whatever the server's own time zone."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _ask_after_rest(connection: Any, record: Any, _proxy: Any) -> None:
    """Raises DisconnectionError for a connection that the server has dropped: the pool makes another."""
    rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
    if rested < IDLE_SECONDS:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except connection.Error:
        raise DisconnectionError from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction; committed at the end, rolled back when anything is raised."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only looks; on SQLite it takes no writer's lock."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        yield connection  # and commits: where it is rolled back, the driver forgets every statement it has prepared


def open_copy(path: Path) -> Engine:
    """A SQLite file that is only read and stays as it is, byte for byte."""
    return create_engine(f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true")
