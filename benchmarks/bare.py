"""The bare minimum that anything durable costs: one insert, or a transaction of four statements, built once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError

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

from benchmarks.watch import END_SECONDS, EndedTooEarly
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
        context.Process(target=_commit, args=(url, number, threads, each, barrier), name=f"bare process {number}")
        for number in range(processes)
    ]
    for process in started:
        process.start()
    try:
        barrier.wait(60)
        begun = time.perf_counter()
        barrier.wait(600)
        spent = time.perf_counter() - begun
    except BrokenBarrierError:
        told = ", ".join(f"{process.name}: exit code {process.exitcode}" for process in _ended(started))
        raise EndedTooEarly(f"bare transactions were not finished: {told}") from None
    _ended(started)
    return each * threads * processes / spent


def _ended(started: Sequence[BaseProcess]) -> Sequence[BaseProcess]:
    """The same, ended; by force where one does not by itself."""
    for process in started:
        process.join(END_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
    return started


def _commit(url: str, number: int, threads: int, each: int, barrier: Barrier) -> None:
    engine = open_engine(url)
    try:
        with engine.connect():
            pass
        barrier.wait(60)
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(_committer(engine, f"{number}.{thread}", each)) for thread in range(threads)]:
                done.result()
        barrier.wait(600)
    except BaseException:
        barrier.abort()  # nobody waits for what will not come
        raise
    engine.dispose()


def _committer(engine: Engine, name: str, each: int) -> Callable[[], None]:
    def run() -> None:
        for count in range(each):
            conversation, message = divmod(count, 6)
            with engine.begin() as connection:
                four(connection, f"{name}.{count}", f"{name}.{conversation}", message)

    return run
