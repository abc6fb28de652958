"""What can be seen of Zalo: people, chats and messages that changed, in the shapes that the page knows already."""

import json
import sqlite3
from datetime import UTC, datetime

from bot.sandbox import entities
from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import limits, media, messages, quota, tokens, world
from bot.sandbox.zalo.account import OA_NAME, Account

SNIPPET = 80
MEDIA_KINDS = {"image": "photo", "gif": "photo", "video": "video", "audio": "voice", "file": "document"}
MEDIA_KINDS["sticker"] = "sticker"
REACTIONS = {"/-strong": "👍", "/-heart": "❤️", ":>": "😄", "--b": "😂", ":-((": "😢", ":-h": "😠", ":o": "😮"}


def about(tx: Tx, owner: Account) -> Json:
    """The account: webhook, tokens, quota."""
    webhook = tx.fact("zalo_webhook", {"url": "", "on": False, "error": ""})
    waiting, in_force = tx.one("SELECT COUNT(*) AS n FROM zalo_events"), limits.read(tx)
    return {
        "id": owner.oa_id,
        "name": OA_NAME,
        "webhook": webhook,
        "pending": 0 if waiting is None else waiting["n"],
        "tokens": tokens.seen(tx),
        "quota": quota.used(tx),
        "windows": {"free_hours": in_force["free_hours"], "last_hours": in_force["last_hours"]},
    }


def people(tx: Tx, since: int) -> list[Json]:
    rows = tx.all("SELECT * FROM zalo_people WHERE version > ? ORDER BY id", since)
    return [{"id": row["id"], "name": row["name"], "deactivated": False, "platform": "zalo"} for row in rows]


def chats(tx: Tx, since: int, wanted: list[str] | None) -> list[Json]:
    """Chats with the OA, and its groups. `wanted` narrows; None means all."""
    found = [_private(row) for row in tx.all("SELECT * FROM zalo_people WHERE version > ?", since)]
    found += [_group(tx, row) for row in tx.all("SELECT * FROM zalo_groups WHERE version > ?", since)]
    return [chat for chat in found if wanted is None or chat["id"] in wanted]


def said(tx: Tx, owner: Account, since: int, wanted: list[str] | None, root: str) -> list[Json]:
    rows = tx.all("SELECT * FROM zalo_messages WHERE version > ? ORDER BY version", since)
    return [_message(tx, owner, row, root) for row in rows if wanted is None or row["chat"] in wanted]


def _private(row: sqlite3.Row) -> Json:
    return _chat(
        row["id"],
        "private",
        row["name"],
        bot_status="member",
        started=row["last_at"] is not None or bool(row["follows"]),
        blocked=bool(row["blocked"]),
        follows=bool(row["follows"]),
        asleep=bool(row["asleep"]),
        last_at=None if row["last_at"] is None else _time(row["last_at"]),
    )


def _group(tx: Tx, row: sqlite3.Row) -> Json:
    until = world.lapses(tx, row)
    alive = row["state"] == "enabled" and until >= tx.now
    members = [
        {"person": one["id"], "name": one["name"], "status": "administrator" if one["status"] == "admin" else "member"}
        for one in world.members(tx, row["id"])
    ]
    return _chat(
        row["id"],
        "group",
        row["name"],
        bot_status="member" if row["state"] != "deleted" else "left",
        started=True,
        blocked=False,
        members=[{**member, "anonymous": False} for member in members],
        alive=alive,
        lapses=None if until == float("inf") else _time(until),
    )


def _chat(chat_id: str, kind: str, title: str, **more: object) -> Json:
    plain: Json = {"migrated_to": None, "migrated_from": None, "typing": False, "keyboard": None, "is_forum": False}
    return {"id": chat_id, "platform": "zalo", "type": kind, "title": title, "members": [], "topics": []} | plain | more


def _message(tx: Tx, owner: Account, row: sqlite3.Row, root: str) -> Json:
    body = messages.content(row)
    words = str(body.get("text", ""))
    marks = [mark for mark in entities.detect(words, []) if mark["type"] in ("url", "email", "phone_number")]
    reaction = body.get("reaction", "")
    request = body.get("request")
    return {
        "chat": row["chat"],
        "platform": "zalo",
        "message_id": row["number"],
        "msg_id": row["msg_id"],
        "thread": None,
        "date": _time(row["date"]),
        "version": row["version"],
        "deleted": False,
        "from": _sender(tx, owner, row, body),
        "anonymous": False,
        "edited": None,
        "text": words,
        "entities": marks,
        "html": entities.to_html(words, marks),
        "media": _media(tx, body, root),
        "group": None,
        "location": body.get("location"),
        "venue": None,
        "contact": _card(body),
        "request": request,
        "buttons": [[_button(button)] for button in body.get("buttons", [])],
        "reply_to": _quoted(tx, owner, row),
        "service": _service(body),
        "reaction": REACTIONS.get(reaction, reaction),
        "pinned": False,
        "forwarded": False,
    }


def _sender(tx: Tx, owner: Account, row: sqlite3.Row, body: Json) -> Json:
    if row["sender"] == owner.oa_id:
        return {"id": owner.oa_id, "name": OA_NAME, "is_bot": not body.get("agent", False)}
    person = world.find_person(tx, row["sender"])
    return {"id": row["sender"], "name": "" if person is None else person["name"], "is_bot": False}


def _button(button: Json) -> Json:
    """As the page knows buttons: what is pressed has `callback_data`, what is opened a `url`."""
    shown: Json = {"text": button["title"], "kind": button["type"]}
    match button["type"]:
        case "oa.open.url":
            return {**shown, "url": button["payload"]["url"]}
        case "oa.open.phone" | "oa.open.sms":
            return {**shown, "phone": button["payload"]["phone_code"]}
        case _:
            return {**shown, "callback_data": button["payload"]}


def _service(body: Json) -> Json | None:
    found = body.get("service")
    return None if found is None else {"kind": f"zalo_{found['kind']}", "value": found["name"]}


def _card(body: Json) -> Json | None:
    card = body.get("business_card")
    if card is None:
        return None
    return {"first_name": body.get("text", ""), "phone_number": json.loads(card["description"])["phone"]}


def _media(tx: Tx, body: Json, root: str) -> Json | None:
    if isinstance(body.get("sticker"), str):
        return None
    row = media.find(tx, body.get("file", {}).get("id", ""))
    if row is None:
        return None
    address = f"{root}/zalo/media/{row['id']}"
    return {
        "kind": MEDIA_KINDS[row["kind"]],
        "url": address,
        "thumb": address,
        "name": row["name"],
        "size": row["size"],
        "width": row["width"] or None,
        "height": row["height"] or None,
    }


def _quoted(tx: Tx, owner: Account, row: sqlite3.Row) -> Json | None:
    target = None if row["quoted"] is None else messages.find(tx, row["chat"], row["quoted"])
    if target is None:
        return None
    body = messages.content(target)
    kind = messages.kind(body)
    return {
        "message_id": target["number"],
        "name": _sender(tx, owner, target, body)["name"],
        "text": str(body.get("text", ""))[:SNIPPET],
        "kind": MEDIA_KINDS.get(kind, kind),
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
