"""Methods that change what was said: edits, deletions, pins, reactions, answers to buttons."""

import json

from bot.sandbox import limits, messages, sending, world
from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.methods.send import INPUT_MEDIA, item_of, written
from bot.sandbox.store import Json

# The reactions a civil servant would use; the platform's list is longer.
REACTIONS = frozenset("👍👎❤🔥👏😁🤔🎉🙏👌😢👀✍🤝💯⚡🆒🫡")
DELETABLE_SECONDS = 48 * 3600


def edit_message_text(call: Call) -> Json:
    chat, row = sending.own_message(call)
    if "text" not in json.loads(row["body"]):
        raise bad("there is no text in the message to edit")
    return sending.edit(call, chat, row, written(call), ("text", "entities", "link_preview_options"))


def edit_message_caption(call: Call) -> Json:
    chat, row = sending.own_message(call)
    if not any(kind in json.loads(row["body"]) for kind in (*INPUT_MEDIA, "voice")):
        raise bad("there is no caption in the message to edit")
    return sending.edit(call, chat, row, call.caption(), ("caption", "caption_entities"))


def edit_message_reply_markup(call: Call) -> Json:
    chat, row = sending.own_message(call)
    return sending.edit(call, chat, row, {})


def edit_message_media(call: Call) -> Json:
    chat, row = sending.own_message(call)
    item = call.mapping("media")
    if item.get("type") not in INPUT_MEDIA:
        raise bad("can't parse InputMedia: media type is not supported")
    gone = ("text", "entities", "caption", "caption_entities", *INPUT_MEDIA, "voice")
    return sending.edit(call, chat, row, item_of(call, item), gone)


def delete_message(call: Call) -> bool:
    chat = sending.target(call)
    row = messages.find(call.tx, chat["id"], call.integer("message_id"))
    if row is None:
        raise bad("message to delete not found")
    foreign = row["sender_id"] != world.bot_id(call.tx)
    if call.tx.now - row["date"] > DELETABLE_SECONDS and chat["bot_status"] != "administrator":
        raise bad("message can't be deleted for everyone")
    if foreign and chat["type"] != "private" and chat["bot_status"] != "administrator":
        raise bad("message can't be deleted")
    messages.delete(call.tx, row)
    return True


def pin_message(call: Call) -> bool:
    chat = sending.target(call)
    if chat["type"] != "private" and chat["bot_status"] != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    row = messages.find(call.tx, chat["id"], call.integer("message_id"))
    if row is None:
        raise bad("message to pin not found")
    messages.rewrite(call.tx, row, {**json.loads(row["body"]), "_pinned": True})
    return True


def set_reaction(call: Call) -> bool:
    chat = sending.target(call)
    row = messages.find(call.tx, chat["id"], call.integer("message_id"))
    if row is None:
        raise bad("message to react not found")
    wanted = call.data("reaction") or []
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise bad("can't parse reaction type JSON object")
    emoji = [str(item.get("emoji")).rstrip("\ufe0f") for item in wanted]
    if len(emoji) > 1 or not set(emoji) <= REACTIONS:
        raise bad("REACTION_INVALID" if len(emoji) <= 1 else "REACTIONS_TOO_MANY")
    messages.rewrite(call.tx, row, {**json.loads(row["body"]), "_reaction": "".join(emoji)})
    return True


def answer_callback(call: Call) -> bool:
    tx = call.tx
    words = call.text("text")
    if len(words) > limits.ANSWER_CHARACTERS:
        raise bad("MESSAGE_TOO_LONG")
    row = tx.one("SELECT * FROM callbacks WHERE id = ?", call.text("callback_query_id"))
    if row is None or tx.now - row["pressed"] > limits.read(tx)["callback_seconds"]:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    tx.run(
        "UPDATE callbacks SET answered = 1, text = ?, alert = ?, version = ? WHERE id = ?",
        words or None,
        call.flag("show_alert"),
        tx.bump(),
        row["id"],
    )
    return True
