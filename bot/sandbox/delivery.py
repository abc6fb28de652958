"""Webhook delivery as the platform does it: ordered per source, tried again with growing delays until 2xx."""

import contextlib
import fcntl
import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

from bot.sandbox import limits, updates
from bot.sandbox.store import Json, Store, Tx, dump

LOCK_FILE = "sandbox-delivery.lock"
LOOK_SECONDS = 0.25
ANSWER_SECONDS = 60
MOST_THREADS = 40
LONGEST_RETRY_AFTER = 3600
# The oldest of each source; an update that a fault holds back does not hold its followers.
HEADS = """
SELECT u.*, MIN(u.update_id) FROM updates u
WHERE NOT (u.overtakable AND u.due > ?) GROUP BY u.source ORDER BY u.update_id
"""


class Delivery:
    """A thread that posts waiting updates to the webhook; of several processes only one does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()
        self._session = requests.Session()
        # The far end of the internet does not know this machine's proxy settings.
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=MOST_THREADS))
        self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="sandbox-webhook")
        self._thread = threading.Thread(target=self._run, name="sandbox-delivery", daemon=True)

    def start(self) -> "Delivery":
        self._thread.start()
        return self

    def stop(self) -> None:
        """End after the posts under way; what is not delivered stays queued."""
        self._stopping.set()
        with self._store.changed:
            self._store.changed.notify_all()
        self._thread.join()
        self._session.close()

    def _run(self) -> None:
        with (self._store.state_dir / LOCK_FILE).open("w") as lock:
            while not self._stopping.is_set():
                if _try_lock(lock.fileno()):
                    self._look()
                self._store.wait(LOOK_SECONDS)
            # The lock is let go only when the last post is answered, so that nobody else posts the same.
            self._pool.shutdown(wait=True)

    def _look(self) -> None:
        with self._store.read() as tx:
            webhook = tx.fact("webhook")
            if not webhook:
                return
            expired = tx.one("SELECT 1 FROM updates WHERE expires < ? LIMIT 1", tx.now) is not None
            rows = [row for row in tx.all(HEADS, tx.real) if row["due"] <= tx.real and row["expires"] >= tx.now]
        if expired:
            with self._store.write() as tx:
                updates.drop_expired(tx)
        for row in rows:
            with self._busy_lock:
                if row["source"] in self._busy or len(self._busy) >= webhook["max_connections"]:
                    continue
                self._busy.add(row["source"])
            self._pool.submit(self._deliver, webhook, row["update_id"], row["source"])

    def _deliver(self, webhook: Json, update_id: int, source: str) -> None:
        try:
            # Read again: since the look, an earlier turn of this source may have delivered or postponed it.
            with self._store.read() as tx:
                row = tx.one("SELECT * FROM updates WHERE update_id = ?", update_id)
                if row is None or row["due"] > tx.real:
                    return
            problem, wait = "", None
            for _ in range(row["copies"]):
                problem, wait = self._post(webhook, row)
            with self._store.write() as tx:
                if problem:
                    _postpone(tx, row, problem, wait)
                else:
                    tx.run("DELETE FROM updates WHERE update_id = ?", row["update_id"])
        finally:
            with self._busy_lock:
                self._busy.discard(source)
            with self._store.changed:
                self._store.changed.notify_all()

    def _post(self, webhook: Json, row: sqlite3.Row) -> tuple[str, float | None]:
        """What went wrong (empty when delivered) and how long the other side asked to be left alone."""
        headers = {"Content-Type": "application/json"}
        if webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret"]
        try:
            answer = self._session.post(
                webhook["url"],
                data=dump(updates.shape(row)).encode(),
                headers=headers,
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as fault:
            return f"Connection failed: {type(fault).__name__}", None
        if answer.ok and answer.status_code < 300:
            return "", None
        asked = answer.headers.get("Retry-After", "")
        wait = float(min(int(asked), LONGEST_RETRY_AFTER)) if asked.isdigit() else None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason}", wait


def _postpone(tx: Tx, row: sqlite3.Row, problem: str, wait: float | None) -> None:
    """The first repeat comes at once, the next after 2, 4, 8 … seconds up to a random 60–120."""
    in_force = limits.read(tx)
    attempts = row["attempts"] + 1
    most = in_force["retry_most_seconds"] * random.uniform(1, 2)
    grown = in_force["retry_base_seconds"] * 2.0 ** min(attempts - 2, 20) if attempts > 1 else 0.0
    due = tx.real + (min(grown, most) if wait is None else wait)
    tx.run(
        "UPDATE updates SET attempts = ?, due = ?, overtakable = 0 WHERE update_id = ?",
        attempts,
        due,
        row["update_id"],
    )
    tx.keep_fact("webhook_error", {"date": int(tx.now), "message": problem})


def _try_lock(number: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
