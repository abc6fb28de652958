"""The methods of the Bot API that the sandbox knows, as one table."""

import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

from bot.sandbox import limits, media, messages, sending, updates, world
from bot.sandbox.call import Call, Upload
from bot.sandbox.entities import utf16
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.store import Json, dump

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
# The reactions a civil servant would use; the platform's list is longer.
REACTIONS = frozenset("👍👎❤🔥👏😁🤔🎉🙏👌😢👀✍🤝💯⚡🆒🫡")
DELETABLE_SECONDS = 48 * 3600
INPUT_MEDIA = ("photo", "video", "document")


def get_me(call: Call) -> Json:
    return {
        **world.bot_user(call.tx),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


# -- receiving -----------------------------------------------------------------------------------------------


def set_webhook(call: Call) -> bool:
    """As the local Bot API server does, plain http is accepted."""
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return delete_webhook(call)
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
        raise bad("bad webhook: invalid webhook URL specified")
    if len(secret) > 256 or not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters" if len(secret) <= 256 else "secret token is too long")
    connections = call.integer("max_connections") or 40
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
    remember_kinds(call)
    _drop_pending(call)
    call.tx.keep_fact("webhook", {"url": url, "secret": secret, "max_connections": connections})
    call.tx.keep_fact("webhook_error", None)
    # A new address is tried at once, whatever the old one had earned.
    call.tx.run("UPDATE updates SET due = ?, attempts = 0 WHERE attempts > 0", call.tx.real)
    return True


def remember_kinds(call: Call) -> None:
    """Keep `allowed_updates`; leaving it out keeps the previous list."""
    wanted = call.data("allowed_updates")
    if wanted is None:
        return
    if not isinstance(wanted, list):
        raise bad("can't parse allowed_updates: expected an Array of String")
    call.tx.keep_fact("allowed_updates", [kind for kind in updates.KINDS if kind in wanted] if wanted else [])


def _drop_pending(call: Call) -> None:
    if call.flag("drop_pending_updates"):
        call.tx.run("DELETE FROM updates")


def delete_webhook(call: Call) -> bool:
    _drop_pending(call)
    call.tx.keep_fact("webhook", None)
    return True


def get_webhook_info(call: Call) -> Json:
    tx = call.tx
    webhook, error = tx.fact("webhook"), tx.fact("webhook_error")
    pending = tx.one("SELECT COUNT(*) AS n FROM updates WHERE expires >= ?", tx.now)
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0 if pending is None else pending["n"],
    }
    if webhook:
        info |= {
            "url": webhook["url"],
            "max_connections": webhook["max_connections"],
            "ip_address": "127.0.0.1",
        }
        if error:
            info |= {"last_error_date": error["date"], "last_error_message": error["message"]}
    if kinds := tx.fact("allowed_updates", []):
        info["allowed_updates"] = kinds
    return info


# -- sending -------------------------------------------------------------------------------------------------


def _written(call: Call) -> Json:
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
    return sending.send(call, [_written(call)])[0]


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


def _send_file(kind: str) -> Callable[[Call], Json]:
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
    contents = [{**_item(call, item), "media_group_id": group} for item in items]
    return sending.send(call, contents)


def _item(call: Call, item: Json) -> Json:
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


# -- changing what was sent ----------------------------------------------------------------------------------


def edit_message_text(call: Call) -> Json:
    chat, row = sending.own_message(call)
    if "text" not in json.loads(row["body"]):
        raise bad("there is no text in the message to edit")
    return sending.edit(call, chat, row, _written(call), ("text", "entities", "link_preview_options"))


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
    return sending.edit(call, chat, row, _item(call, item), gone)


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


# -- files and chats -----------------------------------------------------------------------------------------


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


# -- topics --------------------------------------------------------------------------------------------------


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


def _close(closed: bool) -> Callable[[Call], bool]:
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


# -- what the bot says about itself --------------------------------------------------------------------------


def _keep(parameter: str, most: int, empty: object = "") -> Callable[[Call], bool]:
    def method(call: Call) -> bool:
        value = call.data(parameter) if isinstance(empty, list) else call.text(parameter)
        if len(value or "") > most:
            raise bad(f"{parameter} is too long")
        facts = call.tx.fact(f"about:{parameter}", {})
        scope = dump([call.data("scope"), call.text("language_code")])
        call.tx.keep_fact(f"about:{parameter}", {**facts, scope: value or empty})
        return True

    return method


def _tell(parameter: str, empty: object = "") -> Callable[[Call], Any]:
    def method(call: Call) -> Any:
        scope = dump([call.data("scope"), call.text("language_code")])
        value = call.tx.fact(f"about:{parameter}", {}).get(scope, empty)
        return value if isinstance(empty, list) else {parameter: value}

    return method


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendPhoto": _send_file("photo"),
    "sendVideo": _send_file("video"),
    "sendDocument": _send_file("document"),
    "sendVoice": _send_file("voice"),
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageMedia": edit_message_media,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_message,
    "setMessageReaction": set_reaction,
    "answerCallbackQuery": answer_callback,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "createForumTopic": create_topic,
    "editForumTopic": edit_topic,
    "closeForumTopic": _close(True),
    "reopenForumTopic": _close(False),
    "setMyCommands": _keep("commands", 100, []),
    "getMyCommands": _tell("commands", []),
    "setMyName": _keep("name", 64),
    "getMyName": _tell("name"),
    "setMyDescription": _keep("description", 512),
    "getMyDescription": _tell("description"),
    "setMyShortDescription": _keep("short_description", 120),
    "getMyShortDescription": _tell("short_description"),
}
# Methods are found whatever their case, as on the platform.
BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}
