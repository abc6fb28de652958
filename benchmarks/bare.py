"""The bare minimum that anything durable costs: one insert, or a transaction of four statements, built once."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
)

from storage.db import open_engine
from storage.sql import spoken, upsert

META = MetaData()
INBOX = Table(
    "inbox",
    META,
    Column("id", Integer, primary_key=True),
    Column("external_id", Text, nullable=False, unique=True),
    Column("chat", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
DIALOG = Table(
    "dialog",
    META,
    Column("chat", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
OUTBOX = Table(
    "outbox",
    META,
    Column("id", Integer, primary_key=True),
    Column("chat", Text, ForeignKey("dialog.chat"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
EVENT = Table(
    "event",
    META,
    Column("id", Integer, primary_key=True),
    Column("chat", Text, ForeignKey("dialog.chat"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("chat", "seq"),
)

_KEEP = insert(INBOX)
_DIALOG = upsert(DIALOG, ["chat"], ["state", "at"])
_SAY = insert(OUTBOX)
_HAPPENED = insert(EVENT)

PAYLOAD = "x" * 450  # bytes of an ordinary update, a small draft, an ordinary answer
STATE = "x" * 600
ANSWER = "x" * 300


def make_tables(url: str) -> None:
    """The four tables."""
    engine = open_engine(url)
    META.create_all(engine)
    engine.dispose()


def keep(engine: Engine, external_id: str, chat: str, payload: str) -> None:
    """One durable insert."""
    with engine.begin() as connection:
        connection.execute(
            _KEEP, {"external_id": external_id, "chat": chat, "payload": payload, "at": datetime.now(UTC)}
        )


def four(connection: Connection, external_id: str, chat: str, seq: int) -> None:
    """The four statements of one message; the caller's transaction."""
    now = datetime.now(UTC)
    connection.execute(_KEEP, {"external_id": external_id, "chat": chat, "payload": PAYLOAD, "at": now})
    connection.execute(spoken(connection, _DIALOG), {"chat": chat, "state": STATE, "at": now})
    connection.execute(_SAY, {"chat": chat, "body": ANSWER, "status": "sent", "at": now})
    connection.execute(_HAPPENED, {"chat": chat, "seq": seq, "kind": "step", "data": "{}", "at": now})


def rate_of_four(url: str, processes: int, threads: int, count: int) -> float:
    """Transactions of four statements committed a second by so many processes with so many threads each."""
    make_tables(url)
    context = get_context("spawn")
    barrier = context.Barrier(processes + 1)
    each = count // (processes * threads)
    started = [
        context.Process(target=_commit, args=(url, number, threads, each, barrier)) for number in range(processes)
    ]
    for process in started:
        process.start()
    barrier.wait(60)
    begun = time.perf_counter()
    barrier.wait(600)
    spent = time.perf_counter() - begun
    for process in started:
        process.join()
        assert process.exitcode == 0, "a bare process failed"
    return each * threads * processes / spent


def _commit(url: str, number: int, threads: int, each: int, barrier: Barrier) -> None:
    engine = open_engine(url)
    with engine.connect():
        pass
    barrier.wait(60)
    _in_threads([_committer(engine, f"{number}.{thread}", each) for thread in range(threads)])
    barrier.wait(600)
    engine.dispose()


def _committer(engine: Engine, name: str, each: int) -> threading.Thread:
    def run() -> None:
        for count in range(each):
            conversation, message = divmod(count, 6)
            with engine.begin() as connection:
                four(connection, f"{name}.{count}", f"{name}.{conversation}", message)

    return threading.Thread(target=run, name=name)


def _in_threads(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
