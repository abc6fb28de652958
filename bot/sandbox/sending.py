"""How a message of the bot comes about: target, thread, reply, buttons, rate; then it is kept and shown."""

import json
import sqlite3

from bot.sandbox import keyboards, limits, messages, world
from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, bad, forbidden
from bot.sandbox.store import Json, Tx, dump

CLOSED_TO_BOTS = {"left": "bot is not a member of the {} chat", "kicked": "bot was kicked from the {} chat"}


def target(call: Call, name: str = "chat_id") -> sqlite3.Row:
    """The chat that the call names and the bot may write to. Raises ApiError otherwise."""
    chat = known(call, name)
    if chat["migrated_to"] is not None:
        words = "group chat was upgraded to a supergroup chat"
        raise bad(words, migrate_to_chat_id=chat["migrated_to"])
    if chat["type"] == "private":
        _reachable(call.tx, chat)
    elif chat["bot_status"] in CLOSED_TO_BOTS:
        raise forbidden(CLOSED_TO_BOTS[chat["bot_status"]].format(chat["type"]))
    return chat


def known(call: Call, name: str = "chat_id") -> sqlite3.Row:
    """The chat that the call names, reachable or not."""
    raw = call.text(name)
    if not raw:
        raise bad(f"{name} is empty")
    chat = messages.chat_row(call.tx, int(raw)) if raw.lstrip("-").isdigit() and len(raw) < 19 else None
    if chat is None:
        raise bad("chat not found")
    return chat


def _reachable(tx: Tx, chat: sqlite3.Row) -> None:
    if world.person(tx, chat["id"])["deactivated"]:
        raise forbidden("user is deactivated")
    if chat["blocked"]:
        raise forbidden("bot was blocked by the user")
    if not chat["started"]:
        raise forbidden("bot can't initiate conversation with a user")


def send(call: Call, contents: list[Json]) -> list[Json]:
    """Post one message or an album for the bot and give the wire's `Message` of each."""
    tx, chat = call.tx, target(call)
    thread_id = thread(call, chat)
    reply_to = _reply(call, chat)
    markup = keyboards.checked(call.mapping("reply_markup"), chat["type"])
    limits.charge(tx, chat["id"], group=chat["type"] != "private", messages=len(contents))
    if markup.get("inline_keyboard"):
        contents = [{**content, "reply_markup": markup} for content in contents]
    if call.flag("protect_content"):
        contents = [{**content, "has_protected_content": True} for content in contents]
    me = world.bot_user(tx)
    ids = [messages.post(tx, chat, me, content, thread_id=thread_id, reply_to=reply_to) for content in contents]
    _show_keyboard(tx, chat, markup)
    return [messages.wire(tx, chat, message_id) for message_id in ids]


def _show_keyboard(tx: Tx, chat: sqlite3.Row, markup: Json) -> None:
    """A reply keyboard belongs to the chat, not to the message; sending one replaces the last."""
    if "keyboard" in markup:
        messages.touch_chat(tx, chat["id"], keyboard=dump(markup), action=None)
    elif markup.get("remove_keyboard"):
        messages.touch_chat(tx, chat["id"], keyboard=None, action=None)
    elif chat["action"] is not None:
        messages.touch_chat(tx, chat["id"], action=None)


def thread(call: Call, chat: sqlite3.Row) -> int | None:
    """The topic that the call names. General has no id on the wire: asking for 1 finds nothing."""
    thread_id = call.integer("message_thread_id")
    if not thread_id:
        return None
    topic = find_topic(call.tx, chat, thread_id)
    if topic is None:
        raise bad("message thread not found")
    if topic["closed"] and chat["bot_status"] != "administrator":
        raise bad("TOPIC_CLOSED")
    return thread_id


def find_topic(tx: Tx, chat: sqlite3.Row, thread_id: int) -> sqlite3.Row | None:
    if not chat["is_forum"]:
        return None
    return tx.one("SELECT * FROM topics WHERE chat_id = ? AND thread_id = ?", chat["id"], thread_id)


def _reply(call: Call, chat: sqlite3.Row) -> int | None:
    wanted = call.mapping("reply_parameters")
    reply_to = Call(call.tx, wanted).integer("message_id") or call.integer("reply_to_message_id")
    if reply_to is None:
        return None
    if messages.find(call.tx, chat["id"], reply_to) is not None:
        return reply_to
    if wanted.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def own_message(call: Call) -> tuple[sqlite3.Row, sqlite3.Row]:
    """The chat and the bot's own message that an edit names."""
    if call.text("inline_message_id"):
        raise bad("MESSAGE_ID_INVALID")
    chat = target(call)
    message_id = call.integer("message_id")
    if not message_id:
        raise bad("message identifier is not specified")
    row = messages.find(call.tx, chat["id"], message_id)
    if row is None:
        raise bad("message to edit not found")
    if row["sender_id"] != world.bot_id(call.tx):
        raise bad("message can't be edited")
    return chat, row


def edit(call: Call, chat: sqlite3.Row, row: sqlite3.Row, changes: Json, dropped: tuple[str, ...] = ()) -> Json:
    """Put `changes` in place of `dropped`; an edit without buttons takes the old ones away."""
    before: Json = json.loads(row["body"])
    gone = {*dropped, "reply_markup", "edit_date"}
    after = {name: value for name, value in before.items() if name not in gone} | changes
    markup = keyboards.checked(call.mapping("reply_markup"), chat["type"])
    if markup and "inline_keyboard" not in markup:
        raise bad("object expected as reply markup: inline keyboard expected")
    if markup.get("inline_keyboard"):
        after["reply_markup"] = markup
    if after == {name: value for name, value in before.items() if name != "edit_date"}:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    messages.rewrite(call.tx, row, {**after, "edit_date": int(call.tx.now)})
    return messages.wire(call.tx, chat, row["message_id"])


def manager(call: Call) -> sqlite3.Row:
    """A forum in which the bot may manage topics."""
    chat = target(call)
    if not chat["is_forum"]:
        raise bad("the chat is not a forum")
    if chat["bot_status"] != "administrator":
        raise bad("not enough rights to create a topic")
    return chat


def in_group(call: Call) -> sqlite3.Row:
    chat = target(call)
    if chat["type"] == "private":
        raise ApiError(400, "Bad Request: there are no administrators in the private chat")
    return chat
