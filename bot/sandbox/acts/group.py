"""What people do with groups: members, the bot in it, supergroups, topics; and blocking the bot."""

import sqlite3
from collections.abc import Callable

from bot.sandbox import messages, updates, world
from bot.sandbox.acts.talk import sender_of
from bot.sandbox.acts.wish import Act, present
from bot.sandbox.errors import ActError
from bot.sandbox.store import Json


def _group(act: Act) -> sqlite3.Row:
    chat = act.chat()
    if chat["type"] == "private":
        raise ActError("this works in groups only")
    return chat


def _place_member(act: Act, chat: sqlite3.Row, person: sqlite3.Row, status: str) -> None:
    """Give somebody a new place in a group and tell a bot that is administrator there."""
    old = act.tx.one("SELECT status FROM members WHERE chat_id = ? AND person_id = ?", chat["id"], person["id"])
    act.tx.run(
        "INSERT INTO members (chat_id, person_id, status) VALUES (?, ?, ?)"
        " ON CONFLICT (chat_id, person_id) DO UPDATE SET status = excluded.status, anonymous = 0",
        chat["id"],
        person["id"],
        status,
    )
    messages.touch_chat(act.tx, chat["id"])
    user = world.user(person)
    updates.member_moved(act.tx, chat, user, user, "left" if old is None else old["status"], status)


def _announce(act: Act, chat: sqlite3.Row, sender: Json, content: Json) -> Json:
    message_id = messages.post(act.tx, chat, sender, content)
    updates.tell(act.tx, chat, message_id)
    return {"chat": chat["id"], "message_ids": [message_id]}


def join(act: Act) -> Json:
    chat, person = _group(act), act.person()
    if present(act.tx, chat, person["id"]) is not None:
        raise ActError("already a member")
    _place_member(act, chat, person, "member")
    user = world.user(person)
    return _announce(act, chat, user, {"new_chat_members": [user]})


def leave(act: Act) -> Json:
    return _go(act, act.person(), "left")


def kick(act: Act) -> Json:
    """`person` is put out of the group."""
    return _go(act, act.person(), "kicked")


def _go(act: Act, person: sqlite3.Row, status: str) -> Json:
    chat = _group(act)
    if present(act.tx, chat, person["id"]) is None:
        raise ActError("not a member")
    _place_member(act, chat, person, status)
    user = world.user(person)
    return _announce(act, chat, user, {"left_chat_member": user})


def set_anonymous(act: Act) -> Json:
    """Make a member an administrator who writes as the group, or with `on` false an ordinary member again."""
    chat, person = _group(act), act.person()
    member = present(act.tx, chat, person["id"])
    if member is None:
        raise ActError("not a member")
    wanted = bool(act.wish.get("on", True))
    status = "administrator" if wanted and member["status"] == "member" else member["status"]
    act.tx.run(
        "UPDATE members SET anonymous = ?, status = ? WHERE chat_id = ? AND person_id = ?",
        wanted,
        status,
        chat["id"],
        person["id"],
    )
    messages.touch_chat(act.tx, chat["id"])
    return {"chat": chat["id"]}


def bot_becomes(status: str, must: tuple[str, ...]) -> Callable[[Act], Json]:
    def act_on_bot(act: Act) -> Json:
        chat, old = _group(act), str(_group(act)["bot_status"])
        if old not in must:
            raise ActError(f"the bot is {old} here")
        by = _anybody(act, chat)
        messages.touch_chat(act.tx, chat["id"], bot_status=status)
        updates.bot_moved(act.tx, chat, by, old, status)
        changed = act.chat()
        me = world.bot_user(act.tx)
        if status == "kicked":
            return _announce(act, changed, by, {"left_chat_member": me})
        if old in ("left", "kicked"):
            return _announce(act, changed, by, {"new_chat_members": [me]})
        return {"chat": chat["id"]}

    return act_on_bot


def _anybody(act: Act, chat: sqlite3.Row) -> Json:
    """Who does it: the person of the wish, else whoever made the group."""
    if act.wish.get("person") is not None:
        return world.user(act.person())
    row = act.tx.one(
        "SELECT p.* FROM members m JOIN people p ON p.id = m.person_id WHERE m.chat_id = ? AND m.status"
        " IN ('creator', 'administrator', 'member') ORDER BY m.status = 'creator' DESC LIMIT 1",
        chat["id"],
    )
    if row is None:
        raise ActError("nobody is in this group")
    return world.user(row)


def upgrade(act: Act) -> Json:
    """A group becomes a supergroup with another id; both chats say so."""
    tx, chat = act.tx, _group(act)
    if chat["type"] != "group":
        raise ActError("this is a supergroup already")
    new_id = -1002400000000 - tx.next("supergroups")
    by = _anybody(act, chat)
    tx.run(
        "INSERT INTO chats (id, type, title, started, bot_status, migrated_from, version)"
        " VALUES (?, 'supergroup', ?, 1, ?, ?, ?)",
        new_id,
        chat["title"],
        chat["bot_status"],
        chat["id"],
        tx.bump(),
    )
    tx.run(
        "INSERT INTO members SELECT ?, person_id, status, anonymous FROM members WHERE chat_id = ?",
        new_id,
        chat["id"],
    )
    _announce(act, chat, by, {"migrate_to_chat_id": new_id})
    messages.touch_chat(tx, chat["id"], migrated_to=new_id)
    return _announce(act, act.chat(), messages.ANONYMOUS, {"migrate_from_chat_id": chat["id"]})


def set_topics(act: Act) -> Json:
    """Turn topics on (`on` false: off); the bot becomes administrator unless `promote` is false."""
    chat, wanted = _group(act), bool(act.wish.get("on", True))
    if chat["type"] != "supergroup":
        raise ActError("only a supergroup has topics; upgrade the group first")
    messages.touch_chat(act.tx, chat["id"], is_forum=int(wanted))
    if wanted and act.wish.get("promote", True) and chat["bot_status"] == "member":
        bot_becomes("administrator", ("member",))(act)
    return {"chat": chat["id"]}


def create_topic(act: Act) -> Json:
    chat, person, name = _group(act), act.person(), str(act.need("name"))
    if not chat["is_forum"]:
        raise ActError("topics are not on here")
    sender = sender_of(act.tx, chat, person)
    thread_id = messages.open_topic(act.tx, chat, sender, name)
    updates.tell(act.tx, chat, thread_id)
    return {"chat": chat["id"], "thread": thread_id}


def change_topic(act: Act) -> Json:
    """People change topics too: `closed`, `name`; `delete` takes one away with its messages."""
    chat, thread_id = _group(act), int(act.need("thread"))
    topic = act.tx.one("SELECT * FROM topics WHERE chat_id = ? AND thread_id = ?", chat["id"], thread_id)
    if topic is None:
        raise ActError("no such topic")
    if act.wish.get("delete"):
        act.tx.run("DELETE FROM topics WHERE chat_id = ? AND thread_id = ?", chat["id"], thread_id)
        for row in act.tx.all("SELECT * FROM messages WHERE chat_id = ? AND thread_id = ?", chat["id"], thread_id):
            messages.delete(act.tx, row)
    else:
        act.tx.run(
            "UPDATE topics SET closed = ?, name = ? WHERE chat_id = ? AND thread_id = ?",
            bool(act.wish.get("closed", topic["closed"])),
            str(act.wish.get("name", topic["name"])),
            chat["id"],
            thread_id,
        )
    messages.touch_chat(act.tx, chat["id"])
    return {"chat": chat["id"]}


def set_blocked(wanted: bool) -> Callable[[Act], Json]:
    def act_block(act: Act) -> Json:
        person = act.person()
        chat = messages.chat_row(act.tx, person["id"])
        if chat is None or bool(chat["blocked"]) is wanted:
            raise ActError("nothing to change")
        messages.touch_chat(act.tx, chat["id"], blocked=int(wanted))
        old, new = ("member", "kicked") if wanted else ("kicked", "member")
        updates.bot_moved(act.tx, chat, world.user(person), old, new)
        return {"chat": chat["id"]}

    return act_block


def deactivate(act: Act) -> Json:
    """The person's account is gone; the bot learns it from a refusal."""
    person = act.person()
    act.tx.run("UPDATE people SET deactivated = 1, version = ? WHERE id = ?", act.tx.bump(), person["id"])
    return {"chat": person["id"]}
