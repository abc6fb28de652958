"""A thread that posts what waits to a webhook: of several processes only one does, and one post a source at a time."""

import contextlib
import fcntl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import requests
from requests.adapters import HTTPAdapter

from bot.sandbox.store import Store

LOOK_SECONDS = 0.25


class Postman:
    """What every platform's delivery shares; how it looks for posts and what it posts is the platform's own."""

    def __init__(self, store: Store, name: str, most_threads: int) -> None:
        self.store = store
        self.session = requests.Session()
        # The far end of the internet does not know this machine's proxy settings.
        self.session.trust_env = False
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=most_threads))
        self._lock_file = store.state_dir / f"{name}.lock"
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()
        self._pool = ThreadPoolExecutor(most_threads, thread_name_prefix=name)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def look(self) -> None:
        """Submit what is due."""
        raise NotImplementedError

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """End after the posts under way; what is not delivered stays queued."""
        self._stopping.set()
        with self.store.changed:
            self.store.changed.notify_all()
        self._thread.join()
        self.session.close()

    def submit(self, source: str, at_once: int, post: Callable[[], None]) -> None:
        """Post in a thread of its own, unless this source is being posted already or so many are."""
        with self._busy_lock:
            if source in self._busy or len(self._busy) >= at_once:
                return
            self._busy.add(source)
        self._pool.submit(self._posted, source, post)

    def _posted(self, source: str, post: Callable[[], None]) -> None:
        try:
            post()
        finally:
            with self._busy_lock:
                self._busy.discard(source)
            with self.store.changed:
                self.store.changed.notify_all()

    def _run(self) -> None:
        with self._lock_file.open("w") as lock:
            while not self._stopping.is_set():
                if _try_lock(lock.fileno()):
                    self.look()
                self.store.wait(LOOK_SECONDS)
            # The lock is let go only when the last post is answered, so that nobody else posts the same.
            self._pool.shutdown(wait=True)


def _try_lock(number: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
