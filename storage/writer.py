"""A connection whose writes may wait: rows of one kind go together, and always before anything that could miss them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, NestedTransaction, ScalarResult, Table

from storage.bulk import Bulk, run_all, update_rows
from storage.driver import Query, Rows

Row = dict[str, Any]
Changes = dict[tuple[str, int | str], tuple[Table, Row]]  # by table and id
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Writer:
    """One transaction. ``later`` and ``change`` wait; ``execute`` writes what waits first, ``look`` what it names.

    Between ``begin_step`` and ``end_step`` everything can be undone: what still waits is forgotten, and the first
    thing that is really written makes a savepoint.
    """

    def __init__(self, connection: Connection) -> None:
        self.plain = connection
        self.dialect = connection.dialect
        self._waiting: list[tuple[Bulk | Table, Row]] = []
        self._touched: set[str] = set()  # tables for which something waits, or waited in a step that was undone
        self._step: int | None = None  # where in ``_waiting`` the step under way begins
        self._savepoint: NestedTransaction | None = None

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[*tuple[Any, ...]]:
        """As the connection does, after everything that waits."""
        self._settle_before(statement)
        return self.plain.execute(statement, parameters)

    def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """As the connection does, after everything that waits."""
        self._settle_before(statement)
        return self.plain.scalar(statement, parameters)

    def scalars(self, statement: Executable, parameters: Parameters | None = None) -> ScalarResult[Any]:
        """As the connection does, after everything that waits."""
        self._settle_before(statement)
        return self.plain.scalars(statement, parameters)

    def look(
        self, statement: Executable, parameters: Parameters | None = None, *tables: Table
    ) -> CursorResult[*tuple[Any, ...]]:
        """Read, after what waits for these tables. Of any other the caller knows its own waiting rows."""
        self._settle_for(tables)
        return self.plain.execute(statement, parameters)

    def ask(self, query: Query, parameters: Mapping[str, Any], *tables: Table) -> Rows:
        """As ``look``, for what is asked all the time."""
        self._settle_for(tables)
        return query.rows(self.plain, parameters)

    def run(self, statement: Bulk, rows: Sequence[Row]) -> Rows:
        """Write rows now, after everything that waits; what the statement gives back."""
        self.settle()
        self._guard()
        return statement.run(self.plain, rows)

    def ahead(self, statement: Bulk, rows: Sequence[Row]) -> Rows:
        """Write rows now, ahead of what waits for other tables: nothing of that is needed by these rows."""
        if statement.table in self._touched:
            self.settle()
        self._guard()
        return statement.run(self.plain, rows)

    def later(self, statement: Bulk, row: Row) -> None:
        """One more row for a statement."""
        self._touched.add(statement.table)
        self._waiting.append((statement, row))

    def change(self, table: Table, row_id: int | str, values: Row) -> None:
        """New values for one row, which may itself still wait to be inserted."""
        self._touched.add(table.name)
        self._waiting.append((table, {"id": row_id, **values}))

    def settle(self) -> None:
        """Write everything that waits."""
        waiting, self._waiting = self._waiting, []
        self._touched.clear()
        if self._step is None:
            self._write(waiting)
            return
        before, ours = waiting[: self._step], waiting[self._step :]
        self._step = 0
        if self._savepoint is None:
            self._write(before)  # of earlier steps: not ours to undo
        if ours:
            self._guard()
            self._write(ours)

    def begin_step(self) -> None:
        """From here on everything can be undone."""
        self._step = len(self._waiting)

    def end_step(self, *, kept: bool) -> None:
        """Keep what the step wrote and what waits, or undo it."""
        if self._savepoint is not None:
            (self._savepoint.commit if kept else self._savepoint.rollback)()
        if not kept:
            del self._waiting[self._step :]
        self._step = self._savepoint = None

    def rollback(self) -> None:
        """Undo the transaction, with what waits."""
        self._waiting.clear()
        self.plain.rollback()

    def _settle_before(self, statement: Executable) -> None:
        self.settle()
        if not getattr(statement, "is_select", False):
            self._guard()

    def _settle_for(self, tables: Sequence[Table]) -> None:
        if not self._touched.isdisjoint(table.name for table in tables):
            self.settle()

    def _guard(self) -> None:
        """A step that really writes gets its savepoint."""
        if self._step is not None and self._savepoint is None:
            self._savepoint = self.plain.begin_nested()

    def _write(self, waiting: list[tuple[Bulk | Table, Row]]) -> None:
        """New rows kind by kind as they first came, then changes, one for each row; as few statements as can be."""
        statements: dict[Bulk, list[Row]] = {}
        changes: Changes = {}
        for target, row in waiting:
            if isinstance(target, Bulk):
                statements.setdefault(target, []).append(row)
            else:
                changes.setdefault((target.name, row["id"]), (target, {}))[1].update(row)
        work = [
            (statement, [self._with_changes(statement, row, changes) for row in rows])
            for statement, rows in statements.items()
        ]
        kinds: dict[tuple[Table, tuple[str, ...]], list[Row]] = {}
        for table, row in changes.values():
            kinds.setdefault((table, tuple(sorted(row.keys() - {"id"}))), []).append(row)
        work += [(_change(table, columns), rows) for (table, columns), rows in kinds.items()]
        for together in _side_by_side(work):
            run_all(self.plain, together)

    @staticmethod
    def _with_changes(statement: Bulk, row: Row, changes: Changes) -> Row:
        """A row that is inserted and changed at once is inserted as it ends, where the statement has room for it."""
        key = (statement.table, row.get("id", 0))
        if statement.inserts and key in changes and changes[key][1].keys() <= row.keys():
            return row | changes.pop(key)[1]
        return row


def _side_by_side(work: Sequence[tuple[Bulk, list[Row]]]) -> list[list[tuple[Bulk, list[Row]]]]:
    """In order, cut where a statement might have to see what an earlier one wrote to the same table."""
    runs: list[list[tuple[Bulk, list[Row]]]] = []
    tables: set[tuple[str, bool]] = set()
    for one in work:
        kind = (one[0].table, one[0].numbers)
        if not runs or kind in tables:
            runs.append([])
            tables = set()
        runs[-1].append(one)
        tables.add(kind)
    return runs


@cache
def _change(table: Table, columns: tuple[str, ...]) -> Bulk:
    """Built once for each set of columns that is ever changed together."""
    return update_rows(table, columns)
