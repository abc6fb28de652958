"""Backups: one SQLite file with every row whatever the database, a manifest inside, and the way back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from storage import migrate
from storage.attachments import AttachmentStore
from storage.db import open_copy, open_engine, reading, writing
from storage.models import Base
from storage.writer import Writer
from workflows.frozen import frozen

MANIFEST = "backup_manifest"
AT_ONCE = 1000

Progress = Callable[[str, int], None]  # the table, rows copied since the last call


class BackupRefused(Exception):
    """A backup that cannot be made or restored; says why in both languages, divided by " / "."""


@frozen
class Manifest:
    """What a backup holds: when, at which step of the migrations, how many rows, and the media it points to."""

    made_at: str
    step: str
    counts: dict[str, int]
    media: tuple[str, ...]


def _silent(_table: str, _rows: int) -> None:
    """Nobody watches."""


def back_up(engine: Engine, path: Path, now: datetime, progress: Progress = _silent) -> Manifest:
    """Write everything to ``path`` while the program runs on. Raises BackupRefused when the file is there already."""
    if path.exists():
        raise BackupRefused(f"đã có tệp {path} / there is a file {path} already")
    step = migrate.current(engine)
    if step is None:
        raise BackupRefused("cơ sở dữ liệu còn trống / the database is empty")
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)  # it holds what people wrote
    try:
        if engine.dialect.name == "sqlite":
            _copy_file(engine, unfinished)
        else:
            _copy_out(engine, unfinished, step, progress)
        manifest = _sign(unfinished, step, now)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What a backup says about itself. Raises BackupRefused for a file that is none or is damaged."""
    if not path.is_file():
        raise BackupRefused(f"không có tệp {path} / there is no file {path}")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            found = connection.execute(f"SELECT content FROM {MANIFEST}").fetchone()  # noqa: S608 - our own name
    except sqlite3.DatabaseError:
        sound, found = False, None
    if not sound or found is None:
        raise BackupRefused(f"{path.name} không phải bản sao lưu lành lặn / is no sound backup")
    data = json.loads(found[0])
    return Manifest(data["made_at"], data["step"], data["counts"], tuple(data["media"]))


def restore(engine: Engine, path: Path, progress: Progress = _silent) -> Manifest:
    """Fill an empty database from a backup, then bring it to the newest step. All rows or none.

    Raises BackupRefused for a database that is not empty, a backup newer than this program, or counts that differ.
    """
    manifest = read_manifest(path)
    if not migrate.is_empty(engine):
        raise BackupRefused("cơ sở dữ liệu đích phải trống / the database must be empty")
    if manifest.step not in migrate.steps():
        raise BackupRefused("bản sao lưu mới hơn chương trình / the backup is newer than this program")
    migrate.upgrade(engine, manifest.step)
    source = open_copy(path)
    try:
        with reading(source) as old, writing(engine) as new:
            _copy_rows(old, new, manifest, progress)
    except BaseException:
        migrate.downgrade(engine, migrate.START)  # as empty as it was: the next try begins where this one did
        raise
    finally:
        source.dispose()
    migrate.upgrade(engine)
    return manifest


def counts(connection: Connection, tables: Sequence[Table] | None = None) -> dict[str, int]:
    """How many rows each table has."""
    chosen = tables if tables is not None else Base.metadata.sorted_tables
    return {table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0) for table in chosen}


def _copy_file(engine: Engine, path: Path) -> None:
    """SQLite's own online copy: one consistent moment, writers are not held up."""
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(path)) as target:
            source: Any = raw.driver_connection
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it
    finally:
        raw.close()


def _copy_out(engine: Engine, path: Path, step: str, progress: Progress) -> None:
    target = open_engine(f"sqlite:///{path}")
    try:
        migrate.upgrade(target, step)
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as old, writing(target) as new:
            for table in Base.metadata.sorted_tables:
                for rows in _rows(old, table):
                    new.execute(insert(table), rows)
                    progress(table.name, len(rows))
    finally:
        target.dispose()
    with closing(sqlite3.connect(path)) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(old: Connection, new: Connection, manifest: Manifest, progress: Progress) -> None:
    for table in Base.metadata.sorted_tables:
        for rows in _rows(old, table):
            new.execute(insert(table), rows)
            progress(table.name, len(rows))
    if new.dialect.name == "postgresql":
        _go_on_counting(new)
    if counts(new) != manifest.counts:
        raise BackupRefused("số dòng không khớp / the numbers of rows differ")


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """A table's rows in portions; where rows point to others of the same table, those come first."""
    own = next((key.parent for key in table.foreign_keys if key.column.table is table), None)
    found = select(table).order_by(*table.primary_key.columns)
    streamed = connection.execution_options(yield_per=AT_ONCE).execute(found)
    if own is None:
        for portion in streamed.partitions():
            yield [dict(row._mapping) for row in portion]
        return
    key = next(iter(table.primary_key.columns)).name
    waiting = [dict(row._mapping) for row in streamed]
    done: set[Any] = {None}
    while waiting:
        ready = [row for row in waiting if row[own.name] in done]
        if not ready:
            raise BackupRefused(f"{table.name}: vòng lặp / a circle")
        yield ready
        done |= {row[key] for row in ready}
        waiting = [row for row in waiting if row[key] not in done]


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL hands out ids from counters that know nothing of rows that brought their own."""
    for table in Base.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            counter = f"pg_get_serial_sequence('{table.name}', '{table.autoincrement_column.name}')"
            top = f"(SELECT coalesce(max({table.autoincrement_column.name}), 0) + 1 FROM {table.name})"  # noqa: S608
            connection.execute(text(f"SELECT setval({counter}, {top}, false) WHERE {counter} IS NOT NULL"))


def _sign(path: Path, step: str, now: datetime) -> Manifest:
    copy = open_copy(path)
    try:
        with reading(copy) as connection:
            manifest = Manifest(
                now.isoformat(), step, counts(connection), tuple(AttachmentStore(Writer(connection)).keys())
            )
    finally:
        copy.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {MANIFEST} (content TEXT NOT NULL)")
        content = json.dumps(asdict(manifest), ensure_ascii=False)
        connection.execute(f"INSERT INTO {MANIFEST} VALUES (?)", (content,))  # noqa: S608 - our own name
        connection.commit()
    return manifest
