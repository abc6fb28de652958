"""Messages of a chat with the OA or of one of its groups: kept once, shown on the page and in the histories."""

import json
import secrets
import sqlite3

from bot.sandbox.store import Json, Tx, dump

# Kinds of content by what a message holds; the order decides what it is when there are several.
KINDS = ("image", "gif", "video", "audio", "sticker", "file", "location", "link", "business_card")


def post(tx: Tx, chat: str, sender: str, body: Json, quoted: int | None = None) -> sqlite3.Row:
    """Keep a message. `body`: text?, file? {id, kind}, location?, link?, buttons?, service?, info? …"""
    row = tx.one(
        "INSERT INTO zalo_messages (msg_id, chat, sender, quoted, date, body, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
        secrets.token_hex(10),
        chat,
        sender,
        quoted,
        tx.now,
        dump(body),
        tx.bump(),
    )
    if row is None:
        raise AssertionError("RETURNING gave no row")
    return row


def find(tx: Tx, chat: str, number: int) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM zalo_messages WHERE chat = ? AND number = ?", chat, number)


def by_msg_id(tx: Tx, chat: str, msg_id: str) -> sqlite3.Row | None:
    """A message by the id of the wire."""
    return tx.one("SELECT * FROM zalo_messages WHERE chat = ? AND msg_id = ?", chat, msg_id)


def rewrite(tx: Tx, row: sqlite3.Row, body: Json) -> None:
    tx.run("UPDATE zalo_messages SET body = ?, version = ? WHERE number = ?", dump(body), tx.bump(), row["number"])


def content(row: sqlite3.Row) -> Json:
    body: Json = json.loads(row["body"])
    return body


def kind(body: Json) -> str:
    """`text`, or what is attached."""
    attached = body.get("file", {}).get("kind", "")
    return next((name for name in KINDS if name == attached or name in body), "text")


def latest(tx: Tx, chat: str | None, offset: int, count: int) -> list[sqlite3.Row]:
    """The newest messages first: of one chat, or the newest of every chat between a person and the OA."""
    if chat is not None:
        return tx.all(
            "SELECT * FROM zalo_messages WHERE chat = ? ORDER BY number DESC LIMIT ? OFFSET ?", chat, count, offset
        )
    return tx.all(
        "SELECT * FROM zalo_messages WHERE number IN (SELECT MAX(number) FROM zalo_messages WHERE chat IN"
        " (SELECT id FROM zalo_people) GROUP BY chat) ORDER BY number DESC LIMIT ? OFFSET ?",
        count,
        offset,
    )


def told(row: sqlite3.Row, *, by_person: bool) -> Json:
    """A message as the histories tell it: `src` 1 is a message of a person, 0 one of the OA."""
    body = content(row)
    return {
        "src": int(by_person),
        "time": int(row["date"] * 1000),
        "type": kind(body),
        "message": body.get("text", ""),
        "message_id": row["msg_id"],
        "from_id": row["sender"],
    }
