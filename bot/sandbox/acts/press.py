"""What people press: the inline buttons under a message, truly or with a changed app."""

import json
import secrets
import sqlite3

from bot.sandbox import limits, messages, updates, world
from bot.sandbox.acts.talk import sender_of
from bot.sandbox.acts.wish import Act
from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Tx


def press(act: Act) -> Json:
    """Press an inline button; one left behind in a group that moved belongs to the old chat still.

    With `forge` any data goes out for any message, as a changed app may do.
    """
    tx, chat, person = act.tx, act.chat(follow=False), act.person()
    message_id, data = int(act.need("message")), str(act.need("data"))
    forged = bool(act.wish.get("forge"))
    if not forged:
        sender_of(tx, chat, person)
        _button_is_there(tx, chat, message_id, data)
    callback_id = str(10**17 + secrets.randbelow(9 * 10**17))
    tx.run(
        "INSERT INTO callbacks (id, person_id, chat_id, message_id, pressed, version) VALUES (?, ?, ?, ?, ?, ?)",
        callback_id,
        person["id"],
        chat["id"],
        message_id,
        tx.now,
        tx.bump(),
    )
    query = {
        "id": callback_id,
        "from": world.user(person),
        "message": messages.wire(tx, chat, message_id),
        "chat_instance": str(abs(chat["id"]) * 7919),
        "data": data,
    }
    lifetime = float(limits.read(tx)["callback_seconds"])
    if chat["bot_status"] in updates.PRESENT and not chat["blocked"]:
        updates.enqueue(tx, "callback_query", query, f"callback_query:{person['id']}", lifetime)
    return {"chat": chat["id"], "callback_id": callback_id}


def _button_is_there(tx: Tx, chat: sqlite3.Row, message_id: int, data: str) -> None:
    row = messages.find(tx, chat["id"], message_id)
    rows = [] if row is None else json.loads(row["body"]).get("reply_markup", {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for line in rows for button in line):
        raise ActError("there is no such button any more")
