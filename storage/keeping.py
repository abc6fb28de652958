"""Deliveries that arrive at the same time share one commit: each waits until its own row is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, event

from storage.db import writing
from storage.inbox import Arrival, InboxStore
from storage.writer import Writer


@dataclass(slots=True)
class _Waiting:
    """What came in one delivery, the thread that waits for it, and what became of it."""

    arrivals: Sequence[Arrival]
    ring: Callable[[], None]
    woken: threading.Event = field(default_factory=threading.Event)
    new: bool | None = None  # None: not kept yet
    error: Exception | None = None


class Keeper:
    """Keeps arrivals for any number of threads. Whoever finds nobody at work writes for all who wait by then.

    On PostgreSQL that is one statement, a transaction of its own, on a connection that is held between deliveries:
    taking one from the pool would cost as much as the statement.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []
        self._at_work = False
        self._held: Connection | None = None  # of whoever is at work
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())

    def keep(self, arrivals: Sequence[Arrival], ring: Callable[[], None]) -> bool:
        """Keep all of them durably, or none. False: we had them already. Raises when they cannot be kept.

        ``ring`` is called once for all that are kept together, by whoever writes them, if any is new.
        """
        mine = _Waiting(arrivals, ring)
        with self._lock:
            self._queue.append(mine)
            leads, self._at_work = not self._at_work, True
        if not leads:
            mine.woken.wait()
        if mine.new is None and mine.error is None:  # nobody wrote for us: it is our turn
            self._write_for_all(mine)
        if mine.error is not None:
            raise mine.error
        if mine.new is None:  # who wrote for us was stopped in the middle
            raise InterruptedError("nobody knows whether it was kept")
        return mine.new

    def _write_for_all(self, mine: _Waiting) -> None:
        with self._lock:
            together, self._queue = self._queue, []
        try:
            self._write(together)
            if new := [one for one in together if one.new]:
                new[0].ring()
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._at_work = following is not None
            for one in together:
                if one is not mine:
                    one.woken.set()
            if following is not None:  # theirs to write now: nobody writes for others for ever
                following.woken.set()

    def _write(self, together: list[_Waiting]) -> None:
        """All at once; where that fails, one by one, so that none spoils another."""
        try:
            self._keep(together)
        except Exception:
            for one in together:
                try:
                    self._keep([one])
                except Exception as error:
                    one.error = error  # raised in the thread that waits for it

    def _keep(self, together: list[_Waiting]) -> None:
        arrivals = [row for one in together for row in one.arrivals]
        if self._engine.dialect.name == "sqlite":
            with writing(self._engine) as connection:
                new = InboxStore(Writer(connection)).keep_all(arrivals)
        else:
            new = self._keep_at_once(arrivals)
        for one in together:
            keys = {(row.platform, row.external_id) for row in one.arrivals}
            one.new = bool(keys & new)
            new -= keys  # of two alike that came at once, one is new

    def _keep_at_once(self, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
        """By one statement; a connection on which anything failed is not used again."""
        if self._held is None:
            self._held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            return InboxStore(Writer(self._held)).keep_all(arrivals)
        except Exception:
            self._let_go()
            raise

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.invalidate()
            held.close()
