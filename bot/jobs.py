"""What a worker runs: a drain thread that works the inbox, a sender, and the job by which RQ wakes them."""

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
MORE_SECONDS = 1.0  # between two calls for help: a job of RQ costs as much as working several rows


class Runtime:
    """The two engines of one worker process. RQ only wakes them; without Redis they look by themselves."""

    def __init__(self, tools: Tools, sender: Sender) -> None:
        self.tools = tools
        self.sender = sender
        self.drain = Drain(tools)
        self._wake = threading.Event()
        self._stop = threading.Event()
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
        self._wake.set()
        self._thread.join(timeout=15)
        self.sender.stop()

    def wake(self) -> None:
        """There may be work."""
        self._wake.set()

    def _run(self) -> None:
        pause = self.tools.road.sweep.total_seconds()
        while not self._stop.is_set():
            self._wake.wait(timeout=pause)
            self._wake.clear()
            pause = self.tools.road.sweep.total_seconds()
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
            worked = self.drain.batch(lease=self.sender.has_room())
            self.sender.send(worked.born)
            if worked.rows >= self.tools.road.batch and time.monotonic() >= self._more_at:
                self.tools.bell.more()
                self._more_at = time.monotonic() + MORE_SECONDS
            if worked.rows or worked.ask:
                looked_after = False
                continue
            if looked_after:
                break
            self.tools.bell.looked()
            looked_after = True
        self.sender.wake()


_running: list[Runtime] = []


def run_here(runtime: Runtime) -> None:
    """This process's runtime, which the job wakes."""
    _running[:] = [runtime]


def wake() -> None:
    """The one job: carries nothing, may be lost, may come twice."""
    for runtime in _running:
        runtime.wake()
