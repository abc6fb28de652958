"""Many rows in one statement: they travel as one JSON text, so that a hundred cost hardly more than one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, CursorResult, Table, TextClause, text
from sqlalchemy.dialects import postgresql

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False, slots=True)
class Bulk:
    """One statement for any number of rows, built once and spelt for both databases."""

    table: str
    spelt: Mapping[str, TextClause]
    inserts: bool = field(default=False)

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[*tuple[Any, ...]]:
        """Write all of ``rows``; each has every column that the statement names."""
        name = connection.dialect.name
        if name == "sqlite":
            rows = [{column: _for_sqlite(value) for column, value in row.items()} for row in rows]
        given: dict[str, Any] = {"rows": msgspec.json.encode(rows).decode()}
        if name == "postgresql" and not self.inserts:
            given["count"] = len(rows)
        return connection.execute(self.spelt[name], given)


def insert_rows(
    table: Table,
    columns: Sequence[str],
    *,
    returning: str = "",
    unless_there: bool = False,
    keys: Sequence[str] = (),
    changed: Sequence[str] = (),
) -> Bulk:
    """INSERT. ``unless_there`` leaves existing rows alone; ``keys`` and ``changed`` change them instead.

    With ``returning`` the values come in the order of the rows (both databases number them in that order).
    """
    tail = ""
    if unless_there:
        tail = " ON CONFLICT DO NOTHING"
    elif keys:
        sets = ", ".join(f'"{column}" = excluded."{column}"' for column in changed)
        tail = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
    if returning:
        tail += f" RETURNING {returning}"
    into, taken = (", ".join(f'{prefix}"{column}"' for column in columns) for prefix in ("", "r."))
    head = f"INSERT INTO {table.name} ({into}) SELECT {taken}"
    types = {column: _type(table, column) for column in columns}
    # SQLite needs the WHERE to tell the ON of a conflict from the ON of a join.
    return _bulk(table, lambda rows: f"{head} FROM {rows} WHERE true{tail}", types, inserts=True)


def update_rows(
    table: Table,
    columns: Sequence[str],
    *,
    key: str = "id",
    where: str = "",
    expressions: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    returning: str = "",
) -> Bulk:
    """UPDATE by ``key``: each column from the row's (``r``) value of the same name, or from an expression.

    ``extra`` names further values of a row that expressions use, with their SQL types.
    """
    made = {column: f'r."{column}"' for column in columns} | dict(expressions or {})
    sets = ", ".join(f'"{column}" = {value}' for column, value in made.items())
    tail = (f" AND {where}" if where else "") + (f" RETURNING {table.name}.{returning}" if returning else "")
    types = {column: _type(table, column) for column in (key, *columns)} | dict(extra or {})
    matching = f"{table.name}.{key} = r.{key}{tail}"
    spell = lambda rows: f"UPDATE {table.name} SET {sets} FROM {rows} WHERE {matching}"  # noqa: E731, S608 - our names
    return _bulk(table, spell, types)


def _bulk(table: Table, spell: Any, types: Mapping[str, str], *, inserts: bool = False) -> Bulk:
    named = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    taken = ", ".join(f"json_extract(value, '$.{column}') AS \"{column}\"" for column in types)
    many = f"json_to_recordset(CAST(:rows AS json)) AS r({named})"
    if not inserts:  # the planner takes any JSON for a hundred rows, and reads a small table whole to find them
        many = f"(SELECT * FROM {many} LIMIT :count) AS r"  # noqa: S608 - our own names
    return Bulk(
        table.name,
        {
            "postgresql": _text(spell(many)),
            "sqlite": _text(spell(f"(SELECT {taken} FROM json_each(:rows)) AS r")),  # noqa: S608 - our own names
        },
        inserts,
    )


def _text(statement: str) -> TextClause:
    return text(statement)


def _type(table: Table, column: str) -> str:
    return str(table.c[column].type.compile(_POSTGRESQL))


def _for_sqlite(value: Any) -> Any:
    """Instants as SQLAlchemy keeps them there: naive UTC text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value
