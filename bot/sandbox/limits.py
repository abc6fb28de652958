"""How much the platform lets a bot say: sizes, rates and lifetimes, and the buckets that count the rates."""

import math

from bot.sandbox.errors import too_many
from bot.sandbox.store import Json, Tx

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
CALLBACK_BYTES = 64
ROW_BUTTONS = 8
ALL_BUTTONS = 100
ALBUM = range(2, 11)
DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
ANSWER_CHARACTERS = 200

# Telegram promises no exact rates; these are the figures of its FAQ with a small burst for one chat.
DEFAULTS: Json = {
    "rates": True,
    "overall_per_second": 30.0,
    "chat_per_second": 1.0,
    "chat_burst": 8,
    "group_per_minute": 20.0,
    "callback_seconds": 150,
    "update_seconds": 86400,
    "retry_base_seconds": 2.0,
    "retry_most_seconds": 60.0,
}


def read(tx: Tx) -> Json:
    """The limits in force: the defaults, changed by whoever drives the sandbox."""
    return {**DEFAULTS, **tx.fact("limits", {})}


def change(tx: Tx, wanted: Json) -> Json:
    """Set some limits. Raises ValueError for an unknown name or a value that is no number."""
    for name, value in wanted.items():
        if name not in DEFAULTS:
            raise ValueError(f"unknown limit: {name}")
        if name != "rates" and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
            raise ValueError(f"a limit is a number above zero: {name}")
    tx.keep_fact("limits", {**tx.fact("limits", {}), **wanted})
    return read(tx)


def charge(tx: Tx, chat_id: int, *, group: bool, messages: int) -> None:
    """Count messages against the bot, the chat and the group. Raises ApiError 429 with `retry_after`."""
    limits = read(tx)
    if not limits["rates"]:
        return
    buckets = [
        ("all", limits["overall_per_second"], limits["overall_per_second"]),
        (f"chat:{chat_id}", limits["chat_per_second"], float(limits["chat_burst"])),
    ]
    if group:
        buckets.append((f"group:{chat_id}", limits["group_per_minute"] / 60, limits["group_per_minute"]))
    levels = [(name, _level(tx, name, rate, size), rate, size) for name, rate, size in buckets]
    # An album larger than a bucket could never pass; a full bucket lets it through and goes into debt.
    waits = [(min(messages, size) - level) / rate for _, level, rate, size in levels]
    if max(waits) > 0:
        raise too_many(max(1, math.ceil(max(waits))))
    for name, level, _, _ in levels:
        tx.run(
            "INSERT INTO buckets VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET level = excluded.level, at = excluded.at",
            name,
            level - messages,
            tx.real,
        )


def _level(tx: Tx, name: str, rate: float, size: float) -> float:
    row = tx.one("SELECT level, at FROM buckets WHERE name = ?", name)
    if row is None:
        return size
    return min(size, float(row["level"]) + max(0.0, tx.real - float(row["at"])) * rate)
