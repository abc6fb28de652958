"""What the bot is told: which updates it may see, kept in one queue per source until it has taken them."""

import json
import sqlite3

from bot.sandbox import faults, limits, messages, world
from bot.sandbox.store import Json, Tx, dump

KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
)
# Bot API, setWebhook: these come only when asked for by name.
ASKED_FOR = ("chat_member", "message_reaction", "message_reaction_count")
PRESENT = ("member", "administrator", "creator")
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def tell(tx: Tx, chat: sqlite3.Row, message_id: int, kind: str = "message") -> None:
    """Queue a message for the bot, if it is there to see it and privacy mode lets it."""
    if chat["bot_status"] not in PRESENT or chat["blocked"]:
        return
    message = messages.wire(tx, chat, message_id)
    if sees(tx, chat, message):
        enqueue(tx, kind, message, f"message:{chat['id']}")


def sees(tx: Tx, chat: sqlite3.Row, message: Json) -> bool:
    """Privacy mode: of ordinary talk in a group the bot gets what is meant for it and nothing else."""
    if chat["type"] == "private" or chat["bot_status"] == "administrator":
        return True
    if any(name in message for name in messages.SERVICE):
        return True
    answered = message.get("reply_to_message", {})
    if answered.get("from", {}).get("id") == world.bot_id(tx):
        return True
    return _addressed(message)


def _addressed(message: Json) -> bool:
    text = str(message.get("text", message.get("caption", "")))
    units = text.encode("utf-16-le", "surrogatepass")
    me = f"@{world.BOT_USERNAME}".lower()
    marks: list[Json] = message.get("entities") or message.get("caption_entities") or []
    for entity in marks:
        begin, length = entity["offset"], entity["length"]
        covered = units[begin * 2 : (begin + length) * 2].decode("utf-16-le", "replace").lower()
        if entity["type"] == "mention" and covered == me:
            return True
        # A command for nobody in particular is for every bot; with one bot in the group that is this one.
        if entity["type"] == "bot_command" and ("@" not in covered or covered.endswith(me)):
            return True
    return False


def enqueue(tx: Tx, kind: str, payload: Json, source: str, lifetime: float | None = None) -> None:
    """Queue one update, if the bot asked for its kind. Faults may double it or let others overtake it."""
    if kind not in allowed(tx):
        return
    in_force = limits.read(tx)
    copies, held = 1, 0.0
    if faults.any_on(tx):
        for fault in faults.strike(tx, faults.ON_UPDATES, kind):
            if fault["kind"] == "duplicate":
                copies = max(copies, fault["value"])
            else:
                held = fault["value"] / 1000
    tx.run(
        "INSERT INTO updates (kind, source, payload, due, expires, copies, overtakable) VALUES (?, ?, ?, ?, ?, ?, ?)",
        kind,
        source,
        dump(payload),
        tx.real + held,
        tx.now + (lifetime or in_force["update_seconds"]),
        copies,
        held > 0,
    )


def allowed(tx: Tx) -> tuple[str, ...]:
    """The kinds that the bot gets: its own list, else everything that need not be asked for."""
    asked: list[str] = tx.fact("allowed_updates", [])
    return tuple(asked) if asked else tuple(kind for kind in KINDS if kind not in ASKED_FOR)


def drop_expired(tx: Tx) -> None:
    tx.run("DELETE FROM updates WHERE expires < ?", tx.now)


def shape(row: sqlite3.Row) -> Json:
    """A queued row as the wire's `Update`."""
    return {"update_id": row["update_id"], row["kind"]: json.loads(row["payload"])}


def member_json(user: Json, status: str, *, anonymous: bool = False) -> Json:
    """Somebody's place in a chat as the wire's `ChatMember`."""
    shown: Json = {"user": user, "status": status}
    match status:
        case "creator":
            shown["is_anonymous"] = anonymous
        case "administrator":
            shown |= dict.fromkeys(RIGHTS, True) | {"can_be_edited": False, "is_anonymous": anonymous}
        case "kicked":
            shown["until_date"] = 0
    return shown


def bot_moved(tx: Tx, chat: sqlite3.Row, by: Json, old: str, new: str) -> None:
    """`my_chat_member`: the bot was added, promoted, removed, blocked or unblocked."""
    me = world.bot_user(tx)
    enqueue(tx, "my_chat_member", _moved(tx, chat, by, me, old, new), f"my_chat_member:{chat['id']}")


def member_moved(tx: Tx, chat: sqlite3.Row, by: Json, who: Json, old: str, new: str) -> None:
    """`chat_member`: told only to a bot that is administrator there."""
    if chat["bot_status"] == "administrator":
        enqueue(tx, "chat_member", _moved(tx, chat, by, who, old, new), f"chat_member:{chat['id']}")


def _moved(tx: Tx, chat: sqlite3.Row, by: Json, who: Json, old: str, new: str) -> Json:
    return {
        "chat": messages.chat_json(tx, chat),
        "from": by,
        "date": int(tx.now),
        "old_chat_member": member_json(who, old),
        "new_chat_member": member_json(who, new),
    }
