"""getUpdates: the bot asks, and waits a while when there is nothing."""

import time

from bot.sandbox import updates
from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError
from bot.sandbox.methods import hooks
from bot.sandbox.store import Json, Store, Tx

LONGEST_SECONDS = 50
MOST = 100
# Other processes cannot ring this one; their commits are seen at the next look.
LOOK_SECONDS = 0.25
CONFLICT = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def get_updates(store: Store, params: Json) -> list[Json]:
    """The oldest waiting updates, at most `limit`, after at most `timeout` seconds; `offset` confirms."""
    with store.write() as tx:
        call = Call(tx, params)
        mine = tx.next("polls")
        _refuse_with_webhook(tx)
        hooks.remember_kinds(call)
        updates.drop_expired(tx)
        _confirm(tx, call.integer("offset") or 0)
        most = max(1, min(call.integer("limit") or MOST, MOST))
        until = time.monotonic() + max(0, min(call.integer("timeout") or 0, LONGEST_SECONDS))
    while True:
        with store.read() as tx:
            _refuse_when_overtaken(tx, mine)
            found = _waiting(tx, most)
        left = until - time.monotonic()
        if found or left <= 0:
            return found
        store.wait(min(left, LOOK_SECONDS))


def _refuse_with_webhook(tx: Tx) -> None:
    if tx.fact("webhook"):
        raise ApiError(409, CONFLICT)


def _refuse_when_overtaken(tx: Tx, mine: int) -> None:
    """A second getUpdates ends the first, and so does a webhook."""
    _refuse_with_webhook(tx)
    row = tx.one("SELECT value FROM counters WHERE name = 'polls'")
    if row is not None and row["value"] != mine:
        raise ApiError(409, TERMINATED)


def _confirm(tx: Tx, offset: int) -> None:
    if offset > 0:
        tx.run("DELETE FROM updates WHERE update_id < ?", offset)
    elif offset < 0:
        tx.run(
            "DELETE FROM updates WHERE update_id NOT IN"
            " (SELECT update_id FROM updates ORDER BY update_id DESC LIMIT ?)",
            -offset,
        )


def _waiting(tx: Tx, most: int) -> list[Json]:
    """An update held back by a fault comes after those that overtake it in the same answer.

    Confirming goes by number, so while one is held back in this mode nothing behind it may be shown alone.
    """
    rows = tx.all("SELECT * FROM updates WHERE expires >= ? ORDER BY update_id LIMIT ?", tx.now, most)
    if any(row["overtakable"] and row["due"] > tx.real for row in rows):
        return []
    rows.sort(key=lambda row: (bool(row["overtakable"]), row["update_id"]))
    return [updates.shape(row) for row in rows for _ in range(row["copies"])][: MOST * 2]
