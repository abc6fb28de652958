"""Verifying: what the store says about a case must be what its events add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from storage.unit_of_work import Store
from workflows.case.replay import replay

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Verified:
    """How many cases were replayed, and the codes of those whose row says something else."""

    cases: int
    wrong: tuple[str, ...]


def verify(store: Store, progress: Callable[[int], None] = lambda done: None) -> Verified:
    """Replay every case, page by page."""
    done, last = 0, 0
    wrong: list[str] = []
    while True:
        with store.read() as uow:
            rows = uow.cases.listing(after_id=last, how_many=AT_ONCE)
            if not rows:
                return Verified(done, tuple(wrong))
            events = uow.cases.histories([row.id for row in rows])
        wrong += [row.case.code for row in rows if not events[row.id] or replay(events[row.id]) != row.case]
        done, last = done + len(rows), rows[-1].id
        progress(len(rows))
