"""What a worker runs: one thread that works inbox and outbox, a sender, and the job by which RQ wakes them."""

from __future__ import annotations

import threading
import time

import structlog

from handlers.deliver import Sender
from handlers.process import Drain
from handlers.tools import Tools

log = structlog.get_logger()

SOON_SECONDS = 0.05  # at least, between two looks at what falls due
FAR_SECONDS = 3600.0  # nothing is due
LOOK_SECONDS = 1.0  # at most, between two looks at what is to be sent
GATHER_SECONDS = 0.01  # that a note waits for others; nobody waits for it but a next message of the same chat
MORE_SECONDS = 1.0  # between two calls for help: a job of RQ costs as much as working several rows


class Runtime:
    """The engine of one worker process: one thread has the database, the sender's threads have the platforms.

    RQ only wakes it; without Redis it looks by itself.
    """

    def __init__(self, tools: Tools, sender: Sender) -> None:
        self.tools = tools
        self.sender = sender
        self.drain = Drain(tools)
        self._stop = threading.Event()
        self._rung = False
        self._more_at = 0.0
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)

    def start(self) -> None:
        """Begin; what waits already is looked for at once."""
        self.sender.start()
        self._thread.start()
        self.wake()

    def stop(self) -> None:
        """Finish the batch under way, send what is ours, and stop."""
        self._stop.set()
        self.wake()
        self._thread.join(timeout=15)
        self.sender.stop()

    def wake(self) -> None:
        """There may be work."""
        self._rung = True
        self.sender.news.set()

    def _run(self) -> None:
        news, pause = self.sender.news, LOOK_SECONDS
        while not self._stop.is_set():
            if news.wait(pause) and not self._rung:
                self._stop.wait(GATHER_SECONDS)  # only a send has ended: others are right behind, and share a commit
            news.clear()
            self._rung, pause = False, LOOK_SECONDS
            try:
                self._work()
                pause = min(pause, self._until_due())
            except Exception:
                log.exception("drain.failed")

    def _until_due(self) -> float:
        """Seconds until something falls due by itself: an album that has been quiet should not wait for the sweep."""
        now = self.tools.clock.now()
        with self.tools.store.read() as uow:
            due = uow.inbox.next_due(now)
        return max(SOON_SECONDS, (due - now).total_seconds()) if due else FAR_SECONDS

    def _work(self) -> None:
        """Work until nothing is left, looking once more after the bell may be rung again."""
        looked_after = False
        while not self._stop.is_set():
            rows = self._round()
            if rows >= self.tools.road.batch and time.monotonic() >= self._more_at:
                self.tools.bell.more()
                self._more_at = time.monotonic() + MORE_SECONDS
            if rows:
                looked_after = False
                continue
            if looked_after:
                break
            self.tools.bell.looked()
            looked_after = True

    def _round(self) -> int:
        """One transaction: note what became of sends, work the inbox, claim what is due. How much was to be done."""
        self.sender.gather()
        worked = self.drain.batch(lease=self.sender.has_room(), beside=self.sender)
        loaded = self.sender.kept()
        self.sender.send(loaded)
        return worked.rows + len(worked.ask) + len(loaded) - len(worked.born)


_running: list[Runtime] = []


def run_here(runtime: Runtime) -> None:
    """This process's runtime, which the job wakes."""
    _running[:] = [runtime]


def wake() -> None:
    """The one job: carries nothing, may be lost, may come twice."""
    for runtime in _running:
        runtime.wake()
