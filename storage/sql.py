"""The few statements that SQLite and PostgreSQL spell differently, built once for both.

For a row now and then, of any type of column; what is written many rows at a time goes by bulk.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Boolean, Connection, Dialect, Executable, Table, Text, TypeDecorator, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from storage.writer import Writer

ByDialect = Mapping[str, Any]


def insert_new(table: Table, *returning: Any) -> ByDialect:
    """INSERT that leaves an existing row as it is; ``returning`` gives back only what is new."""

    def spelt(insert: Any) -> Any:
        statement = insert.on_conflict_do_nothing()
        return statement.returning(*returning) if returning else statement

    return _for_both(table, spelt)


def upsert(table: Table, keys: Sequence[str], changed: Sequence[str]) -> ByDialect:
    """INSERT, or UPDATE of ``changed`` where ``keys`` are there already."""

    def spelt(insert: Any) -> Any:
        values = {column: insert.excluded[column] for column in changed}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=values)

    return _for_both(table, spelt)


def _for_both(table: Table, spelt: Callable[[Any], Any]) -> ByDialect:
    return {"sqlite": spelt(sqlite.insert(table)), "postgresql": spelt(postgresql.insert(table))}


def spoken(connection: Connection | Writer, statements: ByDialect) -> Executable:
    """The form for this connection's database."""
    chosen: Executable = statements[connection.dialect.name]
    return chosen


class _Many(TypeDecorator[Sequence[Any]]):
    """A list bound as one value: an array in PostgreSQL, JSON text in SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the database takes."""
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """To the database."""
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _Among(FunctionElement[bool]):
    """``column IN`` a bound list: one statement whatever its length, so that it is prepared once."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would compare it with 1 where a database has no booleans, and no index would serve."""
        return self


def among(column: Any, name: str) -> Any:
    """A condition: ``column`` is one of the values of the list bound as ``name``."""
    return _Among(column, bindparam(name, type_=_Many(column.type)))


@compiles(_Among, "postgresql")
def _any(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(values, **kw)})"


@compiles(_Among, "sqlite")
def _json_each(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled parts
