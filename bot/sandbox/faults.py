"""Fault switches: what goes wrong on the wire, how often, for which method; the same for the same seed."""

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.store import Json, Tx

T = TypeVar("T")

ON_CALLS = ("slow", "429", "500", "drop", "html", "code")
ON_UPDATES = ("duplicate", "reorder", "forge")
# What `value` means, and its default, for each kind. The last three are Zalo's alone.
VALUES = {
    "slow": 1500,
    "429": 3,
    "500": 0,
    "drop": 0,
    "duplicate": 2,
    "reorder": 1500,
    "html": 0,
    "code": -200,
    "forge": 0,
}
# A switch for calls or events of Zalo has this before its method; without it, it is for Telegram.
ZALO = "zalo:"


def switch_on(tx: Tx, wanted: Json) -> Json:
    """Add a fault; see bot.sandbox.control for the shape. Raises ValueError when it makes no sense."""
    kind = str(wanted.get("kind", ""))
    method = str(wanted.get("method") or "*").lower()
    if kind not in VALUES:
        raise ValueError(f"unknown kind of fault: {kind}")
    if kind in ("html", "code", "forge") and not method.startswith(ZALO):
        raise ValueError(f"only Zalo has this fault: {kind}")
    probability = float(wanted.get("probability", 1.0))
    if not 0 < probability <= 1:
        raise ValueError("a probability lies above 0 and is at most 1")
    count = wanted.get("count")
    if count is not None and int(count) < 1:
        raise ValueError("a count is at least 1")
    row = tx.one(
        "INSERT INTO faults (kind, method, probability, count, value, after, seed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
        kind,
        method,
        probability,
        None if count is None else int(count),
        int(wanted.get("value", VALUES[kind])),
        bool(wanted.get("after", False)),
        str(wanted.get("seed") or secrets.token_hex(4)),
    )
    if row is None:
        raise AssertionError("RETURNING gave no row")
    return _shape(row)


def switch_off(tx: Tx, fault_id: int | None) -> None:
    """Remove one fault, or all of them."""
    if fault_id is None:
        tx.run("DELETE FROM faults")
    else:
        tx.run("DELETE FROM faults WHERE id = ?", fault_id)


def listed(tx: Tx) -> list[Json]:
    return [_shape(row) for row in tx.all("SELECT * FROM faults ORDER BY id")]


def any_on(tx: Tx) -> bool:
    return tx.one("SELECT 1 FROM faults LIMIT 1") is not None


def strike(tx: Tx, kinds: tuple[str, ...], method: str, platform: str = "") -> list[Json]:
    """Draw for every switch that fits and give back those that strike now; a used-up switch is removed."""
    fitting = (f"{platform}*", f"{platform}{method}".lower())
    rows = tx.all("SELECT * FROM faults WHERE method IN (?, ?) ORDER BY id", *fitting)
    return [_shape(row) for row in rows if row["kind"] in kinds and _strikes(tx, row)]


def _strikes(tx: Tx, row: sqlite3.Row) -> bool:
    drawn = row["drawn"] + 1
    digest = hashlib.sha256(f"{row['seed']}:{row['kind']}:{row['method']}:{drawn}".encode()).digest()
    hit = int.from_bytes(digest[:6]) / 2**48 < row["probability"]
    left = row["count"] if row["count"] is None or not hit else row["count"] - 1
    if left == 0:
        tx.run("DELETE FROM faults WHERE id = ?", row["id"])
    else:
        tx.run("UPDATE faults SET drawn = ?, count = ? WHERE id = ?", drawn, left, row["id"])
    return bool(hit)


def _shape(row: sqlite3.Row) -> Json:
    return {**dict(row), "after": bool(row["after"])}


def around(struck: list[Json], spoil: Callable[[Json], T], work: Callable[[], T]) -> T:
    """Answer a call, late where it was struck slow; another fault spoils it before or after the work is done."""
    for fault in struck:
        if fault["kind"] == "slow":
            time.sleep(fault["value"] / 1000)
    spoiled = [fault for fault in struck if fault["kind"] != "slow"]
    before = next((fault for fault in spoiled if not fault["after"]), None)
    if before is not None:
        return spoil(before)
    answer = work()
    after = next((fault for fault in spoiled if fault["after"]), None)
    return answer if after is None else spoil(after)
