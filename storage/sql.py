"""The few statements that SQLite and PostgreSQL spell differently, built once for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

ByDialect = Mapping[str, Any]


def insert_new(table: Table, *returning: Any) -> ByDialect:
    """INSERT that leaves an existing row as it is; ``returning`` gives back only what is new."""
    made: dict[str, Any] = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        statement: Any = dialect.insert(table).on_conflict_do_nothing()
        made[name] = statement.returning(*returning) if returning else statement
    return made


def upsert(table: Table, keys: Sequence[str], changed: Sequence[str]) -> ByDialect:
    """INSERT, or UPDATE of ``changed`` where ``keys`` are there already."""
    made: dict[str, Any] = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        statement: Any = dialect.insert(table)
        made[name] = statement.on_conflict_do_update(
            index_elements=list(keys), set_={column: statement.excluded[column] for column in changed}
        )
    return made


def spoken(connection: Connection, statements: ByDialect) -> Executable:
    """The form for this connection's database."""
    chosen: Executable = statements[connection.dialect.name]
    return chosen
