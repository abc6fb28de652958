"""What can be seen of the sandbox's world: everything that changed since a version, ready for the page."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from bot.sandbox import clock, entities, faults, limits, messages, world
from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import view as zalo
from bot.sandbox.zalo.account import account

MEDIA = ("photo", "video", "document", "voice", "sticker")
TYPING_SECONDS = 5
SNIPPET = 80


def state(tx: Tx, since: int, wanted: list[str], media_root: str) -> Json:
    """See bot.sandbox.control for the shape. `wanted` narrows messages and chats to these; empty means all."""
    version = tx.one("SELECT value FROM counters WHERE name = 'version'")
    owner = account(tx.state_dir)
    # -1 is no chat: with only chats of Zalo wanted there is nothing of Telegram.
    chats = [int(chat) for chat in wanted if not is_zalo(chat)] or ([-1] if wanted else [])
    zalo_chats = [chat for chat in wanted if is_zalo(chat)] if wanted else None
    return {
        "version": 0 if version is None else version["value"],
        "now": datetime.fromtimestamp(tx.now, UTC).isoformat(timespec="seconds"),
        "offset_seconds": clock.read_offset(tx.state_dir).total_seconds(),
        "bot": _bot(tx),
        "zalo": zalo.about(tx, owner),
        "people": [
            *(_person(row) for row in tx.all("SELECT * FROM people WHERE version > ? ORDER BY id", since)),
            *zalo.people(tx, since),
        ],
        "chats": [
            *(_chat(tx, row) for row in _changed(tx, "chats", "id", since, chats)),
            *zalo.chats(tx, since, zalo_chats),
        ],
        "messages": [
            *(_message(tx, row, media_root) for row in _changed(tx, "messages", "chat_id", since, chats)),
            *zalo.said(tx, owner, since, zalo_chats, media_root),
        ],
        "toasts": [_toast(row) for row in _changed(tx, "callbacks", "chat_id", since, chats) if row["answered"]],
        "faults": faults.listed(tx),
        "limits": limits.read(tx),
    }


def is_zalo(chat: object) -> bool:
    """Ids of Zalo are long texts; those of Telegram are numbers that any program can count with."""
    digits = str(chat).removeprefix("-")
    return chat is not None and (not digits.isdigit() or len(digits) > 15)


def _changed(tx: Tx, table: str, column: str, since: int, chats: list[int]) -> list[sqlite3.Row]:
    # Table and column are words of this file; values travel as parameters.
    narrowed = f" AND {column} IN ({','.join('?' * len(chats))})" if chats else ""
    return tx.all(f"SELECT * FROM {table} WHERE version > ?{narrowed} ORDER BY version", since, *chats)  # noqa: S608


def _bot(tx: Tx) -> Json:
    webhook, error = tx.fact("webhook"), tx.fact("webhook_error")
    pending = tx.one("SELECT COUNT(*) AS n FROM updates")
    return {
        **world.bot_user(tx),
        "webhook": webhook["url"] if webhook else "",
        "pending": 0 if pending is None else pending["n"],
        "last_error": error["message"] if error else "",
        "commands": next(iter(tx.fact("about:commands", {}).values()), []),
    }


def _person(row: sqlite3.Row) -> Json:
    found = {"id": row["id"], "name": _name(world.user(row)), "deactivated": bool(row["deactivated"])}
    return {**found, "platform": "telegram"}


def _name(user: Json) -> str:
    """As the apps show it."""
    return " ".join(part for part in (user["first_name"], user.get("last_name")) if part)


def _chat(tx: Tx, row: sqlite3.Row) -> Json:
    members = tx.all(
        "SELECT m.*, p.first_name, p.last_name FROM members m JOIN people p ON p.id = m.person_id WHERE m.chat_id = ?",
        row["id"],
    )
    topics = tx.all("SELECT * FROM topics WHERE chat_id = ? ORDER BY thread_id", row["id"])
    typing = row["action"] is not None and tx.real - row["action_at"] < TYPING_SECONDS
    return {
        "id": row["id"],
        "platform": "telegram",
        "type": row["type"],
        "title": row["title"] or _name(world.user(world.person(tx, row["id"]))),
        "is_forum": bool(row["is_forum"]),
        "migrated_to": row["migrated_to"],
        "migrated_from": row["migrated_from"],
        "bot_status": row["bot_status"],
        "started": bool(row["started"]),
        "blocked": bool(row["blocked"]),
        "typing": typing,
        "keyboard": json.loads(row["keyboard"]) if row["keyboard"] else None,
        "members": [_member(member) for member in members],
        "topics": [{"id": t["thread_id"], "name": t["name"], "closed": bool(t["closed"])} for t in topics],
    }


def _member(row: sqlite3.Row) -> Json:
    full = {"first_name": row["first_name"], "last_name": row["last_name"]}
    return {
        "person": row["person_id"],
        "name": _name(full),
        "status": row["status"],
        "anonymous": bool(row["anonymous"]),
    }


def _message(tx: Tx, row: sqlite3.Row, media_root: str) -> Json:
    shown: Json = {
        "chat": row["chat_id"],
        "message_id": row["message_id"],
        "thread": row["thread_id"],
        "date": _time(row["date"]),
        "version": row["version"],
        "deleted": bool(row["deleted"]),
    }
    if row["deleted"]:
        return shown
    body: Json = json.loads(row["body"])
    words = str(body.get("text") or body.get("caption") or "")
    marks: list[Json] = body.get("entities") or body.get("caption_entities") or []
    return {
        **shown,
        "from": {"id": body["from"]["id"], "name": _name(body["from"]), "is_bot": body["from"]["is_bot"]},
        "anonymous": "sender_chat" in body,
        "edited": _time(body["edit_date"]) if "edit_date" in body else None,
        "text": words,
        "entities": marks,
        "html": entities.to_html(words, marks),
        "media": _media(body, media_root),
        "group": body.get("media_group_id"),
        "location": body.get("location"),
        "venue": body.get("venue"),
        "contact": body.get("contact"),
        "buttons": body.get("reply_markup", {}).get("inline_keyboard", []),
        "reply_to": _answered(tx, row),
        "service": next(({"kind": kind, "value": body[kind]} for kind in messages.SERVICE if kind in body), None),
        "reaction": body.get("_reaction", ""),
        "pinned": bool(body.get("_pinned")),
        "forwarded": "forward_origin" in body,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _media(body: Json, root: str) -> Json | None:
    kind = next((name for name in MEDIA if name in body), None)
    if kind is None:
        return None
    file: Any = body[kind][-1] if kind == "photo" else body[kind]
    small = body[kind][min(1, len(body[kind]) - 1)] if kind == "photo" else file
    return {
        "kind": kind,
        "url": f"{root}/media/{file['file_id']}",
        "thumb": f"{root}/media/{small['file_id']}",
        "name": file.get("file_name", ""),
        "size": file["file_size"],
        "width": file.get("width"),
        "height": file.get("height"),
    }


def _answered(tx: Tx, row: sqlite3.Row) -> Json | None:
    """The quoted message, except a topic's first one, which every message in a topic answers by nature."""
    if row["reply_to"] is None or row["reply_to"] == row["thread_id"]:
        return None
    target = messages.find(tx, row["chat_id"], row["reply_to"])
    if target is None:
        return None
    body = json.loads(target["body"])
    words = str(body.get("text") or body.get("caption") or "")
    kind = next((name for name in (*MEDIA, "location", "contact") if name in body), "")
    return {"message_id": row["reply_to"], "name": _name(body["from"]), "text": words[:SNIPPET], "kind": kind}


def _toast(row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "chat": row["chat_id"],
        "person": row["person_id"],
        "message_id": row["message_id"],
        "text": row["text"] or "",
        "alert": bool(row["alert"]),
    }
