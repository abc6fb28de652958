"""Methods about the topics of a forum."""

import sqlite3
from collections.abc import Callable

from bot.sandbox import limits, messages, sending, world
from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.store import Json


def _topic_name(call: Call) -> str:
    name = call.text("name")
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    return name


def create_topic(call: Call) -> Json:
    chat = sending.manager(call)
    name, color = _topic_name(call), call.integer("icon_color") or 0x6FB9F0
    limits.charge(call.tx, chat["id"], group=True, messages=1)
    thread_id = messages.open_topic(call.tx, chat, world.bot_user(call.tx), name)
    return {"message_thread_id": thread_id, "name": name, "icon_color": color}


def _topic(call: Call, chat: sqlite3.Row) -> sqlite3.Row:
    topic = sending.find_topic(call.tx, chat, call.integer("message_thread_id") or 0)
    if topic is None:
        raise bad("TOPIC_ID_INVALID")
    return topic


def edit_topic(call: Call) -> bool:
    chat = sending.manager(call)
    topic = _topic(call, chat)
    name = _topic_name(call) if "name" in call.params else topic["name"]
    if name == topic["name"] and "icon_custom_emoji_id" not in call.params:
        raise bad("TOPIC_NOT_MODIFIED")
    call.tx.run("UPDATE topics SET name = ? WHERE chat_id = ? AND thread_id = ?", name, chat["id"], topic["thread_id"])
    messages.touch_chat(call.tx, chat["id"])
    return True


def set_closed(closed: bool) -> Callable[[Call], bool]:
    def method(call: Call) -> bool:
        chat = sending.manager(call)
        topic = _topic(call, chat)
        if bool(topic["closed"]) is closed:
            raise bad("TOPIC_NOT_MODIFIED")
        call.tx.run(
            "UPDATE topics SET closed = ? WHERE chat_id = ? AND thread_id = ?",
            closed,
            chat["id"],
            topic["thread_id"],
        )
        messages.touch_chat(call.tx, chat["id"])
        return True

    return method
