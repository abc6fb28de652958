"""What people in the sandbox can do with their phones; each act is one row of a table."""

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import entities, limits, media, messages, updates, world
from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError, ApiError
from bot.sandbox.store import Json, Tx

TEXT_CUT = 4096
PERSON_FILE_BYTES = 64 * 1024 * 1024
LIVE_SECONDS = 900


@dataclass
class Act:
    """One wish of somebody: who, where, what, and the files that came along."""

    tx: Tx
    wish: Json
    files: list[Upload] = field(default_factory=list)

    def need(self, name: str) -> Any:
        if self.wish.get(name) is None:
            raise ActError(f"{name} is missing")
        return self.wish[name]

    def person(self) -> sqlite3.Row:
        return world.person(self.tx, int(self.need("person")))

    def chat(self, *, follow: bool = True) -> sqlite3.Row:
        """The chat of the wish; an upgraded group leads to the supergroup it became."""
        row = messages.chat_row(self.tx, int(self.need("chat")))
        if row is None:
            raise ActError(f"no such chat: {self.wish['chat']}")
        if follow and row["migrated_to"] is not None:
            moved = messages.chat_row(self.tx, row["migrated_to"])
            return row if moved is None else moved
        return row


def present(tx: Tx, chat: sqlite3.Row, person_id: int) -> sqlite3.Row | None:
    """Somebody's membership of a group, if it lasts."""
    return tx.one(
        "SELECT * FROM members WHERE chat_id = ? AND person_id = ?"
        " AND status IN ('member', 'administrator', 'creator')",
        chat["id"],
        person_id,
    )


# -- talking -------------------------------------------------------------------------------------------------


def _say(act: Act, contents: list[Json]) -> Json:
    """Post for a person and tell the bot; gives the ids of the new messages."""
    chat, person = act.chat(), act.person()
    sender = _sender(act.tx, chat, person)
    thread_id = _thread(act, chat)
    if chat["type"] == "private":
        messages.touch_chat(act.tx, chat["id"], started=1, keyboard=_keyboard_after_use(chat))
    ids = []
    for content in contents:
        ids.append(messages.post(act.tx, chat, sender, content, thread_id=thread_id, reply_to=_reply_to(act, chat)))
        updates.tell(act.tx, chat, ids[-1])
    return {"chat": chat["id"], "message_ids": ids}


def _sender(tx: Tx, chat: sqlite3.Row, person: sqlite3.Row) -> Json:
    if chat["type"] == "private":
        if chat["id"] != person["id"]:
            raise ActError("this is somebody else's private chat")
        if chat["blocked"]:
            raise ActError("the bot is blocked here; unblock it first")
        return world.user(person)
    member = present(tx, chat, person["id"])
    if member is None:
        raise ActError(f"{person['first_name']} is not a member of this group")
    return messages.ANONYMOUS if member["anonymous"] else world.user(person)


def _keyboard_after_use(chat: sqlite3.Row) -> str | None:
    """A one-time keyboard hides once something was sent."""
    shown: str | None = chat["keyboard"]
    if shown is not None and json.loads(shown).get("one_time_keyboard"):
        return None
    return shown


def _thread(act: Act, chat: sqlite3.Row) -> int | None:
    thread_id = act.wish.get("thread")
    if thread_id is None or not chat["is_forum"]:
        return None
    topic = act.tx.one("SELECT * FROM topics WHERE chat_id = ? AND thread_id = ?", chat["id"], int(thread_id))
    if topic is None:
        raise ActError("no such topic")
    return int(topic["thread_id"])


def _reply_to(act: Act, chat: sqlite3.Row) -> int | None:
    wanted = act.wish.get("reply_to")
    if wanted is None:
        return None
    if messages.find(act.tx, chat["id"], int(wanted)) is None:
        raise ActError("the message to answer is gone")
    return int(wanted)


def _words(text: str, name: str = "text") -> Json:
    words, _ = entities.trim(text, [])
    marks = entities.detect(words, [])
    label = "entities" if name == "text" else "caption_entities"
    return {name: words, **({label: marks} if marks else {})} if words else {}


def text(act: Act) -> Json:
    """Long texts leave the phone in several messages, as the apps do."""
    words = str(act.need("text")).strip()
    if not words:
        raise ActError("a text is not empty")
    pieces, rest = [], words
    while rest:
        piece = rest[:TEXT_CUT]
        while entities.utf16(piece) > limits.TEXT_UNITS:
            piece = piece[:-1]
        pieces.append(piece)
        rest = rest[len(piece) :]
    return _say(act, [_words(piece) for piece in pieces])


def start(act: Act) -> Json:
    payload = str(act.wish.get("payload") or "")
    act.wish["text"] = f"/start {payload}".strip()
    return text(act)


def photo(act: Act) -> Json:
    """One photo, or an album; the caption stands under the first."""
    return _album(act, [media.keep_photo(act.tx, media.sizes(upload.data)) for upload in _uploads(act)])


def document(act: Act) -> Json:
    """Files as they are, with whatever metadata they carry."""
    kept = [media.keep_file(act.tx, "document", up.data, up.mime, up.name) for up in _uploads(act)]
    return _album(act, kept)


def video(act: Act) -> Json:
    kept = [
        media.keep_file(act.tx, "video", up.data, up.mime, up.name, width=320, height=240, duration=2)
        for up in _uploads(act)
    ]
    return _album(act, kept)


def voice(act: Act) -> Json:
    upload = _uploads(act)[0]
    return _say(act, [media.keep_file(act.tx, "voice", upload.data, "audio/ogg", None, duration=2)])


def sticker(act: Act) -> Json:
    upload = _uploads(act)[0]
    content = media.keep_file(act.tx, "sticker", upload.data, "image/webp", None, width=512, height=512)
    return _say(act, [content])


def _uploads(act: Act) -> list[Upload]:
    if not act.files:
        raise ActError("name a sample or send a file")
    if any(len(upload.data) > PERSON_FILE_BYTES for upload in act.files):
        raise ActError("a file of the sandbox is at most 64 MB")
    return act.files


def _album(act: Act, contents: list[Json]) -> Json:
    if len(contents) > limits.ALBUM[-1]:
        raise ActError("an album has at most ten items")
    contents[0] |= _words(str(act.wish.get("caption") or ""), "caption")
    if len(contents) > 1:
        group = str(13_000_000_000_000_000 + secrets.randbelow(10**15))
        contents = [{**content, "media_group_id": group} for content in contents]
    return _say(act, contents)


def _place(act: Act) -> Json:
    place: Json = {"latitude": float(act.need("lat")), "longitude": float(act.need("lon"))}
    if not (-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180):
        raise ActError("latitude lies between -90 and 90, longitude between -180 and 180")
    if act.wish.get("accuracy") is not None:
        place["horizontal_accuracy"] = float(act.wish["accuracy"])
    return place


def location(act: Act) -> Json:
    return _say(act, [{"location": _place(act)}])


def live_location(act: Act) -> Json:
    """A location that keeps moving: later places come as edits of the same message (`move_live`)."""
    return _say(act, [{"location": {**_place(act), "live_period": LIVE_SECONDS}}])


def move_live(act: Act) -> Json:
    chat, row, body = _own(act)
    if "live_period" not in body.get("location", {}):
        raise ActError("this is no live location")
    return _edited(act, chat, row, {**body, "location": {**body["location"], **_place(act)}})


def venue(act: Act) -> Json:
    place = _place(act)
    shown = {"location": place, "title": str(act.need("title")), "address": str(act.need("address"))}
    return _say(act, [{"location": place, "venue": shown}])


def contact(act: Act) -> Json:
    person = act.person()
    shown = {"phone_number": "+84900000000", "first_name": person["first_name"], "user_id": person["id"]}
    return _say(act, [{"contact": shown}])


def edit(act: Act) -> Json:
    """Change the words of one's own message (its text, or the caption of a photo)."""
    chat, row, body = _own(act)
    name = "text" if "text" in body else "caption"
    gone = (name, "entities", "caption_entities")
    kept = {key: value for key, value in body.items() if key not in gone}
    return _edited(act, chat, row, kept | _words(str(act.need("text")), name))


def _own(act: Act) -> tuple[sqlite3.Row, sqlite3.Row, Json]:
    chat = act.chat()
    row = messages.find(act.tx, chat["id"], int(act.need("message")))
    if row is None or row["sender_id"] not in (act.person()["id"], messages.ANONYMOUS["id"]):
        raise ActError("people change only their own messages")
    return chat, row, json.loads(row["body"])


def _edited(act: Act, chat: sqlite3.Row, row: sqlite3.Row, body: Json) -> Json:
    messages.rewrite(act.tx, row, {**body, "edit_date": int(act.tx.now)})
    updates.tell(act.tx, chat, row["message_id"], "edited_message")
    return {"chat": chat["id"], "message_ids": [row["message_id"]]}


def delete(act: Act) -> Json:
    """The bot is not told: the platform does not report deletions."""
    chat = act.chat()
    row = messages.find(act.tx, chat["id"], int(act.need("message")))
    if row is None:
        raise ActError("the message is gone already")
    messages.delete(act.tx, row)
    return {"chat": chat["id"]}


def press(act: Act) -> Json:
    """Press an inline button; one left behind in a group that moved belongs to the old chat still.

    With `forge` any data goes out for any message, as a changed app may do.
    """
    tx, chat, person = act.tx, act.chat(follow=False), act.person()
    message_id, data = int(act.need("message")), str(act.need("data"))
    forged = bool(act.wish.get("forge"))
    if not forged:
        _sender(tx, chat, person)
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


# -- groups --------------------------------------------------------------------------------------------------


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


def _bot_becomes(status: str, must: tuple[str, ...]) -> Callable[[Act], Json]:
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
        _bot_becomes("administrator", ("member",))(act)
    return {"chat": chat["id"]}


def create_topic(act: Act) -> Json:
    chat, person, name = _group(act), act.person(), str(act.need("name"))
    if not chat["is_forum"]:
        raise ActError("topics are not on here")
    sender = _sender(act.tx, chat, person)
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


# -- a person and the bot ------------------------------------------------------------------------------------


def _block(wanted: bool) -> Callable[[Act], Json]:
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


ACTS: dict[str, Callable[[Act], Json]] = {
    "text": text,
    "start": start,
    "photo": photo,
    "document": document,
    "video": video,
    "voice": voice,
    "sticker": sticker,
    "location": location,
    "live_location": live_location,
    "move_live": move_live,
    "venue": venue,
    "contact": contact,
    "edit": edit,
    "delete": delete,
    "press": press,
    "join": join,
    "leave": leave,
    "kick": kick,
    "set_anonymous": set_anonymous,
    "add_bot": _bot_becomes("member", ("left", "kicked")),
    "remove_bot": _bot_becomes("kicked", updates.PRESENT),
    "promote_bot": _bot_becomes("administrator", ("member",)),
    "demote_bot": _bot_becomes("member", ("administrator",)),
    "upgrade": upgrade,
    "set_topics": set_topics,
    "create_topic": create_topic,
    "change_topic": change_topic,
    "block": _block(True),
    "unblock": _block(False),
    "deactivate": deactivate,
}


def perform(tx: Tx, wish: Json, files: list[Upload]) -> Json:
    """Do what the wish says. Raises ActError when it cannot be done, in words for the one who asked."""
    act = ACTS.get(str(wish.get("act")))
    if act is None:
        raise ActError(f"unknown act: {wish.get('act')}")
    try:
        return act(Act(tx, dict(wish), files))
    except ApiError as refusal:
        raise ActError(refusal.description) from refusal
    except (TypeError, ValueError) as fault:
        raise ActError("a number is written wrongly") from fault
