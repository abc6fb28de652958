"""Send what is due, in order per chat and many chats at once, and write down what became of it."""

from __future__ import annotations

import queue
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
from handlers.tools import Tools
from storage.outbox import OutboxRow

log = structlog.get_logger()

GATHER_SECONDS = 0.01  # how long a note waits for others; nobody waits for it but a next message of the same chat
MOST_NOTES = 256


class Sender:
    """Sends rows in order per chat, many chats at once, in threads of its own; notes are written in batches.

    ``quick`` slots carry messages, ``slow`` ones files, so that a slow photo never holds up a reply.
    """

    def __init__(self, tools: Tools, pace: Pace) -> None:
        self.tools = tools
        self.courier = Courier(tools, pace)
        self.outages = Outages(tools)
        self.notifier = Notifier(tools, self.outages)
        road = tools.road
        self._quick = ThreadPoolExecutor(road.quick_slots, "send")
        self._slow = ThreadPoolExecutor(road.slow_slots, "file")
        self._results: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._busy = {"quick": 0, "slow": 0}
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._note_all, name="note", daemon=True),
            threading.Thread(target=self._claim_all, name="claim", daemon=True),
            threading.Thread(target=self._watch_all, name="watch", daemon=True),
        ]

    def start(self) -> None:
        """Begin to claim and to note."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way; what is not begun goes back by its lease."""
        self._stop.set()
        self._wake.set()
        self._threads[1].join(timeout=10)
        self._quick.shutdown(wait=True, cancel_futures=True)
        self._slow.shutdown(wait=True, cancel_futures=True)
        self._results.put(None)
        self._threads[0].join(timeout=10)

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def has_room(self) -> bool:
        """Whether rows may be born as ours: enough of them wait already when not."""
        return self._busy["quick"] < 8 * self.tools.road.quick_slots

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Send rows that are ours (claimed), chat by chat in order."""
        if not rows:
            return
        until = self.tools.clock.now() + self.tools.road.lease / 2  # the rest is for what is begun last
        loaded = self.notifier.load(rows)
        by_chat: dict[int, list[Ready]] = {}
        for one in loaded:
            by_chat.setdefault(one.chat.id, []).append(one)
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
        loaded = self.notifier.load(rows)
        chats = dict.fromkeys(one.chat.id for one in loaded)
        work = ([one for one in loaded if one.chat.id == chat] for chat in chats)
        self._note([result for of_chat in work for result in self.courier.each(of_chat, until) if result])

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
                    self._results.put(result)
            with self._lock:
                self._busy[slot] -= len(work)

    def _claim_all(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(timeout=1.0)
            self._wake.clear()
            try:
                self._claim()
            except Exception:
                log.warning("claim.failed", exc_info=True)

    def _claim(self) -> None:
        road = self.tools.road
        for fetches, slot, slots in ((False, "quick", road.quick_slots), (True, "slow", road.slow_slots)):
            while not self._stop.is_set():
                room = 4 * slots - self._busy[slot]
                if room <= 0:
                    break
                with self.tools.store.write() as uow:
                    rows = uow.outbox.claim(self.tools.clock.now(), room, road.lease, fetches=fetches)
                if not rows:
                    break
                self.send(rows)

    def _watch_all(self) -> None:
        while not self._stop.wait(timeout=1.0):
            try:
                self._watch()
            except Exception:
                log.warning("watch.failed", exc_info=True)

    def _watch(self) -> None:
        """See to channels that fail, are back, or are about to close. Asks platforms: never inside a transaction."""
        if self.outages.look():
            self._wake.set()
        if self.notifier.ask_now():
            self._wake.set()

    def _note_all(self) -> None:
        while (first := self._results.get()) is not None:
            results = self._gathered(first)
            try:
                self._note(results)
            except Exception:
                # The rows stay "sending" and come back after their lease: at least once.
                log.exception("note.failed", count=len(results))

    def _gathered(self, first: Result) -> list[Result]:
        """One result and those that come right behind it: they share a commit."""
        results = [first]
        until = time.monotonic() + GATHER_SECONDS
        while len(results) < MOST_NOTES and (left := until - time.monotonic()) > 0:
            try:
                more = self._results.get(timeout=left)
            except queue.Empty:
                break
            if more is None:
                self._results.put(None)
                break
            results.append(more)
        return results

    def _note(self, results: list[Result]) -> None:
        now = self.tools.clock.now()
        with self.tools.store.write() as uow:
            self.notifier.follow(uow, results, now)
            note(uow, results, now)
        for result in results:
            self.outages.saw(result.platform, result)
        if any(result.fetched or result.moved_to for result in results):
            self.tools.bell.ring()  # the inbox has a row for it now
        if any(result.note.status == "sent" or result.answer for result in results) and not self._results.qsize():
            self._wake.set()  # a next row of the same chat and lane may have become due


def _is_slow(one: Ready) -> bool:
    """Files take their time, and have slots of their own."""
    return bool(one.files) or one.row.kind in {"fetch", "forget"}
