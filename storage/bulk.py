"""Many rows in one statement: they travel as one JSON text, so that a hundred cost hardly more than one.

What a transaction has to write travels together too, where a database takes several statements as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from storage import driver

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


class Family(IntEnum):
    """Statements of PostgreSQL that go as one, whether or not there are rows for each: it is prepared once.

    In the order in which they are written: what others point to comes first.
    """

    PERSON = 1
    OPENING = 2
    NOTE = 3
    STEP = 4


_MEMBERS: dict[Family, list[Bulk]] = {family: [] for family in Family}  # as their modules define them

Rows = Sequence[Mapping[str, Any]]  # each has every column that the statement names


@dataclass(frozen=True, eq=False, slots=True)
class Bulk:
    """One statement for any number of rows, built once and spelt for both databases.

    ``keys``: columns that name a row where no two may write the same one; the last of them counts. ``numbers``:
    whether the database numbers the rows, so that nothing else of the transaction can mean them yet.
    """

    table: str
    postgresql: str
    sqlite: str
    inserts: bool
    numbers: bool
    keys: tuple[str, ...]
    returns: bool
    family: Family | None = None

    def run(self, connection: Connection, rows: Rows) -> driver.Rows:
        """Write all of ``rows``; what the statement gives back."""
        if connection.dialect.name == "postgresql":
            statement, parameters = _as_one((self,)), _parameters([(self, rows)])
            if self.returns:
                return driver.ask(connection, statement, parameters)
            driver.tell(connection, statement, parameters)
            return ()
        result = connection.exec_driver_sql(self.sqlite, {"rows": _sqlite_json(self.each_once(rows))})
        return result.all() if self.returns else ()

    def each_once(self, rows: Rows) -> Rows:
        """Without rows that a later one writes over."""
        if not self.keys or len(rows) < 2:
            return rows
        return list({tuple(row[key] for key in self.keys): row for row in rows}.values())


def run_all(connection: Connection, work: Sequence[tuple[Bulk, Rows]]) -> None:
    """Write rows of several statements, of which none has to see what another writes."""
    if connection.dialect.name != "postgresql":
        for bulk, rows in work:
            bulk.run(connection, rows)
        return
    for family, members in _MEMBERS.items():
        given = {bulk: rows for bulk, rows in work if bulk.family is family}
        if given:
            whole = [(bulk, given.get(bulk, ())) for bulk in members]
            driver.tell(connection, _as_one(tuple(members)), _parameters(whole))
    for bulk, rows in work:
        if bulk.family is None:
            bulk.run(connection, rows)


def _parameters(work: Sequence[tuple[Bulk, Rows]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for number, (bulk, rows) in enumerate(work):
        once = bulk.each_once(rows)
        given[f"rows{number}"] = msgspec.json.encode(once).decode()
        if not bulk.inserts:
            given[f"count{number}"] = len(once)
    return given


@cache
def _as_one(bulks: tuple[Bulk, ...]) -> str:
    """These statements as one, of whose parts none sees what another writes; the last of them gives the result."""
    spelt = [
        bulk.postgresql.replace("%(rows)s", f"%(rows{number})s").replace("%(count)s", f"%(count{number})s")
        for number, bulk in enumerate(bulks)
    ]
    *before, last = spelt
    parts = ", ".join(f"part{number} AS ({statement})" for number, statement in enumerate(before))
    return f"WITH {parts} {last}" if before else last


def insert_rows(
    table: Table,
    columns: Sequence[str],
    *,
    returning: str = "",
    unless_there: bool = False,
    keys: Sequence[str] = (),
    changed: Sequence[str] = (),
    family: Family | None = None,
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
    return _bulk(
        table,
        lambda rows: f"{head} FROM {rows} WHERE true{tail}",
        types,
        tuple(keys),
        family,
        returns=bool(returning),
        inserts=True,
    )


def update_rows(
    table: Table,
    columns: Sequence[str],
    *,
    key: str = "id",
    where: str = "",
    expressions: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    returning: str = "",
    family: Family | None = None,
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
    return _bulk(table, spell, types, (key,), family, returns=bool(returning))


def _bulk(
    table: Table,
    spell: Callable[[str], str],
    types: Mapping[str, str],
    keys: tuple[str, ...],
    family: Family | None,
    *,
    returns: bool,
    inserts: bool = False,
) -> Bulk:
    named = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    taken = ", ".join(f"json_extract(value, '$.{column}') AS \"{column}\"" for column in types)
    many = f"json_to_recordset(CAST(%(rows)s AS json)) AS r({named})"
    if not inserts:  # the planner takes any JSON for a hundred rows, and reads a small table whole to find them
        many = f"(SELECT * FROM {many} LIMIT %(count)s) AS r"  # noqa: S608 - our own names
    each = f"(SELECT {taken} FROM json_each(:rows)) AS r"  # noqa: S608 - our own names
    numbers = inserts and "id" not in types and not keys
    bulk = Bulk(table.name, spell(many), spell(each), inserts, numbers, keys, returns, family)
    if family is not None:
        _MEMBERS[family].append(bulk)
    return bulk


def _type(table: Table, column: str) -> str:
    return str(table.c[column].type.compile(_POSTGRESQL))


def _sqlite_json(rows: Rows) -> str:
    return msgspec.json.encode(
        [{column: _sqlite_value(value) for column, value in row.items()} for row in rows]
    ).decode()


def _sqlite_value(value: Any) -> Any:
    """Instants as SQLAlchemy keeps them there: naive UTC text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value
