"""Methods by which the bot says something: text, files, albums, places, copies."""

import json
import secrets
import sqlite3
from collections.abc import Callable

from bot.sandbox import limits, media, messages, sending
from bot.sandbox.call import Call, Upload
from bot.sandbox.entities import utf16
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.store import Json

INPUT_MEDIA = ("photo", "video", "document")
CHAT_ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def written(call: Call) -> Json:
    words, marks = call.formatted("text", "entities")
    if not words:
        raise bad("message text is empty")
    if utf16(words) > limits.TEXT_UNITS:
        raise bad("message is too long")
    content: Json = {"text": words}
    if marks:
        content["entities"] = marks
    if preview := call.mapping("link_preview_options"):
        content["link_preview_options"] = preview
    return content


def send_message(call: Call) -> Json:
    return sending.send(call, [written(call)])[0]


def _file(call: Call, kind: str, reference: object, source: Json) -> Json:
    """Content of a photo, video, document or voice: uploaded with the call, or known by its file id."""
    upload = _upload(call, kind, reference)
    if upload is None:
        if str(reference).startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        if not reference:
            raise bad(f"there is no {kind} in the request")
        return media.again(call.tx, kind, str(reference))
    if kind == "photo":
        return media.keep_photo(call.tx, media.sizes(upload.data))
    numbers = {name: int(source.get(name) or default) for name, default in _NUMBERS.get(kind, {}).items()}
    mime = _MIMES.get(kind, upload.mime)
    return media.keep_file(call.tx, kind, upload.data, mime, upload.name, **numbers)


_NUMBERS = {"video": {"width": 320, "height": 240, "duration": 1}, "voice": {"duration": 1}}


# What these are is the platform's word, not the sender's.
_MIMES = {"video": "video/mp4", "voice": "audio/ogg"}


def _upload(call: Call, kind: str, reference: object) -> Upload | None:
    name = str(reference).removeprefix("attach://") if str(reference).startswith("attach://") else kind
    if reference and name == kind:
        return None
    upload = call.files.get(name)
    if upload is None and name != kind:
        raise bad(f'can\'t find field "{name}" with the attached file')
    if upload is not None and len(upload.data) > limits.FILE_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return upload


def send_file(kind: str) -> Callable[[Call], Json]:
    def method(call: Call) -> Json:
        sending.target(call)
        content = _file(call, kind, call.params.get(kind), call.params)
        return sending.send(call, [{**content, **call.caption()}])[0]

    return method


def send_media_group(call: Call) -> list[Json]:
    sending.target(call)
    items = call.data("media")
    if not isinstance(items, list) or not items:
        raise bad("there are no messages to send")
    if len(items) not in limits.ALBUM:
        raise bad("an album has 2-10 items" if len(items) < 2 else "too many messages to send as an album")
    kinds = {str(item.get("type")) if isinstance(item, dict) else "" for item in items}
    if not kinds <= set(INPUT_MEDIA):
        raise bad("can't parse InputMedia: media type is not supported")
    if "document" in kinds and len(kinds) > 1:
        raise bad("document can't be mixed with other media types")
    if call.params.get("reply_markup"):
        raise bad("reply markup is not supported for albums")
    group = str(13_000_000_000_000_000 + secrets.randbelow(10**15))
    contents = [{**item_of(call, item), "media_group_id": group} for item in items]
    return sending.send(call, contents)


def item_of(call: Call, item: Json) -> Json:
    return {**_file(call, str(item["type"]), item.get("media"), item), **call.caption(item)}


def _place(call: Call) -> Json:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("wrong location coordinates specified")
    return {"latitude": latitude, "longitude": longitude}


def send_location(call: Call) -> Json:
    return sending.send(call, [{"location": _place(call)}])[0]


def send_venue(call: Call) -> Json:
    place, title, address = _place(call), call.text("title"), call.text("address")
    if not title or not address:
        raise bad("venue title and address must be non-empty")
    venue = {"location": place, "title": title, "address": address}
    return sending.send(call, [{"location": place, "venue": venue}])[0]


def send_chat_action(call: Call) -> bool:
    chat, action = sending.target(call), call.text("action")
    if action not in CHAT_ACTIONS:
        raise bad("wrong parameter action in request")
    messages.touch_chat(call.tx, chat["id"], action=action, action_at=call.tx.real)
    return True


def _source(call: Call) -> tuple[sqlite3.Row, sqlite3.Row]:
    chat = sending.known(call, "from_chat_id")
    row = messages.find(call.tx, chat["id"], call.integer("message_id"))
    if row is None:
        raise bad(f"message to {'copy' if 'caption' in call.params else 'forward'} not found")
    return chat, row


def _content(row: sqlite3.Row) -> Json:
    outer = (
        "from",
        "sender_chat",
        "reply_markup",
        "message_thread_id",
        "is_topic_message",
        "edit_date",
        "media_group_id",
    )
    body: Json = json.loads(row["body"])
    return {name: value for name, value in body.items() if name not in outer and not name.startswith("_")}


def copy_message(call: Call) -> Json:
    _, row = _source(call)
    content = _content(row)
    if "caption" in call.params:
        content = {name: value for name, value in content.items() if not name.startswith("caption")} | call.caption()
    return {"message_id": sending.send(call, [content])[0]["message_id"]}


def forward_message(call: Call) -> Json:
    _, row = _source(call)
    origin = {"type": "user", "date": row["date"], "sender_user": json.loads(row["body"])["from"]}
    return sending.send(call, [{**_content(row), "forward_origin": origin}])[0]
