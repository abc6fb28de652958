"""What people say: texts, photos, files, places; and what they do to their own messages."""

import json
import secrets
import sqlite3

from bot.sandbox import entities, limits, media, messages, updates, world
from bot.sandbox.acts.wish import Act, present
from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Tx

TEXT_CUT = 4096
PERSON_FILE_BYTES = 64 * 1024 * 1024
LIVE_SECONDS = 900


def say(act: Act, contents: list[Json]) -> Json:
    """Post for a person and tell the bot; gives the ids of the new messages."""
    chat, person = act.chat(), act.person()
    sender = sender_of(act.tx, chat, person)
    thread_id = _thread(act, chat)
    if chat["type"] == "private":
        messages.touch_chat(act.tx, chat["id"], started=1, keyboard=_keyboard_after_use(chat))
    ids = []
    for content in contents:
        ids.append(messages.post(act.tx, chat, sender, content, thread_id=thread_id, reply_to=_reply_to(act, chat)))
        updates.tell(act.tx, chat, ids[-1])
    return {"chat": chat["id"], "message_ids": ids}


def sender_of(tx: Tx, chat: sqlite3.Row, person: sqlite3.Row) -> Json:
    if chat["type"] == "private":
        if chat["id"] != person["id"]:
            raise ActError("this is somebody else's private chat")
        if chat["blocked"]:
            raise ActError("the bot is blocked here; unblock it first")
        return world.user(person)
    member = present(tx, chat, person["id"])
    if member is None:
        raise ActError("this person is not a member of this group")
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
    return say(act, [_words(piece) for piece in pieces])


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
    return say(act, [media.keep_file(act.tx, "voice", upload.data, "audio/ogg", None, duration=2)])


def sticker(act: Act) -> Json:
    upload = _uploads(act)[0]
    content = media.keep_file(act.tx, "sticker", upload.data, "image/webp", None, width=512, height=512)
    return say(act, [content])


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
    return say(act, contents)


def _place(act: Act) -> Json:
    place: Json = {"latitude": float(act.need("lat")), "longitude": float(act.need("lon"))}
    if not (-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180):
        raise ActError("latitude lies between -90 and 90, longitude between -180 and 180")
    if act.wish.get("accuracy") is not None:
        place["horizontal_accuracy"] = float(act.wish["accuracy"])
    return place


def location(act: Act) -> Json:
    return say(act, [{"location": _place(act)}])


def live_location(act: Act) -> Json:
    """A location that keeps moving: later places come as edits of the same message (`move_live`)."""
    return say(act, [{"location": {**_place(act), "live_period": LIVE_SECONDS}}])


def move_live(act: Act) -> Json:
    chat, row, body = _own(act)
    if "live_period" not in body.get("location", {}):
        raise ActError("this is no live location")
    return _edited(act, chat, row, {**body, "location": {**body["location"], **_place(act)}})


def venue(act: Act) -> Json:
    place = _place(act)
    shown = {"location": place, "title": str(act.need("title")), "address": str(act.need("address"))}
    return say(act, [{"location": place, "venue": shown}])


def contact(act: Act) -> Json:
    person = act.person()
    shown = {"phone_number": "+84900000000", "first_name": person["first_name"], "user_id": person["id"]}
    return say(act, [{"contact": shown}])


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
