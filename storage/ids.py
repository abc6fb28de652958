"""Numbers for rows that are written later: what points to them can be made before they are."""

from __future__ import annotations

import threading
from collections import defaultdict, deque

from sqlalchemy import Connection, text

AT_ONCE = 32  # numbers drawn together; those that a process does not use are never used

_DRAW = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")


class Pool:
    """Numbers drawn from PostgreSQL's sequences, shared by the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: defaultdict[str, deque[int]] = defaultdict(deque)

    def take(self, connection: Connection, table: str) -> int:
        """A number that nobody else has."""
        with self._lock:
            drawn = self._drawn[table]
            if not drawn:
                drawn.extend(connection.scalars(_DRAW, {"table": table, "count": AT_ONCE}))
            return drawn.popleft()


class Ids:
    """Numbers for the rows of one transaction."""

    def __init__(self, connection: Connection, pool: Pool) -> None:
        self._connection = connection
        self._pool = pool
        self._last: dict[str, int] = {}

    def next(self, table: str) -> int:
        """The number of a new row of ``table``."""
        if self._connection.dialect.name == "postgresql":
            return self._pool.take(self._connection, table)
        if table not in self._last:  # SQLite has one writer, and that is us until we end
            self._last[table] = self._connection.scalar(text(f"SELECT coalesce(max(id), 0) FROM {table}"))  # noqa: S608
        self._last[table] += 1
        return self._last[table]
