"""Events on their way to the webhook: signed, sent again after growing pauses, and at last the webhook is off."""

import hashlib
import json
import sqlite3
from functools import partial

import requests

from bot.sandbox.postman import Postman
from bot.sandbox.store import Json, Store, Tx
from bot.sandbox.zalo import limits
from bot.sandbox.zalo.account import Account, account

MOST_THREADS = 20
# The oldest of each source; one that failed or is held back does not hold those behind it: nothing promises order.
HEADS = """
SELECT e.*, MIN(e.number) FROM zalo_events e
WHERE e.attempts = 0 AND e.held <= ? GROUP BY e.source
UNION ALL SELECT e.*, e.number FROM zalo_events e WHERE e.attempts > 0 AND e.due <= ?
"""


class NoWebhook(Exception):
    """The address is not taken: it does not answer the probe with 200."""


def set_webhook(store: Store, url: str, *, probe: bool) -> None:
    """Enter the address in the console, which tries it with an unsigned `{}`. Raises NoWebhook."""
    if probe:
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.post(url, data=b"{}", headers={"Content-Type": "application/json"}, timeout=10)
            except requests.RequestException as fault:
                raise NoWebhook(type(fault).__name__) from fault
        if answer.status_code != 200:
            raise NoWebhook(str(answer.status_code))
    with store.write() as tx:
        known = tx.fact("zalo_webhook", {})
        if probe or known.get("url") != url:
            tx.keep_fact("zalo_webhook", {"url": url, "on": True, "error": ""})


def mac(owner: Account, body: bytes, timestamp: str) -> str:
    """What the header `X-ZEvent-Signature` carries after `mac=`."""
    return hashlib.sha256(owner.app_id.encode() + body + timestamp.encode() + owner.oa_secret_key.encode()).hexdigest()


class Delivery(Postman):
    """Posts waiting events to the webhook."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "sandbox-zalo-delivery", MOST_THREADS)
        self._owner = account(store.state_dir)

    def look(self) -> None:
        with self.store.read() as tx:
            webhook = tx.fact("zalo_webhook")
            if not webhook or not webhook["on"]:
                return
            rows = tx.all(HEADS, tx.real, tx.now)
        for row in rows:
            source = row["source"] if row["attempts"] == 0 else f"again:{row['number']}"
            self.submit(source, MOST_THREADS, partial(self._deliver, webhook["url"], row["number"], row["attempts"]))

    def _deliver(self, url: str, number: int, attempts: int) -> None:
        # Read again: since the look, an earlier turn may have delivered or postponed it.
        with self.store.read() as tx:
            row = tx.one("SELECT * FROM zalo_events WHERE number = ? AND attempts = ?", number, attempts)
            patience = float(limits.read(tx)["answer_seconds"])
        if row is None:
            return
        problem = ""
        for _ in range(row["copies"]):
            problem = self._post(url, row, patience)
        with self.store.write() as tx:
            if problem:
                _postpone(tx, row, problem)
            else:
                tx.run("DELETE FROM zalo_events WHERE number = ?", number)

    def _post(self, url: str, row: sqlite3.Row, patience: float) -> str:
        """What went wrong, empty when it was answered with 200 in time."""
        body = row["body"].encode()
        signature = mac(self._owner, body, json.loads(body)["timestamp"])
        if row["forged"]:
            signature = signature[::-1]
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={signature}"}
        if row["attempts"]:
            headers["num_retry"] = str(row["attempts"])
        try:
            answer = self.session.post(url, data=body, headers=headers, timeout=patience, allow_redirects=False)
        except requests.RequestException as fault:
            return type(fault).__name__
        return "" if answer.status_code == 200 else f"HTTP {answer.status_code}"


def _postpone(tx: Tx, row: sqlite3.Row, problem: str) -> None:
    """Again after 30 s, 5 min, 15 min, 30 min and 1 h; then the webhook is off until a person turns it on."""
    webhook: Json = tx.fact("zalo_webhook", {})
    if row["attempts"] >= len(limits.RETRY_SECONDS):
        tx.run("DELETE FROM zalo_events WHERE number = ?", row["number"])
        tx.keep_fact("zalo_webhook", {**webhook, "on": False, "error": problem})
        return
    due = tx.now + limits.RETRY_SECONDS[row["attempts"]] * limits.read(tx)["retry_factor"]
    tx.run("UPDATE zalo_events SET attempts = attempts + 1, due = ? WHERE number = ?", due, row["number"])
    tx.keep_fact("zalo_webhook", {**webhook, "error": problem})
