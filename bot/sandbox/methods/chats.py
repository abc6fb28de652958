"""Methods about files, chats and their members."""

from bot.sandbox import limits, media, messages, sending, updates, world
from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.store import Json


def get_file(call: Call) -> Json:
    row = media.by_id(call.tx, call.text("file_id"))
    if row is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if row["size"] > limits.DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {
        "file_id": row["file_id"],
        "file_unique_id": row["unique_id"],
        "file_size": row["size"],
        "file_path": row["path"],
    }


def get_chat(call: Call) -> Json:
    chat = sending.known(call)
    if chat["type"] != "private" or chat["migrated_to"] is not None:
        chat = sending.target(call)
    elif not chat["started"]:
        raise bad("chat not found")
    return {
        **messages.chat_json(call.tx, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


def get_chat_member(call: Call) -> Json:
    chat = sending.target(call)
    user_id = call.integer("user_id")
    if user_id == world.bot_id(call.tx):
        return updates.member_json(world.bot_user(call.tx), chat["bot_status"])
    person = call.tx.one("SELECT * FROM people WHERE id = ?", user_id)
    if person is None:
        raise bad("user not found")
    row = call.tx.one("SELECT * FROM members WHERE chat_id = ? AND person_id = ?", chat["id"], user_id)
    if chat["type"] == "private":
        return updates.member_json(world.user(person), "member" if user_id == chat["id"] else "left")
    if row is None:
        return updates.member_json(world.user(person), "left")
    return updates.member_json(world.user(person), row["status"], anonymous=bool(row["anonymous"]))


def get_chat_administrators(call: Call) -> list[Json]:
    chat = sending.in_group(call)
    rows = call.tx.all(
        "SELECT m.status, m.anonymous, p.* FROM members m JOIN people p ON p.id = m.person_id"
        " WHERE m.chat_id = ? AND m.status IN ('creator', 'administrator')",
        chat["id"],
    )
    shown = [updates.member_json(world.user(row), row["status"], anonymous=bool(row["anonymous"])) for row in rows]
    if chat["bot_status"] == "administrator":
        shown.append(updates.member_json(world.bot_user(call.tx), "administrator"))
    return shown


def leave_chat(call: Call) -> bool:
    chat = sending.target(call)
    if chat["type"] == "private":
        raise bad("chat member status can't be changed in private chats")
    messages.touch_chat(call.tx, chat["id"], bot_status="left")
    me = world.bot_user(call.tx)
    updates.bot_moved(call.tx, chat, me, chat["bot_status"], "left")
    left = messages.chat_row(call.tx, chat["id"])
    if left is not None:
        messages.post(call.tx, left, me, {"left_chat_member": me})
    return True
