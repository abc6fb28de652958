"""How a message of the OA comes about: who gets it, what is in it, whether it may be sent; then it is kept."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.sandbox.store import Json
from bot.sandbox.zalo import events, limits, media, messages, quota, world
from bot.sandbox.zalo.call import Call
from bot.sandbox.zalo.errors import ZaloError

VIETNAM = timezone(timedelta(hours=7))
QUERIES = ("oa.query.show", "oa.query.hide")
REACTIONS = ("/-strong", "/-heart", ":>", "--b", ":-((", ":-h", ":o", "/-remove")


def consultation(call: Call) -> Json:
    """`cs`: to one person, inside the windows."""
    recipient = call.mapping("recipient")
    person = call.person(recipient)
    content, quoted = _content(call, person["id"], group=False)
    charged = quota.charge(call.tx, call.account, person)
    row = _keep(call, person["id"], content, quoted, group=False)
    return {**_sent(call, row), "user_id": person["id"], "quota": charged}


def to_group(call: Call) -> Json:
    """To a group of the OA, while it lives."""
    found = call.group(call.mapping("recipient").get("group_id"))
    if found["state"] != "enabled" or world.lapses(call.tx, found) < call.tx.now:
        raise ZaloError(-237)
    content, quoted = _content(call, found["id"], group=True)
    row = _keep(call, found["id"], content, quoted, group=True)
    return {"message_id": row["msg_id"], "group_id": found["id"], "sent_time": events.stamp(call.tx)}


def promotion(call: Call) -> Json:
    """Barred at night, and no longer offered by day."""
    hour = datetime.fromtimestamp(call.tx.now, UTC).astimezone(VIETNAM).hour
    raise ZaloError(-234 if hour >= 22 or hour < 6 else -209)


def transaction(call: Call) -> Json:
    """No longer offered; templates took its place."""
    raise ZaloError(-209)


def template(call: Call) -> Json:
    """By user id; this OA has no template that was approved."""
    call.person(call.body)
    call.text("template_id")
    raise ZaloError(-249)


def old_message(call: Call) -> Json:
    """What is left of the second version: reactions, and visitors of the web widget. Consultation is shut down."""
    if "anonymous_id" in call.mapping("recipient"):
        return _to_visitor(call)
    action = call.body.get("sender_action")
    if not isinstance(action, dict):
        raise ZaloError(-240)
    person = call.person(call.mapping("recipient"))
    icon, target = action.get("react_icon"), str(action.get("react_message_id") or "")
    row = messages.by_msg_id(call.tx, person["id"], target)
    if icon not in REACTIONS or row is None:
        raise ZaloError(-201, "react_icon or react_message_id is invalid")
    body = messages.content(row)
    messages.rewrite(call.tx, row, {**body, "reaction": "" if icon == "/-remove" else icon})
    return {"message_id": row["msg_id"], "user_id": person["id"]}


def _to_visitor(call: Call) -> Json:
    """Both ids of a visitor are needed; text, an image or a sticker may be sent."""
    recipient = call.mapping("recipient")
    visitor = world.find_person(call.tx, call.text("anonymous_id", recipient))
    if visitor is None or world.conversation_of(visitor) != recipient.get("conversation_id"):
        raise ZaloError(-201, "anonymous_id or conversation_id is invalid")
    content, quoted = _content(call, visitor["id"], group=True)
    row = _keep(call, visitor["id"], content, quoted, group=True)
    return {**_sent(call, row), **recipient}


def _keep(call: Call, chat: str, content: Json, quoted: int | None, *, group: bool) -> sqlite3.Row:
    row = messages.post(call.tx, chat, call.account.oa_id, content, quoted)
    events.echoed(call.tx, call.account, row, call.base, group=group)
    if not group:
        events.receipts(call.tx, call.account, row)
    return row


def _sent(call: Call, row: sqlite3.Row) -> Json:
    return {"message_id": row["msg_id"], "sent_time": events.stamp(call.tx)}


def _content(call: Call, chat: str, *, group: bool) -> tuple[Json, int | None]:
    message = call.mapping("message")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise ZaloError(-201, "text is invalid")
    if len(text) > limits.TEXT_CHARACTERS:
        raise ZaloError(-210, f"text exceeds {limits.TEXT_CHARACTERS} characters")
    attachment = message.get("attachment")
    content: Json = {"text": text} if text else {}
    if attachment is not None:
        content |= _attached(call, attachment, text, group=group)
    if not content:
        raise ZaloError(-201, "text is required")
    return content, _quoted(call, chat, message)


def _quoted(call: Call, chat: str, message: Json) -> int | None:
    wanted = message.get("quote_message_id")
    if not wanted:
        return None
    row = messages.by_msg_id(call.tx, chat, str(wanted))
    if row is None:
        raise ZaloError(-201, "quote_message_id is invalid")
    return int(row["number"])


def _attached(call: Call, attachment: Any, text: str, *, group: bool) -> Json:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise ZaloError(-201, "attachment is invalid")
    payload: Json = attachment["payload"]
    if attachment.get("type") == "file":
        row = media.good(call.tx, call.text("token", payload), ("file",))
        return {"file": {"kind": "file", "id": row["id"]}}
    if attachment.get("type") != "template":
        raise ZaloError(-233)
    kind = payload.get("template_type")
    if kind is None:
        return _buttons(call, payload, text, group=group)
    if kind == "media":
        return _media(call, payload, group=group)
    if kind == "request_user_info" and not group:
        return _request(call, payload)
    raise ZaloError(-233)


def _media(call: Call, payload: Json, *, group: bool) -> Json:
    if payload.get("buttons"):
        raise ZaloError(-233, "media has no buttons")
    element = _only_element(payload)
    kind = element.get("media_type")
    if kind == "sticker":
        sticker = str(element.get("attachment_id") or "")
        if not sticker:
            raise ZaloError(-201, "attachment_id is required")
        return {"sticker": sticker}
    if kind not in ("image", "gif") or (group and kind == "gif"):
        raise ZaloError(-201, "media_type is invalid")
    if kind == "gif" and not (element.get("width") and element.get("height")):
        raise ZaloError(-201, "gif needs width and height")
    if element.get("url") and not element.get("attachment_id"):
        raise ZaloError(-200, "url cannot be downloaded")
    row = media.good(call.tx, call.text("attachment_id", element), (kind,))
    return {"file": {"kind": kind, "id": row["id"]}}


def _request(call: Call, payload: Json) -> Json:
    element = _only_element(payload)
    title, subtitle = call.text("title", element), call.text("subtitle", element)
    if len(title) > limits.INFO_TITLE or len(subtitle) > limits.INFO_SUBTITLE:
        raise ZaloError(-210, "title or subtitle is too long")
    if payload.get("buttons"):
        raise ZaloError(-233)
    call.text("image_url", element)
    return {"request": {"title": title, "subtitle": subtitle}}


def _only_element(payload: Json) -> Json:
    found = payload.get("elements")
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise ZaloError(-201, "elements must have exactly one element")
    element: Json = found[0]
    return element


def _buttons(call: Call, payload: Json, text: str, *, group: bool) -> Json:
    """The documented shape: the text beside, and a payload of nothing but buttons."""
    if group or not limits.read(call.tx)["buttons"]:
        raise ZaloError(-233)
    given = payload.get("buttons")
    if not text or not isinstance(given, list) or not given or set(payload) != {"buttons"}:
        raise ZaloError(-201, "buttons are invalid")
    if len(given) > limits.BUTTONS:
        raise ZaloError(-210, f"at most {limits.BUTTONS} buttons")
    return {"buttons": [_button(call, button) for button in given]}


def _button(call: Call, button: Any) -> Json:
    if not isinstance(button, dict):
        raise ZaloError(-201, "button is invalid")
    title, kind, payload = call.text("title", button), call.text("type", button), button.get("payload")
    if len(title) > limits.TITLE_CHARACTERS:
        raise ZaloError(-210, "title is too long")
    shown = {"title": title, "type": kind}
    if kind in QUERIES:
        if len(call.text("payload", button)) > limits.PAYLOAD_CHARACTERS:
            raise ZaloError(-210, "payload is too long")
        return {**shown, "payload": payload}
    if not isinstance(payload, dict):
        raise ZaloError(-201, "payload is invalid")
    match kind:
        case "oa.open.url":
            if not call.text("url", payload).startswith(("https://", "http://")):
                raise ZaloError(-201, "url is invalid")
        case "oa.open.phone":
            call.text("phone_code", payload)
        case "oa.open.sms":
            call.text("phone_code", payload)
            if len(call.text("content", payload)) > limits.SMS_CHARACTERS:
                raise ZaloError(-210, "content is too long")
        case _:
            raise ZaloError(-201, "type is invalid")
    return {**shown, "payload": payload}
