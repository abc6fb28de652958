"""Statements that are said all the time go to PostgreSQL's driver as they are: SQLAlchemy's way costs as much again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError

Rows = Sequence[Sequence[Any]]

_POSTGRESQL = psycopg.dialect()  # type: ignore[no-untyped-call]


class Query:
    """A SELECT that is put all the time, spelt once. Its values are of types that the driver knows by itself."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> Rows:
        """All rows that it finds, by the order of the columns."""
        if connection.dialect.name != "postgresql":
            return connection.execute(self.statement, parameters).all()
        spelt, own = self._spelt
        return ask(connection, spelt, {**own, **parameters})

    @cached_property
    def _spelt(self) -> tuple[str, dict[str, Any]]:
        """For the driver, with the values that belong to the statement itself."""
        compiled: Any = self.statement.compile(dialect=_POSTGRESQL)  # type: ignore[attr-defined]
        return str(compiled), dict(compiled.params)


def ask(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> Rows:
    """What a statement gives back. Raises what SQLAlchemy would."""
    if _is_watched(connection):
        return connection.exec_driver_sql(statement, dict(parameters)).all()
    rows: Rows = _run(connection, statement, parameters).fetchall()
    return rows


def tell(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> None:
    """The same for a statement that gives nothing back."""
    if _is_watched(connection):
        connection.exec_driver_sql(statement, dict(parameters))
    else:
        _run(connection, statement, parameters)


def _is_watched(connection: Connection) -> bool:
    """Whether somebody counts or logs statements: that is SQLAlchemy's to arrange."""
    return bool(connection.dispatch.before_cursor_execute)


def _run(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> Any:
    """By the one cursor that each connection of the driver keeps for this."""
    cursor = connection.info.get("cursor")
    raw: Any = connection.connection.driver_connection
    if cursor is None or cursor.connection is not raw:
        cursor = connection.info["cursor"] = raw.cursor()
    try:
        return cursor.execute(statement, parameters)
    except raw.Error as error:
        if raw.closed:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, raw.Error, hide_parameters=True, connection_invalidated=raw.closed,
            dialect=connection.dialect,
        ) from error  # fmt: skip
