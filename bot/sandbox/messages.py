"""Messages of a chat: kept once, shown to the bot as the wire's `Message`."""

import json
import sqlite3

from bot.sandbox import world
from bot.sandbox.store import Json, Tx, dump

ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
)


def chat_row(tx: Tx, chat_id: int) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM chats WHERE id = ?", chat_id)


def chat_json(tx: Tx, chat: sqlite3.Row) -> Json:
    """A chat as the wire's `Chat`."""
    if chat["type"] == "private":
        person = world.user(world.person(tx, chat["id"]))
        names: Json = {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        return {"id": chat["id"], "type": "private", **names}
    shown: Json = {"id": chat["id"], "type": chat["type"], "title": chat["title"]}
    if chat["is_forum"]:
        shown["is_forum"] = True
    return shown


def touch_chat(tx: Tx, chat_id: int, **changes: object) -> None:
    """Change columns of a chat and mark it as changed."""
    names = "".join(f"{name} = ?, " for name in changes)
    tx.run(f"UPDATE chats SET {names}version = ? WHERE id = ?", *changes.values(), tx.bump(), chat_id)  # noqa: S608 column names come from code


def post(
    tx: Tx,
    chat: sqlite3.Row,
    sender: Json,
    content: Json,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> int:
    """Keep a message and give its id. Private chats and groups share one row of ids."""
    own = chat["type"] == "supergroup"
    message_id = tx.next(f"messages:{chat['id']}" if own else "messages")
    if own and message_id == 1:
        # Number 1 of a supergroup is its own making, and the id of the General topic; nothing else has it.
        message_id = tx.next(f"messages:{chat['id']}")
    body: Json = {"from": sender, **content}
    if sender["id"] == ANONYMOUS["id"]:
        body["sender_chat"] = chat_json(tx, chat)
    if chat["is_forum"] and thread_id is not None:
        body |= {"message_thread_id": thread_id, "is_topic_message": True}
        # On the real platform a message in a topic that answers nothing answers the topic's first message.
        reply_to = reply_to or thread_id
    elif own and reply_to is not None:
        body["message_thread_id"] = _thread_of(tx, chat["id"], reply_to)
    tx.run(
        "INSERT INTO messages (chat_id, message_id, sender_id, thread_id, reply_to, date, body, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        chat["id"],
        message_id,
        sender["id"],
        thread_id,
        reply_to,
        int(tx.now),
        dump(body),
        tx.bump(),
    )
    return message_id


def open_topic(tx: Tx, chat: sqlite3.Row, sender: Json, name: str) -> int:
    """Make a topic; its id is the id of its first message, the service message that announces it."""
    thread_id = post(tx, chat, sender, {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}})
    row = find(tx, chat["id"], thread_id)
    if row is not None:
        rewrite(tx, row, {**json.loads(row["body"]), "message_thread_id": thread_id, "is_topic_message": True})
    tx.run("UPDATE messages SET thread_id = ?2 WHERE chat_id = ?1 AND message_id = ?2", chat["id"], thread_id)
    tx.run("INSERT INTO topics (chat_id, thread_id, name) VALUES (?, ?, ?)", chat["id"], thread_id, name)
    touch_chat(tx, chat["id"])
    return thread_id


def _thread_of(tx: Tx, chat_id: int, message_id: int) -> int:
    """Replies in a plain supergroup carry a thread id too; it only names the first message of the talk."""
    target = find(tx, chat_id, message_id)
    known = None if target is None else json.loads(target["body"]).get("message_thread_id")
    return int(known or message_id)


def find(tx: Tx, chat_id: int, message_id: int | None) -> sqlite3.Row | None:
    """A message that is still there."""
    return tx.one("SELECT * FROM messages WHERE chat_id = ? AND message_id = ? AND deleted = 0", chat_id, message_id)


def rewrite(tx: Tx, row: sqlite3.Row, body: Json) -> None:
    tx.run(
        "UPDATE messages SET body = ?, version = ? WHERE chat_id = ? AND message_id = ?",
        dump(body),
        tx.bump(),
        row["chat_id"],
        row["message_id"],
    )


def delete(tx: Tx, row: sqlite3.Row) -> None:
    tx.run(
        "UPDATE messages SET deleted = 1, version = ? WHERE chat_id = ? AND message_id = ?",
        tx.bump(),
        row["chat_id"],
        row["message_id"],
    )


def wire(tx: Tx, chat: sqlite3.Row, message_id: int, *, nested: bool = True) -> Json:
    """The message as the wire's `Message`; what it answers is shown one level deep."""
    row = find(tx, chat["id"], message_id)
    if row is None:
        # An inaccessible message: the date 0 says that its content cannot be had.
        return {"chat": chat_json(tx, chat), "message_id": message_id, "date": 0}
    body = {name: value for name, value in json.loads(row["body"]).items() if not name.startswith("_")}
    shown: Json = {"message_id": message_id, "date": row["date"], "chat": chat_json(tx, chat), **body}
    if nested and row["reply_to"] is not None and find(tx, chat["id"], row["reply_to"]) is not None:
        shown["reply_to_message"] = wire(tx, chat, row["reply_to"], nested=False)
    return shown
