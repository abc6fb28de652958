"""Send what is due, in order per chat and many chats at once, and write down what became of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from handlers.courier import Courier, Pace, Ready, Result
from handlers.notifier import Notifier
from handlers.noting import note
from handlers.outages import Outages
from handlers.process import NOTHING, Worked
from handlers.tools import Tools
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

MOST_NOTES = 256  # that share a commit
CLAIM_SECONDS = 0.1  # between two looks for what is due, while there is always something in the inbox


class Sender:
    """Sends rows in order per chat, many chats at once, in threads of its own.

    ``quick`` slots carry messages, ``slow`` ones files, so that a slow photo never holds up a reply. What became of
    them is noted, and what is due is claimed, inside the transactions of whoever works the inbox beside it: ``news``
    is set when there is something to note.
    """

    def __init__(self, tools: Tools, pace: Pace) -> None:
        self.tools = tools
        self.courier = Courier(tools, pace)
        self.outages = Outages(tools)
        self.notifier = Notifier(tools, self.outages)
        self.news = threading.Event()
        road = tools.road
        self._quick = ThreadPoolExecutor(road.quick_slots, "send")
        self._slow = ThreadPoolExecutor(road.slow_slots, "file")
        self._results: deque[Result] = deque()
        self._noting: list[Result] = []  # in the transaction under way
        self._loaded: list[Ready] = []
        self._claim_at = {"quick": 0.0, "slow": 0.0}  # monotonic
        self._stop = threading.Event()
        self._busy = {"quick": 0, "slow": 0}
        self._lock = threading.Lock()
        self._watching = threading.Thread(target=self._watch_all, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look after the channels."""
        self._watching.start()

    def stop(self) -> None:
        """Finish what is under way and note it; what is not begun goes back by its lease."""
        self._stop.set()
        self._quick.shutdown(wait=True, cancel_futures=True)
        self._slow.shutdown(wait=True, cancel_futures=True)
        while self._results:
            self.gather()
            self.alone(claim=False)
            self.kept()

    # --- inside somebody's transaction -----------------------------------------------------------------------------

    def gather(self) -> None:
        """What became of sends up to now: the next transaction notes it."""
        while self._results and len(self._noting) < MOST_NOTES:
            self._noting.append(self._results.popleft())

    def before(self, uow: UnitOfWork, now: datetime) -> None:
        """Note what was gathered."""
        if self._noting:
            self.notifier.follow(uow, self._noting, now)
            note(uow, self._noting, now)

    def after(self, uow: UnitOfWork, now: datetime, worked: Worked = NOTHING) -> None:
        """Claim what is due, and read what sending that needs, and what was born as ours.

        Not after every batch while the inbox keeps us at work: what is said there is born as ours.
        """
        ours, road = list(worked.born), self.tools.road
        for fetches, slot, slots in ((False, "quick", road.quick_slots), (True, "slow", road.slow_slots)):
            room = 4 * slots - self._busy[slot]
            if room > 0 and (not worked.rows or time.monotonic() >= self._claim_at[slot]):
                claimed = uow.outbox.claim(now, room, road.lease, fetches=fetches)
                self._claim_at[slot] = 0.0 if claimed else time.monotonic() + CLAIM_SECONDS
                ours += claimed
        self._loaded = self.notifier.load(uow, ours)

    def alone(self, *, claim: bool = True) -> None:
        """The same when the shared transaction has failed, each in one of its own: no claim costs a note."""
        now = self.tools.clock.now()
        self._loaded = []
        try:
            with self.tools.store.write() as uow:
                self.before(uow, now)
                uow.flush(now)
        except Exception:
            # The rows stay "sending" and come back after their lease: at least once.
            log.exception("note.failed", count=len(self._noting))
            self._noting = []
        if not claim:
            return
        try:
            with self.tools.store.write() as uow:
                self.after(uow, now)
        except Exception:
            log.exception("claim.failed")
            self._loaded = []

    def kept(self) -> list[Ready]:
        """The transaction is kept: what it made ours is to be sent."""
        for result in self._noting:
            self.outages.saw(result.platform, result)
        loaded = self._loaded
        self._noting, self._loaded = [], []
        return loaded

    def has_room(self) -> bool:
        """Whether rows may be born as ours: enough of them wait already when not."""
        road = self.tools.road
        return self._busy["quick"] < 8 * road.quick_slots and self._busy["slow"] < 8 * road.slow_slots

    def send(self, loaded: Sequence[Ready]) -> None:
        """Send rows that are ours, chat by chat in order."""
        if not loaded:
            return
        until = self.tools.clock.now() + self.tools.road.lease / 2  # the rest is for what is begun last
        by_chat: dict[tuple[int, bool], list[Ready]] = {}  # a file is fetched beside what is said in its chat
        for one in self.notifier.bundle(loaded):
            by_chat.setdefault((one.chat.id, one.row.kind == "fetch"), []).append(one)
        slow = [work for work in by_chat.values() if any(map(_is_slow, work))]
        quick = [work for work in by_chat.values() if not any(map(_is_slow, work))]
        self._submit("quick", self._quick, self.tools.road.quick_slots, quick, until)
        self._submit("slow", self._slow, self.tools.road.slow_slots, slow, until)

    def settle(self) -> int:
        """Send everything that is due, here and now, in this thread; how many rows. For tests and single commands."""
        self._watch()
        count = 0
        for fetches in (False, True):
            while True:
                with self.tools.store.write() as uow:
                    rows = uow.outbox.claim(self.tools.clock.now(), 100, self.tools.road.lease, fetches=fetches)
                if not rows:
                    break
                self.send_here(rows)
                self._watch()
                count += len(rows)
        return count

    def send_here(self, rows: Sequence[OutboxRow]) -> None:
        """Send rows that are ours, chat by chat in order, in this thread, and note what became of them."""
        until = self.tools.clock.now() + self.tools.road.lease
        with self.tools.store.read() as uow:
            ours = self.notifier.load(uow, rows)
        loaded = self.notifier.bundle(ours)
        chats = dict.fromkeys(one.chat.id for one in loaded)
        work = ([one for one in loaded if one.chat.id == chat] for chat in chats)
        self._note([result for of_chat in work for result in self.courier.each(of_chat, until) if result])

    def _note(self, results: list[Result]) -> None:
        self._noting = results
        with self.tools.store.write() as uow:
            now = self.tools.clock.now()
            self.before(uow, now)
            uow.flush(now)
        self.kept()

    # --- threads ---------------------------------------------------------------------------------------------------

    def _submit(
        self, slot: str, pool: ThreadPoolExecutor, slots: int, chats: list[list[Ready]], until: datetime
    ) -> None:
        """Chat after chat from one pile, by as many threads as there are slots: a slow one holds up nobody else."""
        with self._lock:
            self._busy[slot] += sum(map(len, chats))
        pile = deque(chats)
        for _ in range(min(slots, len(chats))):
            pool.submit(self._work, pile, until, slot)

    def _work(self, pile: deque[list[Ready]], until: datetime, slot: str) -> None:
        while pile and not self._stop.is_set():
            try:
                work = pile.popleft()
            except IndexError:  # another thread was quicker
                return
            for result in self.courier.each(work, until):
                if result is not None:
                    self._results.append(result)
                    self.news.set()
            with self._lock:
                self._busy[slot] -= len(work)

    def _watch_all(self) -> None:
        while not self._stop.wait(timeout=1.0):
            try:
                self._watch()
            except Exception:
                log.warning("watch.failed", exc_info=True)

    def _watch(self) -> None:
        """See to channels that fail, are back, or are about to close. Asks platforms: never inside a transaction."""
        if self.outages.look() | self.notifier.ask_now():
            self.news.set()


def _is_slow(one: Ready) -> bool:
    """Files take their time, and have slots of their own."""
    return bool(one.files) or one.row.kind in {"fetch", "forget"}
