"""The few statements that SQLite and PostgreSQL spell differently, built once for the database in use."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table


class ByDialect:
    """A statement that is built when it is first spoken, so that the other database's dialect is never loaded."""

    def __init__(self, build: Callable[[Any], Any]) -> None:
        self._build = build  # takes the dialect's package
        self._built: dict[str, Executable] = {}

    def spoken_in(self, dialect: str) -> Executable:
        """The form for ``sqlite`` or ``postgresql``."""
        if dialect not in self._built:
            self._built[dialect] = self._build(importlib.import_module(f"sqlalchemy.dialects.{dialect}"))
        return self._built[dialect]


def insert_new(table: Table, *returning: Any) -> ByDialect:
    """INSERT that leaves an existing row as it is; ``returning`` gives back only what is new."""

    def build(dialect: Any) -> Any:
        statement = dialect.insert(table).on_conflict_do_nothing()
        return statement.returning(*returning) if returning else statement

    return ByDialect(build)


def upsert(table: Table, keys: Sequence[str], changed: Sequence[str]) -> ByDialect:
    """INSERT, or UPDATE of ``changed`` where ``keys`` are there already."""

    def build(dialect: Any) -> Any:
        statement = dialect.insert(table)
        values = {column: statement.excluded[column] for column in changed}
        return statement.on_conflict_do_update(index_elements=list(keys), set_=values)

    return ByDialect(build)


def spoken(connection: Connection, statements: ByDialect) -> Executable:
    """The form for this connection's database."""
    return statements.spoken_in(connection.dialect.name)
