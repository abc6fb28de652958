"""The sandbox's memory: one SQLite file that several processes and restarts share."""

import json
import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.sandbox import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT, username TEXT,
    language TEXT NOT NULL DEFAULT 'vi', deactivated INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS people_by_version ON people (version);
CREATE TABLE IF NOT EXISTS chats (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, title TEXT, is_forum INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0, migrated_to INTEGER,
    migrated_from INTEGER, bot_status TEXT NOT NULL, keyboard TEXT, action TEXT, action_at REAL,
    version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS chats_by_version ON chats (version);
CREATE TABLE IF NOT EXISTS members (
    chat_id INTEGER NOT NULL, person_id INTEGER NOT NULL, status TEXT NOT NULL,
    anonymous INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (chat_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS topics (
    chat_id INTEGER NOT NULL, thread_id INTEGER NOT NULL, name TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (chat_id, thread_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, sender_id INTEGER NOT NULL, thread_id INTEGER,
    reply_to INTEGER, date INTEGER NOT NULL, body TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL, PRIMARY KEY (chat_id, message_id));
CREATE INDEX IF NOT EXISTS messages_by_version ON messages (version);
CREATE INDEX IF NOT EXISTS messages_by_chat_and_version ON messages (chat_id, version);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, path TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    size INTEGER NOT NULL, mime TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
    pressed REAL NOT NULL, answered INTEGER NOT NULL DEFAULT 0, text TEXT, alert INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS callbacks_by_version ON callbacks (version);
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, source TEXT NOT NULL,
    payload TEXT NOT NULL, due REAL NOT NULL, expires REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 1, overtakable INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS updates_by_expiry ON updates (expires);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, method TEXT NOT NULL, probability REAL NOT NULL,
    count INTEGER, value INTEGER NOT NULL, after INTEGER NOT NULL, seed TEXT NOT NULL,
    drawn INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, level REAL NOT NULL, at REAL NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS zalo_tokens (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, issued REAL NOT NULL, expires REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'good', extra TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_people (
    id TEXT PRIMARY KEY, by_app TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, oa_admin INTEGER NOT NULL,
    follows INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0, asleep INTEGER NOT NULL DEFAULT 0,
    last_at REAL, replies INTEGER NOT NULL DEFAULT 0, shared TEXT NOT NULL DEFAULT '{}',
    tags TEXT NOT NULL DEFAULT '[]', version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_groups (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, asset_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'enabled', made REAL NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_assets (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, until REAL NOT NULL, auto_renew INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'available') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_members (
    group_id TEXT NOT NULL, person_id TEXT NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (group_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, msg_id TEXT NOT NULL UNIQUE, chat TEXT NOT NULL, sender TEXT NOT NULL,
    quoted INTEGER, date REAL NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS zalo_messages_by_version ON zalo_messages (version);
CREATE TABLE IF NOT EXISTS zalo_files (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL,
    size INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zalo_events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, source TEXT NOT NULL, body TEXT NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, copies INTEGER NOT NULL DEFAULT 1,
    held REAL NOT NULL DEFAULT 0, forged INTEGER NOT NULL DEFAULT 0);
"""

Json = dict[str, Any]


class Tx:
    """One transaction (or one reading) with the sandbox's time beside it."""

    def __init__(self, connection: sqlite3.Connection, state_dir: Path) -> None:
        self.connection = connection
        self.state_dir = state_dir
        self.media_dir = state_dir / "sandbox-media"
        self.real = time.time()
        self.now = self.real + clock.read_offset(state_dir).total_seconds()

    def run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.run(sql, *values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.run(sql, *values).fetchall()

    def next(self, counter: str) -> int:
        """Count one on; the first value of a new counter is 1."""
        row = self.one(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            counter,
        )
        if row is None:
            raise AssertionError("RETURNING gave no row")
        return int(row["value"])

    def bump(self) -> int:
        """The next version of the world; whatever changes carries the version of its change."""
        return self.next("version")

    def fact(self, name: str, default: Any = None) -> Any:
        row = self.one("SELECT value FROM facts WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def keep_fact(self, name: str, value: Any) -> None:
        self.run(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            dump(value),
        )


class Store:
    """Opens transactions; tells waiting threads of this process when something was committed."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.changed = threading.Condition()
        self._writing = threading.Lock()
        self._local = threading.local()
        state_dir.mkdir(parents=True, exist_ok=True)
        (state_dir / "sandbox-media").mkdir(exist_ok=True)
        self._connection().executescript(SCHEMA)

    @contextmanager
    def write(self) -> "Iterator[Tx]":
        """One writer at a time: fair within the process by the lock, across processes by SQLite."""
        with self._writing:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Tx(connection, self.state_dir)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        with self.changed:
            self.changed.notify_all()

    @contextmanager
    def read(self) -> "Iterator[Tx]":
        """A consistent view that never waits for a writer."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield Tx(connection, self.state_dir)
        finally:
            connection.execute("COMMIT")

    def wait(self, seconds: float) -> None:
        """Until something is committed here, or the time is up (other processes do not ring)."""
        with self.changed:
            self.changed.wait(seconds)

    def _connection(self) -> sqlite3.Connection:
        # A connection must not cross a fork, hence the process id beside it.
        kept: tuple[int, sqlite3.Connection] | None = getattr(self._local, "kept", None)
        if kept is None or kept[0] != os.getpid():
            kept = (os.getpid(), _open(self.state_dir / "sandbox.sqlite"))
            self._local.kept = kept
        return kept[1]


def dump(value: Any) -> str:
    """Compact JSON with readable Vietnamese."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_utf8(value: Any) -> bool:
    """JSON may name half a character (a lone surrogate), which is no text anywhere else."""
    try:
        dump(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA busy_timeout = 30000")
    return connection
