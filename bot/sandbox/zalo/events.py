"""What the OA's webhook is told: the events that the console knows, each in the shape of the wire."""

import sqlite3

from bot.sandbox import faults
from bot.sandbox.store import Json, Tx, dump
from bot.sandbox.zalo import limits, media, messages, world
from bot.sandbox.zalo.account import Account


def enqueue(tx: Tx, account: Account, name: str, source: str, body: Json) -> None:
    """Queue one event, whose bytes every repeat sends unchanged. A webhook that is off hears nothing."""
    if not tx.fact("zalo_webhook", {"on": True})["on"]:
        return
    whole = {"app_id": account.app_id, "event_name": name, "timestamp": stamp(tx), **body}
    copies, held, forged = 1, 0.0, False
    if faults.any_on(tx):
        for fault in faults.strike(tx, faults.ON_UPDATES, name, faults.ZALO):
            match fault["kind"]:
                case "duplicate":
                    copies = max(copies, fault["value"])
                case "reorder":
                    held = fault["value"] / 1000
                case _:
                    forged = True
    tx.run(
        "INSERT INTO zalo_events (name, source, body, due, copies, held, forged) VALUES (?, ?, ?, ?, ?, ?, ?)",
        name,
        source,
        dump(whole),
        tx.now,
        copies,
        tx.real + held if held else 0,
        int(forged),
    )


def stamp(tx: Tx) -> str:
    """The sandbox's time in milliseconds, as text."""
    return str(int(tx.now * 1000))


def said(tx: Tx, account: Account, person: sqlite3.Row, message: sqlite3.Row, base: str) -> None:
    """`user_send_…`: a person wrote to the OA; `anonymous_send_…`: a visitor of the web widget did."""
    body = messages.content(message)
    told = _message(tx, message, body, base, quotes=True)
    whole: Json = {"sender": {"id": person["id"]}, "recipient": {"id": account.oa_id}}
    if conversation := world.conversation_of(person):
        whole["message"] = {**told, "conversation_id": conversation}
        enqueue(tx, account, f"anonymous_send_{messages.kind(body)}", person["id"], whole)
        return
    named = {"user_id_by_app": person["by_app"], **whole, "message": told}
    enqueue(tx, account, f"user_send_{messages.kind(body)}", person["id"], named)


def pressed(tx: Tx, account: Account, person: sqlite3.Row, msg_id: str, payload: str) -> None:
    """A tap on a hidden button: an ordinary text with the payload, that nobody sees in the chat."""
    whole = {
        "user_id_by_app": person["by_app"],
        "sender": {"id": person["id"]},
        "recipient": {"id": account.oa_id},
        "message": {"msg_id": msg_id, "text": payload},
    }
    enqueue(tx, account, "user_send_text", person["id"], whole)


def said_in_group(tx: Tx, account: Account, message: sqlite3.Row, base: str) -> None:
    """`user_send_group_…`: the recipient is the group, which is why the OA is named apart."""
    in_force = limits.read(tx)
    body = messages.content(message)
    kind = messages.kind(body)
    if kind == "location" and not in_force["group_locations"]:
        return
    whole = {
        "oa_id": account.oa_id,
        "sender": {"id": message["sender"]},
        "recipient": {"id": message["chat"]},
        "message": _message(tx, message, body, base, quotes=in_force["quotes"]),
    }
    enqueue(tx, account, f"user_send_group_{kind}", message["chat"], whole)


def echoed(tx: Tx, account: Account, message: sqlite3.Row, base: str, *, group: bool, agent: str = "") -> None:
    """`oa_send_…`: what the OA said, by its app or by a human agent, if these events are ticked."""
    if not limits.read(tx)["echoes"]:
        return
    body = messages.content(message)
    whole = {
        "oa_id": account.oa_id,
        "sender": {"id": account.oa_id, **({"admin_id": agent} if agent else {})},
        "recipient": {"id": message["chat"]},
        "message": _message(tx, message, body, base, quotes=False),
    }
    enqueue(tx, account, f"oa_send_{'group_' if group else ''}{messages.kind(body)}", message["chat"], whole)


def receipts(tx: Tx, account: Account, message: sqlite3.Row) -> None:
    """The person's phone has it, and shows it; if these events are ticked."""
    if not limits.read(tx)["receipts"]:
        return
    ends = {"sender": {"id": account.oa_id}, "recipient": {"id": message["chat"]}}
    known = {"msg_id": message["msg_id"]}
    enqueue(tx, account, "user_received_message", message["chat"], {**ends, "message": known})
    many = {"msg_ids": [message["msg_id"]]}
    enqueue(tx, account, "user_seen_message", message["chat"], {**ends, "message": many})


def followed(tx: Tx, account: Account, person: sqlite3.Row, *, follows: bool) -> None:
    """`follow` and `unfollow` have neither sender nor message."""
    whole: Json = {
        "oa_id": account.oa_id,
        "follower": {"id": person["id"]},
        "user_id_by_app": person["by_app"],
        "source": "oa_profile",
    }
    enqueue(tx, account, "follow" if follows else "unfollow", person["id"], whole)


def gave_info(tx: Tx, account: Account, person: sqlite3.Row, info: Json) -> None:
    whole = {"sender": {"id": person["id"]}, "recipient": {"id": account.oa_id}, "info": info}
    enqueue(tx, account, "user_submit_info", person["id"], {"user_id_by_app": person["by_app"], **whole})


def clicked(tx: Tx, account: Account, person: sqlite3.Row) -> None:
    whole = {"oa_id": account.oa_id, "user_id": person["id"], "user_id_by_app": person["by_app"]}
    enqueue(tx, account, "user_click_chatnow", person["id"], whole)


def reacted(tx: Tx, account: Account, person: sqlite3.Row, message: sqlite3.Row, icon: str) -> None:
    whole = {
        "sender": {"id": person["id"]},
        "recipient": {"id": account.oa_id},
        "message": {"msg_id": message["msg_id"], "react_icon": icon},
    }
    enqueue(tx, account, "user_reacted_message", person["id"], whole)


def group_changed(tx: Tx, account: Account, name: str, group_id: str, person_id: str) -> None:
    """`create_group`, `user_join_group`, `user_out_group`, `disperse_group` …"""
    whole = {"oa_id": account.oa_id, "sender": {"id": person_id}, "recipient": {"id": group_id}}
    enqueue(tx, account, name, group_id, whole)


def _message(tx: Tx, row: sqlite3.Row, body: Json, base: str, *, quotes: bool) -> Json:
    shown: Json = {"msg_id": row["msg_id"]}
    if body.get("text"):
        shown["text"] = body["text"]
    if attached := _attachment(tx, body, base):
        shown["attachments"] = [attached]
    if row["quoted"] is not None and quotes:
        target = messages.find(tx, row["chat"], row["quoted"])
        if target is not None:
            shown["quote_msg_id"] = target["msg_id"]
    return shown


def _attachment(tx: Tx, body: Json, base: str) -> Json | None:
    if "location" in body:
        place = {name: str(body["location"][name]) for name in ("latitude", "longitude")}
        return {"type": "location", "payload": {"coordinates": place}}
    if "link" in body:
        return {"type": "link", "payload": body["link"]}
    if "business_card" in body:
        return {"type": "business_card", "payload": body["business_card"]}
    if "file" not in body:
        return None
    row = media.find(tx, body["file"]["id"])
    if row is None:
        return None
    address = media.link(base, row)
    payload: Json
    match row["kind"]:
        case "image" | "gif":
            payload = {"url": address, "thumbnail": address}
        case "video":
            payload = {"url": address, "thumbnail": address, "description": ""}
        case "sticker":
            payload = {"url": address, "id": row["id"]}
        case "file":
            suffix = row["name"].rpartition(".")[2]
            payload = {"url": address, "name": row["name"], "size": str(row["size"]), "type": suffix}
            payload["checksum"] = row["digest"][:32]
        case _:
            payload = {"url": address}
    return {"type": row["kind"], "payload": payload}
