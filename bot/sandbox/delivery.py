"""Webhook delivery as the platform does it: ordered per source, tried again with growing delays until 2xx."""

import random
import sqlite3
from functools import partial

import requests

from bot.sandbox import limits, updates
from bot.sandbox.postman import Postman
from bot.sandbox.store import Json, Store, Tx, dump

ANSWER_SECONDS = 60
MOST_THREADS = 40
LONGEST_RETRY_AFTER = 3600
# The oldest of each source; an update that a fault holds back does not hold its followers.
HEADS = """
SELECT u.*, MIN(u.update_id) FROM updates u
WHERE NOT (u.overtakable AND u.due > ?) GROUP BY u.source ORDER BY u.update_id
"""


class Delivery(Postman):
    """Posts waiting updates to the webhook."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "sandbox-delivery", MOST_THREADS)

    def look(self) -> None:
        with self.store.read() as tx:
            webhook = tx.fact("webhook")
            if not webhook:
                return
            expired = tx.one("SELECT 1 FROM updates WHERE expires < ? LIMIT 1", tx.now) is not None
            rows = [row for row in tx.all(HEADS, tx.real) if row["due"] <= tx.real and row["expires"] >= tx.now]
        if expired:
            with self.store.write() as tx:
                updates.drop_expired(tx)
        for row in rows:
            self.submit(row["source"], webhook["max_connections"], partial(self._deliver, webhook, row["update_id"]))

    def _deliver(self, webhook: Json, update_id: int) -> None:
        # Read again: since the look, an earlier turn of this source may have delivered or postponed it.
        with self.store.read() as tx:
            row = tx.one("SELECT * FROM updates WHERE update_id = ?", update_id)
            if row is None or row["due"] > tx.real:
                return
        problem, wait = "", None
        for _ in range(row["copies"]):
            problem, wait = self._post(webhook, row)
        with self.store.write() as tx:
            if problem:
                _postpone(tx, row, problem, wait)
            else:
                tx.run("DELETE FROM updates WHERE update_id = ?", row["update_id"])

    def _post(self, webhook: Json, row: sqlite3.Row) -> tuple[str, float | None]:
        """What went wrong (empty when delivered) and how long the other side asked to be left alone."""
        headers = {"Content-Type": "application/json"}
        if webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret"]
        try:
            answer = self.session.post(
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
