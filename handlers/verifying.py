"""Verifying: what the store says about a case must be what its events add up to, its clocks and ledger with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from handlers.alerts import alert
from handlers.tools import Tools
from storage.cases import CaseRow, waits
from storage.law import Laws
from storage.unit_of_work import Store, UnitOfWork
from workflows.case import ledger
from workflows.case.law import Law
from workflows.case.model import OVER, Case, CaseEvent, State
from workflows.case.replay import replay
from workflows.frozen import field_names, frozen

AT_ONCE = 500
KEY = "verify_wrong"
NIGHT = range(1, 5)  # local hours in which few people write
ONCE = timedelta(hours=12)  # longer than a night, shorter than a day
# Who holds these answers to a clock of the table at any time (invariant 2).
OPEN = frozenset(State) - set(OVER)


@frozen
class Wrong:
    """A case whose row says something else than its events: ``differs`` names what."""

    code: str
    differs: tuple[str, ...]


@frozen
class Verified:
    """How many cases were rebuilt, and those that differ."""

    cases: int
    wrong: tuple[Wrong, ...]


@frozen
class Clocks:
    """By which laws and at what moment clocks and ledgers are rebuilt."""

    laws: Laws
    now: datetime
    _known: dict[tuple[str, int], Law] = field(default_factory=dict)

    def of(self, uow: UnitOfWork, case: Case) -> Law:
        """The law of a case; cases of one version and year share it."""
        key = (case.policy, case.opened_at.year)
        if key not in self._known:
            self._known[key] = self.laws.of_case(uow, case, self.now)
        return self._known[key]


def verify(store: Store, progress: Callable[[int], None] = lambda done: None, clocks: Clocks | None = None) -> Verified:
    """Rebuild every case from its events, page by page, and with ``clocks`` its clocks and ledger too."""
    done, last = 0, 0
    wrong: list[Wrong] = []
    while True:
        with store.read() as uow:
            rows = uow.cases.listing(after_id=last, how_many=AT_ONCE)
            if not rows:
                return Verified(done, tuple(wrong))
            events = uow.cases.histories([row.id for row in rows])
            columns = uow.cases.columns_that_differ(rows)
            chains = uow.spots.members([row.id for row in rows])
            found = {row.id: _differs(uow, row, events[row.id], clocks) + columns[row.id] for row in rows}
            found |= {row.id: (*found[row.id], "spot") for row in rows if _unchained(row, chains)}
        wrong += [Wrong(row.case.code, found[row.id]) for row in rows if found[row.id]]
        done, last = done + len(rows), rows[-1].id
        progress(len(rows))


def nightly(tools: Tools, laws: Laws) -> int | None:
    """Once a night, verify everything; administrators are told of what differs. The number; None when it is not time.

    Cheap to call often. Of several processes one does it.
    """
    now = tools.clock.now()
    if now.astimezone(laws.zone).hour not in NIGHT:
        return None
    with tools.store.write() as uow:
        if not uow.registers.take_turn("verify", now, now + ONCE):
            return None
    wrong = verify(tools.store, clocks=Clocks(laws, now)).wrong
    if wrong:
        with tools.store.write() as uow:
            alert(uow, KEY, {"count": str(len(wrong)), "code": wrong[0].code}, now)
            uow.flush(now)
    return len(wrong)


def _unchained(row: CaseRow, chains: Mapping[int, int]) -> bool:
    """Whether a case that was chained is not in its spot's chain; the first case of a chain has no event of it."""
    return row.case.spot is not None and chains.get(row.id) != row.case.spot


def _differs(uow: UnitOfWork, row: CaseRow, events: Sequence[CaseEvent], clocks: Clocks | None) -> tuple[str, ...]:
    try:
        case = replay(events)
    except (KeyError, ValueError):  # a hole, an event that opens nothing, data that says nothing
        return ("history",)
    names = field_names(Case)
    found = tuple(name for name in names if getattr(case, name) != getattr(row.case, name))
    return found if clocks is None else found + _clocks(uow, case, events, clocks)


def _clocks(uow: UnitOfWork, case: Case, events: Sequence[CaseEvent], clocks: Clocks) -> tuple[str, ...]:
    """What is wrong with its clocks and its ledger: no open case is without either, and no time is nobody's."""
    law = clocks.of(uow, case)
    readings = ledger.readings(events, law, clocks.now)
    held = ledger.holders(events, law, clocks.now)
    found = []
    if case.state in OPEN and not any(one.stopped is None for one in readings):
        found.append("no running clock")
    if case.state in OPEN and not (held and held[-1].until is None):
        found.append("no holder")
    if any(one.until is None for one in held[:-1]):
        found.append("ledger")
    if case.thread_due is not None and not waits(case):
        found.append("message not listed")
    return tuple(found)
